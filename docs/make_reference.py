"""Make the reference of the command line from the declarations of its options.

Run this after an option has changed, from anywhere::

    python docs/make_reference.py

It writes ``docs/reference/cli.md``; a test compares what is committed with what it would write.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import click

from motifnet.cli import group
from motifnet.cli.command import Command
from motifnet.cli.options import REPEATABLE
from motifnet.models.build import MODELS
from motifnet.models.family_options import FamilyOptions
from motifnet.ties import FILTER_TIES

PAGE = Path(__file__).parent / "reference" / "cli.md"
_KINDS = {"path": "path", "text": "text", "integer": "integer", "float": "number"}
_HEAD = """\
# Command line

<!-- Made by docs/make_reference.py from the declarations of the options: change those, not this page. -->

`motifnet COMMAND --help` prints the same. Every command ends with exit code 0 when it did what was
asked, 2 with one line on standard error when an input or an option is wrong, and 130 after Ctrl-C.
"""


def page() -> str:
    """The whole page."""
    with click.Context(group, info_name="motifnet", **group.context_settings) as context:
        commands = group.all_commands()
        parts = [_command(name, command, context) for name, command in commands.items()]
    return "\n".join([_HEAD, _all_options(commands), *parts])


def _command(name: str, command: Command, parent: click.Context) -> str:
    """A command: what it does, how it is called, its options."""
    with click.Context(command, parent=parent, info_name=name) as context:
        usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    told = [inspect.cleandoc(command.help), *([command.epilog] if command.epilog else [])]
    tables = [_table(title, options) for title, options in command.sections()]
    tables += [*_ties_of_filters(command), *_families(command)]
    return "\n".join([f"## motifnet {name}", "", f"    {usage}", "", "\n\n".join(told), "", *tables])


def _all_options(commands: Mapping[str, Command]) -> str:
    """A table of the options of all commands, by name: which have them, and what differs between these."""
    of_all: dict[str, dict[str, click.Option]] = {}
    for name, command in commands.items():
        for option in command.params:
            if isinstance(option, click.Option):
                of_all.setdefault(option.opts[-1], {})[name] = option
    rows = [_shared_row(of_all[flag], len(commands)) for flag in sorted(of_all)]
    heading = ["## All options", "", "An option means the same in every command that has it.", ""]
    return "\n".join(
        [*heading, "| option | commands | value | default | what |", "|---|---|---|---|---|", *rows, ""]
    )


def _shared_row(options: Mapping[str, click.Option], n_commands: int) -> str:
    """A row of an option: the commands that have it, and what it takes."""
    having = "all" if len(options) == n_commands else ", ".join(options)
    one = next(iter(options.values()))
    cells = [
        _flags(one),
        having,
        _by_command(_values, options),
        _by_command(_default, options),
        _sentence(one),
    ]
    return f"| {' | '.join(cells)} |"


def _by_command(told: Callable[[click.Option], str], options: Mapping[str, click.Option]) -> str:
    """What is told of an option, once if it is the same in all commands, or else with their names."""
    names: dict[str, list[str]] = {}
    for name, option in options.items():
        names.setdefault(told(option), []).append(name)
    if len(names) == 1:
        return next(iter(names))
    return "; ".join(f"{one} ({', '.join(some)})" for one, some in names.items())


def _sentence(option: click.Option) -> str:
    return option.help.removesuffix(REPEATABLE)


def _families(command: Command) -> Iterator[str]:
    """Tables of the options that each family of networks alone has, for a command that takes them."""
    if "family_option" in {option.name for option in command.params}:
        for name in MODELS:
            yield _family(name, MODELS[name].own_options)


def _ties_of_filters(command: Command) -> Iterator[str]:
    """A table of the ties of filters, for a command that puts filters under ties."""
    if {"tie", "n_filters"} <= {option.name for option in command.params}:
        rows = [f"| `{name}` | {_arguments(name)} | {_first_line(name)} |" for name in FILTER_TIES]
        heading = ["### NAME and ARGUMENT of `--tie`", ""]
        told = [
            "One argument without a default may be left open: the width of the filter settles it.",
            "",
        ]
        yield "\n".join([*heading, *told, "| NAME | ARGUMENT | what |", "|---|---|---|", *rows, ""])


def _arguments(name: str) -> str:
    parameters = inspect.signature(FILTER_TIES[name]).parameters.values()
    defaults = [
        f"`{one.name}`" if one.default is inspect.Parameter.empty else f"`{one.name}` ({one.default})"
        for one in parameters
    ]
    return ", ".join(defaults)


def _first_line(name: str) -> str:
    return inspect.getdoc(FILTER_TIES[name]).splitlines()[0].replace("``", "`")


def _family(name: str, own: type[FamilyOptions]) -> str:
    defaults = dict(pair.split("=", 1) for pair in own().as_text())
    rows = [
        f"| `{option}` | {own.told_values(option)} | `{defaults[option]}` | {field.description} |"
        for option, field in own.model_fields.items()
    ]
    heading = [f"### NAME and VALUE of `--family-option` with `--family {name}`", ""]
    return "\n".join([*heading, "| NAME | VALUE | default | what |", "|---|---|---|---|", *rows, ""])


def _table(title: str, options: Sequence[click.Option]) -> str:
    rows = [
        f"| {_flags(option)} | {_values(option)} | {_default(option)} | {option.help} |" for option in options
    ]
    return "\n".join(
        [f"### {title}", "", "| option | value | default | what |", "|---|---|---|---|", *rows, ""]
    )


def _flags(option: click.Option) -> str:
    return ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])


def _values(option: click.Option) -> str:
    """What an option takes, in words."""
    if option.is_flag:
        return "switch"
    if isinstance(option.type, click.Choice):
        return ", ".join(f"`{choice}`" for choice in option.type.choices)
    if isinstance(option.type, (click.IntRange, click.FloatRange)):
        return _range(option.type)
    return _KINDS[option.type.name]


def _range(limits: click.IntRange | click.FloatRange) -> str:
    kind = "integer" if isinstance(limits, click.IntRange) else "number"
    bounds = []
    if limits.min is not None:
        bounds.append(f"more than {limits.min:g}" if limits.min_open else f"{limits.min:g} or more")
    if limits.max is not None:
        bounds.append(f"less than {limits.max:g}" if limits.max_open else f"at most {limits.max:g}")
    return ", ".join([kind, *bounds])


def _default(option: click.Option) -> str:
    if option.required:
        return "required"
    if option.is_flag:
        return "on" if option.default is True else "off"
    if option.multiple and option.default:
        return ", ".join(f"`{value}`" for value in option.default)
    return f"`{option.default}`" if option.show_default else "not given"


if __name__ == "__main__":
    PAGE.write_text(page())
