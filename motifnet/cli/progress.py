"""Progress on the terminal: a bar with time left, or plain lines where there is no terminal."""

from __future__ import annotations

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

import click

from motifnet.progress import TAKEN_OVER

_WORTH_TELLING = 10  # seconds
_SHORT = 1.0  # seconds, in which a stage that is over has nothing to tell
_COMPILING = "compiling kernels for this machine, once: they are kept for the next start"


class _Teller(ABC):
    """What tells of compiled kernels once, however many there are."""

    _told_of_kernels = False

    @abstractmethod
    def log(self, message: str) -> None:
        """One line for the user."""

    def _tell_of_kernels(self) -> None:
        if not self._told_of_kernels:
            self._told_of_kernels = True
            self.log(_COMPILING)


class Plain(_Teller):
    """A line for every tenth of a stage that takes a second or more: for log files and pipes."""

    def log(self, message: str) -> None:
        """One line on standard error."""
        click.echo(message, err=True)

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[_PlainStage]:
        """A stage whose steps are lines."""
        stage = _PlainStage(self, name, total)
        yield stage
        stage.finish()

    @contextmanager
    def compiling(self) -> Iterator[None]:
        """A line, the first time."""
        self._tell_of_kernels()
        yield


class _PlainStage:
    def __init__(self, parent: Plain, name: str, total: int) -> None:
        self._parent, self._name, self._total = parent, name, total
        self._done, self._began = 0, time.perf_counter()

    def advance(self, note: str = "") -> None:
        self._done += 1
        if self._seconds() < _SHORT and note != TAKEN_OVER:
            return
        if self._done % max(1, self._total // 10) == 0 or self._total <= 10:
            told = " ".join([f"{self._name} {self._done}/{self._total}", *([note] if note else [])])
            self._parent.log(told + self._left())

    def _left(self) -> str:
        """The time that the rest takes, where it is worth telling."""
        seconds = self._seconds() * (self._total / self._done - 1)
        return f", about {seconds:,.0f} s left" if seconds >= _WORTH_TELLING else ""

    def _seconds(self) -> float:
        return time.perf_counter() - self._began

    def finish(self) -> None:
        if self._seconds() >= _SHORT:
            self._parent.log(f"{self._name} done in {self._seconds():.1f} s")


class Bars(_Teller):
    """A progress bar for each stage."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._n_stages = 0

    def log(self, message: str) -> None:
        """One line above the bars."""
        self._console.print(message, markup=False)

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[_Bar]:
        """A stage with a bar of its own."""
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        columns = (
            SpinnerColumn(finished_text=" "),  # a step may take long
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
        )
        self._n_stages += 1
        try:
            with Progress(*columns, console=self._console) as progress:
                yield _Bar(progress, progress.add_task(name, total=total, note=""))
        finally:
            self._n_stages -= 1

    @contextmanager
    def compiling(self) -> Iterator[None]:
        """A spinner for as long as it takes or, above bars, a line the first time."""
        if self._n_stages == 0:
            with self._console.status(_COMPILING):
                yield
            return
        self._tell_of_kernels()
        yield


class _Bar:
    def __init__(self, progress, task) -> None:
        self._progress, self._task = progress, task

    def advance(self, note: str = "") -> None:
        self._progress.update(self._task, advance=1, note=note)


def choose(*, quiet: bool):
    """Silent, bars or plain lines."""
    if quiet:
        from motifnet.progress import Silent

        return Silent()
    return Bars() if sys.stderr.isatty() else Plain()
