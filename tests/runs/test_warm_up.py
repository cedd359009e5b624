"""Warming up compiles all that commands compile with their defaults, and keeps it."""

import os
import subprocess
import sys
from typing import get_args

import pytest

from motifnet.config.warm_up import WarmCommand, WarmUpConfig
from motifnet.errors import UnwritableFolder
from motifnet.runs import warm_up as module
from motifnet.runs.warm_up import warm_up
from tests.cli.calls import CALLS, write_inputs

_COUNTING = """
import sys
import motifnet.kernels.compiling
from motifnet.cli import main
from motifnet.progress import compilation
begun, compilation.begins = [], lambda: begun.append(1)
compilation.ends = lambda: None
try:
    main(sys.argv[1:])
finally:
    print("compiled:", len(begun))
"""


def counted(arguments, folder, kernels):
    """How many functions a command compiles."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(kernels)}
    command = [sys.executable, "-c", _COUNTING, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return int(done.stdout.rpartition("compiled:")[2])


def own_call(name):
    """The call of a command with an output that no other writes; the end of a file says how it is written."""
    call = CALLS[name]
    return call.of(f"{name}-{call.output}")


def test_every_command_that_it_knows_has_a_job():
    assert list(module._JOBS) == list(get_args(WarmCommand))


def test_one_command_is_warmed_by_itself(tmp_path):
    write_inputs(tmp_path)
    kernels = tmp_path / "kernels"
    assert counted(["warm-up", "-q", "--commands", "scan"], tmp_path, kernels) > 0
    assert counted(CALLS["scan"].of(), tmp_path, kernels) == 0


@pytest.mark.slow
def test_after_it_no_command_compiles_anything(tmp_path):
    write_inputs(tmp_path)
    kernels = tmp_path / "kernels"
    assert counted(["warm-up", "-q"], tmp_path, kernels) > 0
    of_each = {name: counted(own_call(name), tmp_path, kernels) for name in get_args(WarmCommand)}
    assert of_each == dict.fromkeys(get_args(WarmCommand), 0)


def test_where_nothing_can_be_kept_it_does_nothing(monkeypatch):
    monkeypatch.setattr(module, "kernel_folder", lambda: None)
    with pytest.raises(UnwritableFolder, match="NUMBA_CACHE_DIR"):
        warm_up(WarmUpConfig())
