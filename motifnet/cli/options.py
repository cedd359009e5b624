"""Command-line options made from the option declarations of :mod:`motifnet.config`."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import annotated_types
import click
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from motifnet.config.stage import NAMES_FILE, Config, Short, refused
from motifnet.strand import Strand

REPEATABLE = " Can be given several times."
"""What help says of an option of several values."""

Chosen = TypeVar("Chosen", bound=Config)


class InputPath(click.Path):
    """A file or folder that is read: ``-`` is standard input, and a pipe is as good as a file."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, allow_dash=True)


class InputText(click.ParamType):
    """Text that names a file which is read, or says something else."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text itself, whose meaning is decided where it is read."""
        return str(value)


def flag(name: str) -> str:
    """How an option is written on the command line.

    Examples
    --------
    >>> flag("n_filters")
    '--n-filters'
    """
    return "--" + name.replace("_", "-")


def config_options(config: type[Config]) -> Iterator[click.Option]:
    """A click option for every option that is declared, in their order."""
    for stage in config.stages().values():
        for name, field in stage.model_fields.items():
            yield _option(name, field)


def read_config(config: type[Chosen], values: Mapping[str, Any], asked: Iterable[str] = ()) -> Chosen:
    """The config that the values of a command's options make.

    Parameters
    ----------
    config : type of Config
    values : mapping of str to object
        Of all options.
    asked : iterable of str
        Options that were given, though it be their defaults.

    Raises
    ------
    InvalidValue
        If two options do not go together.
    """
    chosen = {
        stage: {name: values[name] for name in declared.model_fields}
        for stage, declared in config.stages().items()
    }
    try:
        made = config.model_validate(chosen)
    except ValidationError as problem:
        raise refused(problem) from None
    return made.model_copy(update={name: stage.asked_for(asked) for name, stage in made})


def _option(name: str, field: FieldInfo) -> click.Option:
    annotation, many = _unwrapped(field.annotation)
    if annotation is bool:
        names = [f"{flag(name)}/--no-{flag(name)[2:]}", name]
        return click.Option(names, default=field.default, help=field.description)
    short = [f"-{mark}" for mark in field.metadata if isinstance(mark, Short)]
    return click.Option(
        [*short, flag(name), name],
        type=_click_type(annotation, field),
        default=str(field.default) if isinstance(field.default, Strand) else field.default,
        multiple=many,
        show_default=not many and field.default is not None,
        help=f"{field.description}{REPEATABLE if many else ''}",
    )


def _unwrapped(annotation: Any) -> tuple[Any, bool]:
    """The type of one value, and whether there may be several."""
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0], True
    if get_origin(annotation) in (Union, types.UnionType):
        return next(part for part in get_args(annotation) if part is not type(None)), False
    return annotation, False


def _click_type(annotation: Any, field: FieldInfo) -> Any:
    if get_origin(annotation) is Literal:
        words = [str(word) for word in get_args(annotation)]
        return click.Choice(words)
    if annotation is Path:
        return InputPath()
    if NAMES_FILE in field.metadata:
        return InputText()
    if annotation in (int, float) and field.metadata:
        return _range(annotation, field)
    return annotation


def _range(annotation: type, field: FieldInfo) -> click.ParamType:
    limits: dict[str, Any] = {}
    for bound in field.metadata:
        if isinstance(bound, (annotated_types.Ge, annotated_types.Gt)):
            limits |= {"min": getattr(bound, "ge", None), "min_open": False}
            if isinstance(bound, annotated_types.Gt):
                limits |= {"min": bound.gt, "min_open": True}
        if isinstance(bound, (annotated_types.Le, annotated_types.Lt)):
            limits |= {"max": getattr(bound, "le", None), "max_open": False}
            if isinstance(bound, annotated_types.Lt):
                limits |= {"max": bound.lt, "max_open": True}
    return (click.IntRange if annotation is int else click.FloatRange)(**limits)
