"""Options come from their declarations, once; help is quick and imports nothing heavy."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest
from click.testing import CliRunner

from motifnet.cli import group
from motifnet.cli.options import read_config
from motifnet.config.train import TrainConfig
from motifnet.errors import InvalidValue


def test_a_command_without_options_has_the_declared_defaults(monkeypatch, tmp_path):
    seen = []

    def remember(targets, output, config, **_):
        seen.append(config)
        raise InvalidValue("run", "none", "no run in this test")

    monkeypatch.setattr("motifnet.runs.train.train", remember)
    CliRunner().invoke(group, ["train", str(tmp_path), "-o", str(tmp_path / "run")])
    assert seen == [TrainConfig()]


def test_options_that_do_not_go_together():
    values = {name: value for stage in TrainConfig().model_dump().values() for name, value in stage.items()}
    with pytest.raises(InvalidValue, match=r"min_width is 20; expected at most max_width \(10\)"):
        read_config(TrainConfig, {**values, "min_width": 20, "max_width": 10})


def test_help_is_quick_and_light():
    code = (
        "import sys\nfrom motifnet.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'matplotlib', 'numba', 'pydantic', 'numpy', 'sklearn', "
        "'logomaker', 'pandas', 'pysam', 'Bio'} & sys.modules.keys()\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "motifnet", "--help"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 0.3
