"""What commands say, in plain words."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click


def warn(sentences: Iterable[str]) -> None:
    """Say warnings, a line each, where they do not mix with results."""
    for sentence in sentences:
        click.echo(f"warning: {sentence}", err=True)


class _Once(logging.Handler):
    """Says what the library warns of: each sentence once, however often it is come to."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._said: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        sentence = record.getMessage()
        if sentence not in self._said:
            self._said.add(sentence)
            warn([sentence])


@contextmanager
def spoken_warnings() -> Iterator[None]:
    """As long as this lasts, what the library logs as a warning is a line on standard error.

    The library itself prints nothing: it logs, so that a program that uses it chooses where its warnings
    go. A file is often read twice, for its format and for its content, so a sentence is said once.
    """
    logger, handler = logging.getLogger("motifnet"), _Once()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
