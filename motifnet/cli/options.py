"""Command-line options made from the option declarations of :mod:`motifnet.config`."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import annotated_types
import click
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from motifnet.cli.command import InputPath, InputText
from motifnet.config import NAMES_FILE, Stage
from motifnet.errors import InvalidValue

Config = TypeVar("Config", bound=Stage)


def flag(name: str) -> str:
    """How an option is written on the command line.

    Examples
    --------
    >>> flag("n_filters")
    '--n-filters'
    """
    return "--" + name.replace("_", "-")


def stages(config: type[Stage]) -> Iterator[tuple[str, type[Stage]]]:
    """The groups of options of a command, by name."""
    for name, field in config.model_fields.items():
        yield name, field.annotation


def config_options(config: type[Stage]) -> Callable[[Callable], Callable]:
    """Decorator that gives a command one option for every declared one."""

    def decorate(command: Callable) -> Callable:
        for _, stage in reversed(list(stages(config))):
            for name, field in reversed(stage.model_fields.items()):
                command = _option(name, field)(command)
        return command

    return decorate


def read_config(config: type[Config], values: Mapping[str, Any]) -> Config:
    """The config that the values of a command's options make.

    Raises
    ------
    InvalidValue
        If two options do not go together.
    """
    chosen = {
        stage: {name: values[name] for name in declared.model_fields} for stage, declared in stages(config)
    }
    try:
        return config.model_validate(chosen)
    except ValidationError as problem:
        raise _as_ours(problem) from None


def _as_ours(problem: ValidationError) -> InvalidValue:
    """The first problem; one that a validator of ours found is an error of ours already."""
    first = problem.errors()[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InvalidValue):
        return cause
    return InvalidValue(str(first["loc"][-1]), first["input"], first["msg"].removeprefix("Input should be "))


def _option(name: str, field: FieldInfo) -> Callable[[Callable], Callable]:
    annotation, many = _unwrapped(field.annotation)
    if annotation is bool:
        return click.option(
            f"{flag(name)}/--no-{flag(name)[2:]}", name, default=field.default, help=field.description
        )
    return click.option(
        flag(name),
        name,
        type=_click_type(annotation, field),
        default=field.default,
        multiple=many,
        show_default=not many and field.default is not None,
        help=field.description + (" Can be given several times." if many else ""),
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
        return click.Choice(get_args(annotation))
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
