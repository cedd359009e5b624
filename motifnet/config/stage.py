"""What all groups of options have in common."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from motifnet.errors import InvalidValue

_log = logging.getLogger(__name__)

NAMES_FILE = "names a file"
"""Marks an option of text that may be the path of a file, which is then read."""


OF_THE_RUN = "of the run"
"""Marks an option that says how work is done, and not what comes out: help tells it with --output."""


class Short(str):
    """Marks an option with the letter that it is called by as well."""


def refused(problem: ValidationError) -> InvalidValue:
    """The first thing that is wrong with options, as an error of ours; one that is ours already stays.

    Parameters
    ----------
    problem : ValidationError
        Of a group of options, or of all of them.

    Returns
    -------
    InvalidValue
        With the name of the option.
    """
    first = problem.errors()[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InvalidValue):
        return cause
    if first["type"] == "extra_forbidden":
        return InvalidValue("option", ".".join(map(str, first["loc"])), "one that there is")
    expected = first["msg"].removeprefix("Input should be ")
    # Pydantic shows a word of an enumeration as Python would, with its class.
    expected = re.sub(r"<\w+\.\w+: ('.*?')>", r"\1", expected)
    return InvalidValue(str(first["loc"][-1]), first["input"], expected)


class Stage(BaseModel):
    """A group of options: frozen, strict about names, and without infinite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    _asked: frozenset[str] = PrivateAttr(frozenset())

    def tell_idle(self, *names: str, since: str) -> None:
        """Warn of options that were chosen, though what else was chosen leaves them nothing to do.

        Parameters
        ----------
        names : str
            Of the options that have nothing to do; all of them if none is named. An option that has its
            default was chosen only if it was :meth:`asked_for`.
        since : str
            Why that is so: a clause.
        """
        for name in names or type(self).model_fields:
            value, field = getattr(self, name), type(self).model_fields[name]
            if value != field.default or name in self._asked:
                turned_off = "no-" if value is False else ""
                _log.warning("--%s%s has no effect, since %s", turned_off, name.replace("_", "-"), since)

    def asked_for(self, names: Iterable[str]) -> Self:
        """The same, in which these options are known to be asked for, be it with their defaults.

        Parameters
        ----------
        names : iterable of str
            Options of any group.
        """
        found = self.model_copy()
        found._asked = frozenset(names) & type(self).model_fields.keys()
        return found


def tell_all_idle(idle: Iterable[tuple[str, str]], *stages: Stage) -> None:
    """Warn of options that were chosen in one of some groups and that have nothing to do.

    Parameters
    ----------
    idle : iterable of (str, str)
        Options, and why: a clause. Those of other groups are passed over.
    *stages : Stage
    """
    for name, since in idle:
        for stage in stages:
            if name in type(stage).model_fields:
                stage.tell_idle(name, since=since)


class Config(Stage):
    """All options of a command, in groups; no two of its options share a name."""

    @classmethod
    def stages(cls) -> dict[str, type[Stage]]:
        """The groups of options, by name."""
        fields = ((name, field.annotation) for name, field in cls.model_fields.items())
        return {name: kind for name, kind in fields if isinstance(kind, type) and issubclass(kind, Stage)}

    @property
    def threads(self) -> int | None:
        """CPU threads, 0 being as many as the machine has; ``None`` for a command without that option."""
        return next((stage.threads for _, stage in self if hasattr(stage, "threads")), None)

    def with_options(self, stage: str, **values: object) -> Self:
        """The same with other values in one of its groups of options.

        Parameters
        ----------
        stage : str
            Name of the group.
        values : object
            Options by name; text is as good as a path or a word of an enumeration.

        Raises
        ------
        InvalidValue
            If there is no such option, or a value is none that it takes.

        Examples
        --------
        >>> from motifnet.config.train import TrainConfig
        >>> TrainConfig().with_options("training", seed=7).training.seed
        7
        """
        group = getattr(self, stage)
        chosen = {name: getattr(group, name) for name in type(group).model_fields} | values
        try:
            changed = type(group).model_validate(chosen).asked_for(group._asked)
        except ValidationError as problem:
            raise refused(problem) from None
        return self.model_copy(update={stage: changed})

    def files(self) -> Iterator[tuple[str, Path]]:
        """The files that options name, whether they are there or not, each with the name of its option.

        Examples
        --------
        >>> from motifnet.config.enrich import EnrichConfig
        >>> list(EnrichConfig().with_options("controls", control=Path("c.fa")).files())
        [('control', PosixPath('c.fa'))]
        """
        for _, stage in self:
            for name, field in type(stage).model_fields.items():
                value = getattr(stage, name)
                for one in value if isinstance(value, tuple) else (value,):
                    if isinstance(one, Path):
                        yield name, one
                    elif isinstance(one, str) and NAMES_FILE in field.metadata and Path(one).is_file():
                        yield name, Path(one)

    def with_files(self, found: Callable[[Path], Path]) -> Self:
        """The same with each path of an option in the place that it is found in."""

        def placed(value: Any, *, may_name: bool) -> Any:
            if isinstance(value, tuple):
                return tuple(placed(one, may_name=may_name) for one in value)
            if isinstance(value, str) and may_name:
                return str(found(Path(value)))
            return found(value) if isinstance(value, Path) else value

        changed = {
            name: stage.model_copy(
                update={
                    option: placed(value, may_name=NAMES_FILE in type(stage).model_fields[option].metadata)
                    for option, value in stage
                }
            )
            for name, stage in self
        }
        return self.model_copy(update=changed)
