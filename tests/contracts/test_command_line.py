"""The contract of commands: each says what it reads and writes, and tells all of its options.

Commands are found in their folder, so that a new one is tried without an edit here; what is promised of
their files, pipes and ends is tested in ``tests/cli``, over the short calls of all of them.
"""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from motifnet.cli import group
from motifnet.cli.command import Command
from motifnet.cli.options import flag
from motifnet.config.stage import Config
from tests.cli.calls import CALLS

COMMANDS = group.all_commands()
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def declared(name):
    """The options that are declared in the config of a command."""
    stages = COMMANDS[name].config.stages().values()
    return [option for stage in stages for option in stage.model_fields]


def test_commands_are_found_and_each_has_a_short_call():
    assert len(COMMANDS) >= 10
    assert set(CALLS) == set(COMMANDS), "commands and the calls of tests/cli/calls.py differ"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_reads_and_writes(name):
    command = COMMANDS[name]
    assert isinstance(command, Command)
    kinds = {type(parameter.type).__name__ for parameter in command.params}
    assert ("OutputPath" in kinds) == bool(CALLS[name].output)
    assert "Path" not in kinds, "a path that is neither read nor written"


@pytest.mark.parametrize("name", COMMANDS)
def test_options_are_declared_once_and_have_a_sentence(name):
    command = COMMANDS[name]
    assert issubclass(command.config, Config)
    assert len(declared(name)) == len(set(declared(name))) >= 1
    for stage in command.config.stages().values():
        for option, field in stage.model_fields.items():
            assert field.description.endswith("."), option


@pytest.mark.parametrize("name", COMMANDS)
def test_help_tells_every_option(name):
    shown = CliRunner().invoke(group, [*name.split(), "--help"])
    assert shown.exit_code == 0
    assert shown.output.startswith(f"Usage: group {name} ")
    assert "<=None" not in shown.output
    options = {flag(option) for option in declared(name)}
    assert options <= set(re.findall(r"--[a-z0-9-]+", shown.output))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_reference_tells_every_option(name):
    sections = re.split(r"^## ", REFERENCE.read_text(), flags=re.MULTILINE)
    (section,) = (text for text in sections if text.startswith(f"motifnet {name}\n"))
    told = re.findall(r"^\| .*?`(--[a-z0-9-]+)`", section, re.MULTILINE)
    assert {flag(option) for option in declared(name)} <= set(told)
    assert len(told) == len(set(told))
    assert ("--overwrite" in told) == bool(CALLS[name].output)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_has_a_line_of_it(name):
    *groups, own = name.split()
    listed = CliRunner().invoke(group, [*groups, "--help"]).output
    assert re.search(rf"^ +{own} +\w.*", listed, re.MULTILINE)
