"""Which filters of a network are under which tie, as the option ``tie`` says."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Self

from motifnet.config.train import ModelOptions
from motifnet.errors import InvalidValue, UnknownName
from motifnet.ties.library import FILTER_TIES
from motifnet.ties.tie import Tie

_TEXT = re.compile(r"(?P<name>[^,:=()\s]+)(?P<arguments>(?:,[^,:]*)*)(?::(?P<count>[^:]*))?")
_FORM = "NAME, NAME:FILTERS or NAME,ARGUMENT=NUMBER:FILTERS, such as inverted_repeat,spacer=3:4"
_LARGEST = 64  # of an argument, as wide as the widest filter


class FilterTie(NamedTuple):
    """A tie of a filter, and how many filters are under it.

    Parameters
    ----------
    name : str
        The name with the arguments that were given; empty where filters are free.
    tie : Tie or None
        Of one filter, ``(4, width)``; ``None`` where filters are free.
    n_filters : int or None
        So many filters; ``None`` for all that others leave.
    """

    name: str
    tie: Tie | None
    n_filters: int | None


FREE = FilterTie("", None, None)
"""No tie."""


@dataclass(frozen=True)
class FilterTies:
    """The ties of the filters of a network, whose first filters are under the first of them, and so on.

    Parameters
    ----------
    groups : tuple of FilterTie
        At most the last one is of all filters that others leave.

    Examples
    --------
    >>> ties = FilterTies.of(ModelOptions(tie=("inverted_repeat,spacer=4:2",), n_filters=8))
    >>> [ties.of_filter(number).name for number in (0, 1, 2)]
    ['inverted_repeat,spacer=4', 'inverted_repeat,spacer=4', '']
    >>> ties.bank(8, 24).n_free
    688
    """

    groups: tuple[FilterTie, ...]

    @classmethod
    def of(cls, options: ModelOptions) -> Self:
        """The ties that options ask for; filters that none is asked for are free.

        Raises
        ------
        UnknownName
            If no tie of a filter has the name, or it has no such argument.
        InvalidValue
            If the text cannot be read, an argument has a value that it cannot have, no filter of that width
            can obey the tie, there are more filters under ties than filters, or two ties ask for all.
        """
        return cls(_groups(options.tie, options.n_filters, options.filter_width))

    @property
    def n_counted(self) -> int:
        """Filters that are counted out to ties: those that come first."""
        return sum(group.n_filters or 0 for group in self.groups)

    def first(self, group: int) -> int:
        """The first filter of a group, counted from 0."""
        return sum(one.n_filters or 0 for one in self.groups[:group])

    def without(self, used: Iterable[int]) -> Self:
        """The same groups with a filter less for each time that one is named by its place."""
        gone = Counter(used)
        return type(self)(
            tuple(
                one if one.n_filters is None else one._replace(n_filters=one.n_filters - gone[place])
                for place, one in enumerate(self.groups)
            )
        )

    def of_filter(self, number: int) -> FilterTie:
        """What a filter, counted from 0, is under."""
        for group, one in enumerate(self.groups):
            if one.n_filters is None or number < self.first(group) + one.n_filters:
                return one
        return FREE

    def bank(self, n_filters: int, width: int) -> Tie:
        """The tie of so many filters together, ``(n_filters, 4, width)``."""
        free = Tie.untied((4, width))
        return Tie.stack([self.of_filter(number).tie or free for number in range(n_filters)])


ALL_FREE = FilterTies((FREE,))
"""No filter under a tie."""


@cache
def _groups(asked: tuple[str, ...], n_filters: int, width: int) -> tuple[FilterTie, ...]:
    read = [_read(text, width) for text in asked]
    counted = [one for one in read if one.n_filters is not None]
    rest = [one for one in read if one.n_filters is None]
    n_counted = sum(one.n_filters or 0 for one in counted)
    if len(rest) > 1:
        raise InvalidValue("tie", rest[1].name, f"NAME:FILTERS: {rest[0].name!r} takes all that are left")
    if n_counted + len(rest) > n_filters:
        raise InvalidValue("tie", ", ".join(asked), f"ties of at most {n_filters} filters (--n-filters)")
    if not rest and n_counted < n_filters:
        rest = [FREE]
    return (*counted, *rest)


def _read(text: str, width: int) -> FilterTie:
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise InvalidValue("tie", text, _FORM)
    name = match["name"].replace("-", "_")
    arguments = _arguments(name, match["arguments"].split(",")[1:], text)
    called = ",".join([name, *(f"{key}={value}" for key, value in arguments.items())])
    return FilterTie(called, _fitting(name, arguments, width, called), _count(match["count"], text))


def _arguments(name: str, given: Sequence[str], text: str) -> dict[str, int]:
    known = inspect.signature(FILTER_TIES[name]).parameters
    found: dict[str, int] = {}
    for one in given:
        key, equals, value = (part.strip() for part in one.partition("="))
        key = key.replace("-", "_")
        if not equals:
            raise InvalidValue("tie", text, _FORM)
        if key not in known:
            raise UnknownName(f"argument of the tie {name!r}", key, known)
        if key in found:
            raise InvalidValue(f"{key} of the tie {name!r}", value, "one value; it has another")
        least = 1 if known[key].default is inspect.Parameter.empty else 0
        found[key] = _whole_number(f"{key} of the tie {name!r}", value, least, _LARGEST)
    return found


def _count(text: str | None, whole: str) -> int | None:
    return None if text is None else _whole_number(f"number of filters under --tie {whole}", text.strip(), 1)


def _whole_number(what: str, text: str, least: int, most: int | None = None) -> int:
    value = int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else -1
    if value < least or (most is not None and value > most):
        bounds = f"{least} or more" if most is None else f"from {least} to {most}"
        raise InvalidValue(what, text, f"a whole number, {bounds}")
    return value


def _fitting(name: str, arguments: Mapping[str, int], width: int, called: str) -> Tie:
    """The tie of a filter of that width; the argument that was left open, if one was, follows from it."""
    parameters = inspect.signature(FILTER_TIES[name]).parameters.values()
    left = [
        one.name for one in parameters if one.default is inspect.Parameter.empty and one.name not in arguments
    ]
    if len(left) > 1:
        raise InvalidValue("tie", called, f"a value for all of {', '.join(left)} but one")
    choices = [{left[0]: size} for size in range(1, _LARGEST + 1)] if left else [{}]
    made = [FILTER_TIES[name](**arguments, **choice) for choice in choices]
    by_width = {tie.shape[1]: tie for tie in made}
    if width not in by_width:
        raise InvalidValue("filter_width", width, f"{_nearest(width, by_width)} with --tie {called}")
    return by_width[width]


def _nearest(width: int, fitting: Mapping[int, Tie]) -> str:
    """The widths that fit on either side of one that does not."""
    below = max((one for one in fitting if one < width), default=None)
    above = min((one for one in fitting if one > width), default=None)
    return " or ".join(str(one) for one in (below, above) if one is not None)
