"""The grammar of options: a name means the same in every command that has it, and is declared once.

All options of all commands are looked at, those that a command has beside its config among them, so that a
new one is tried without an edit here.
"""

from collections import defaultdict

import click
import pytest

from motifnet.cli import group
from motifnet.cli.options import REPEATABLE
from tests.cli.calls import CALLS

COMMANDS = group.all_commands()
WORDS_DIFFER = {"--format": "each command writes formats of its own"}
DEFAULTS_DIFFER = {
    "--background": "a scan learns it, a conversion keeps it, and simulate has --gc",
    "--background-order": "p-values of scan are those of FIMO, whose background has order 0",
    "--format": "each command writes formats of its own",
    "--max-e": "train tells what is significant, enrich a list to read, compare goes by its q-value",
    "--max-q": "scan goes by its p-value unless it is asked",
    "--pseudocount": "a conversion changes nothing unasked, known motifs need little, and learning more",
    "--strand": "sites that are given to profile are cut on their own strand",
    "--window": "where sets are compared, their middles are; where sites are looked for, all of a peak",
}


def of_all():
    """Every option by name, and of each the commands that have it."""
    found = defaultdict(dict)
    for name, command in COMMANDS.items():
        for option in command.params:
            if isinstance(option, click.Option):
                found[option.opts[-1]][name] = option
    return dict(found)


OPTIONS = of_all()
SHARED = {name: options for name, options in OPTIONS.items() if len(options) > 1}


def kind(option):
    """What an option takes, but for which words."""
    if option.is_flag:
        return "switch", *option.secondary_opts
    if isinstance(option.type, (click.IntRange, click.FloatRange)):
        limits = option.type
        return type(limits), limits.min, limits.min_open, limits.max, limits.max_open
    if option.type.name in ("choice", "text"):
        return "words"
    return option.type.name


def sentences(name):
    """The sentence of an option in each declaration, as the very object that was declared."""
    field = name[2:].replace("-", "_")
    for command in COMMANDS.values():
        for stage in command.config.stages().values():
            if field in stage.model_fields:
                yield stage.model_fields[field].description


def test_all_options_are_found():
    assert len(COMMANDS) >= 11
    assert len(OPTIONS) >= 100
    assert len(SHARED) >= 25
    assert sum(len(list(sentences(name))) > 1 for name in SHARED) >= 20


@pytest.mark.parametrize("name", SHARED)
def test_a_name_means_the_same_in_every_command(name):
    options = SHARED[name].values()
    assert len({option.help.removesuffix(REPEATABLE) for option in options}) == 1
    assert len({kind(option) for option in options}) == 1
    assert len({tuple(option.opts) for option in options}) == 1


@pytest.mark.parametrize("name", [name for name in SHARED if name not in WORDS_DIFFER])
def test_it_takes_the_same_words_as_often(name):
    options = SHARED[name].values()
    assert len({tuple(getattr(option.type, "choices", ())) for option in options}) == 1
    assert len({option.multiple for option in options}) == 1


def test_defaults_differ_for_a_reason_alone():
    differ = {
        name
        for name, options in SHARED.items()
        if len({str(option.default) for option in options.values()}) > 1
    }
    assert differ == DEFAULTS_DIFFER.keys()


@pytest.mark.parametrize("name", SHARED)
def test_what_commands_share_is_declared_once(name):
    declared = list(sentences(name))
    assert len({id(sentence) for sentence in declared}) <= 1


def test_a_letter_stands_for_one_option():
    letters = defaultdict(set)
    for name, options in OPTIONS.items():
        for option in options.values():
            for short in option.opts[:-1]:
                letters[short].add(name)
    assert letters == {
        "-o": {"--output"},
        "-q": {"--quiet"},
        "-j": {"--threads"},
        "-g": {"--genome"},
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_told_where_to_write_and_how_loud_to_be(name):
    flags = {flag for option in COMMANDS[name].params for flag in option.opts}
    assert {"-q", "--quiet"} <= flags
    writing = {"-o", "--output", "--overwrite"}
    assert writing & flags == (writing if CALLS[name].output else set())
