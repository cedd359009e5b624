"""Options that one family of networks has and others have not: declared beside it, given as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from pydantic import ValidationError

from motifnet.config.stage import Stage
from motifnet.config.train import ModelOptions
from motifnet.errors import InvalidValue, UnknownName

_KINDS = {bool: "switch", float: "number", int: "integer", str: "word"}


class FamilyOptions(Stage):
    """The options of a family; each has a default.

    A family subclasses it and names the subclass as its
    :attr:`~motifnet.models.network.Network.own_options`. Text of several values has commas between them.

    Examples
    --------
    >>> class Options(FamilyOptions):
    ...     widths: tuple[int, ...] = (3, 5)
    ...     dropout: float = 0.1
    >>> some = Options.of(ModelOptions(family="deep", family_option=("widths=7,9",)))
    >>> some.widths, some.as_text()
    ((7, 9), ('widths=7,9', 'dropout=0.1'))
    """

    @classmethod
    def of(cls, options: ModelOptions) -> Self:
        """The options of this family among all model options, defaults included.

        Raises
        ------
        UnknownName
            If the family has no such option.
        InvalidValue
            If an option has no value, has two, or has one that it cannot have.
        """
        given = _given(options)
        for name in given:
            if name not in cls.model_fields:
                raise UnknownName(f"option of the family {options.family!r}", name, cls.model_fields)
        try:
            return cls.model_validate({name: cls._values(name, text) for name, text in given.items()})
        except ValidationError as problem:
            first = problem.errors()[0]
            name = str(first["loc"][0])
            expected = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
            raise InvalidValue(f"{name} of the family {options.family!r}", given[name], expected) from None

    def as_text(self) -> tuple[str, ...]:
        """Every option as ``NAME=VALUE``: what :meth:`of` reads."""
        return tuple(f"{name}={_text(value)}" for name, value in self)

    @classmethod
    def told_values(cls, name: str) -> str:
        """What an option takes, in words.

        Examples
        --------
        >>> class Options(FamilyOptions):
        ...     widths: tuple[int, ...] = (3, 5)
        ...     kind: Literal["max", "mean"] = "max"
        >>> Options.told_values("widths"), Options.told_values("kind")
        ('integers with commas between them', '`max`, `mean`')
        """
        annotation = cls.model_fields[name].annotation
        if get_origin(annotation) is Literal:
            return ", ".join(f"`{choice}`" for choice in get_args(annotation))
        if get_origin(annotation) is tuple:
            return f"{_KINDS[_plain(get_args(annotation)[0])]}s with commas between them"
        return _KINDS[_plain(annotation)]

    @classmethod
    def _values(cls, name: str, text: str) -> str | list[str]:
        if get_origin(cls.model_fields[name].annotation) is not tuple:
            return text
        return text.split(",") if text else []


def _given(options: ModelOptions) -> Mapping[str, str]:
    """Text of each option that was given."""
    found: dict[str, str] = {}
    for name, text in _pairs(options):
        if name in found:
            raise InvalidValue(f"{name} of the family {options.family!r}", text, "one value; it has another")
        found[name] = text
    return found


def _pairs(options: ModelOptions) -> Iterator[tuple[str, str]]:
    for one in options.family_option:
        name, equals, text = one.partition("=")
        if not equals:
            raise InvalidValue("family_option", one, "NAME=VALUE, such as dropout=0.2")
        yield name.strip().replace("-", "_"), text.strip()


def _plain(annotation: Any) -> type:
    """The type itself of one with bounds."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
