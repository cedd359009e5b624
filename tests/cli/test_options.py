"""Options come from their declarations, once; help is quick and imports nothing heavy."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest
from click.testing import CliRunner

from motifnet.cli import group
from motifnet.cli.options import flag, read_config
from motifnet.config.train import TrainConfig
from motifnet.errors import InvalidValue

DECLARED = [name for stage in TrainConfig.stages().values() for name in stage.model_fields]


def test_every_declared_option_is_an_option_of_train():
    assert len(DECLARED) == len(set(DECLARED)) > 30
    known = {option for parameter in group.get_command(None, "train").params for option in parameter.opts}
    assert {flag(name) for name in DECLARED} <= known


def test_a_command_without_options_has_the_declared_defaults(monkeypatch):
    seen = []

    def remember(targets, output, config, **_):
        seen.append(config)
        raise InvalidValue("run", "none", "no run in this test")

    monkeypatch.setattr("motifnet.runs.train.train", remember)
    CliRunner().invoke(group, ["train", "in.fa", "-o", "run"])
    assert seen == [TrainConfig()]


def test_options_that_do_not_go_together():
    values = {name: value for stage in TrainConfig().model_dump().values() for name, value in stage.items()}
    with pytest.raises(InvalidValue, match=r"min_width is 20; expected at most max_width \(10\)"):
        read_config(TrainConfig, {**values, "min_width": 20, "max_width": 10})


@pytest.mark.parametrize("command", group.list_commands(None))
def test_help_of_each_command(command):
    shown = CliRunner().invoke(group, [command, "--help"])
    assert shown.exit_code == 0
    assert "Usage: " in shown.output
    assert "<=None" not in shown.output


def test_help_is_quick_and_light():
    code = (
        "import sys\nfrom motifnet.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'matplotlib', 'numba', 'pydantic', 'numpy', 'sklearn'} & sys.modules.keys()\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "motifnet", "--help"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 0.3
