"""Make the reference of the command line from the declarations of its options.

Run this after an option has changed, from anywhere::

    python docs/make_reference.py

It writes ``docs/reference/cli.md``; a test compares what is committed with what it would write.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from motifnet.cli import group
from motifnet.cli.command import Command
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
    with click.Context(group, info_name="motifnet") as context:
        names = group.list_commands(context)
        parts = [_command(name, group.get_command(context, name), context) for name in names]
    return "\n".join([_HEAD, *parts])


def _command(name: str, command: Command, parent: click.Context) -> str:
    """A command: what it does, how it is called, its options."""
    with click.Context(command, parent=parent, info_name=name) as context:
        usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    told = [inspect.cleandoc(command.help), *([command.epilog] if command.epilog else [])]
    tables = [_table(title, options) for title, options in _groups(command)]
    tables += [*_ties_of_filters(command), *_families(command)]
    return "\n".join([f"## motifnet {name}", "", f"    {usage}", "", "\n\n".join(told), "", *tables])


def _groups(command: Command) -> Iterator[tuple[str, list[click.Option]]]:
    """The options of a command: its own, then those of each stage of its config, under what that is for."""
    options = {option.name: option for option in command.params if isinstance(option, click.Option)}
    stages = command.config.stages().values()
    declared = {name for stage in stages for name in stage.model_fields}
    yield "The run.", [option for name, option in options.items() if name not in declared]
    for stage in stages:
        yield inspect.getdoc(stage).partition("\n\n")[0], [options[name] for name in stage.model_fields]


def _families(command: Command) -> Iterator[str]:
    """Tables of the options that each family of networks alone has, for a command that takes them."""
    if "model_option" in {option.name for option in command.params}:
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
    heading = [f"### NAME and VALUE of `--model-option` with `--model {name}`", ""]
    return "\n".join([*heading, "| NAME | VALUE | default | what |", "|---|---|---|---|", *rows, ""])


def _table(title: str, options: Sequence[click.Option]) -> str:
    rows = [
        f"| {_flags(option)} | {_values(option)} | {_default(option)} | {option.help} |" for option in options
    ]
    heading = [f"### {title.rstrip('.')}", ""] if title else []
    return "\n".join([*heading, "| option | value | default | what |", "|---|---|---|---|", *rows, ""])


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
