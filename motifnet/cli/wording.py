"""What commands say, in plain words."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from motifnet.errors import MotifnetError, UnknownName, WrongCall, shown

if TYPE_CHECKING:
    from motifnet.report.tie_test_result import TieTestResult


def warn(sentences: Iterable[str]) -> None:
    """Say warnings, a line each, where they do not mix with results."""
    for sentence in sentences:
        click.echo(f"warning: {sentence}", err=True)


def in_our_words(error: click.ClickException) -> MotifnetError:
    """What is wrong with a command line, as an error of ours.

    Parameters
    ----------
    error : click.ClickException
        As the parser raised it.

    Returns
    -------
    MotifnetError
        One sentence, which says where to look.
    """
    context = getattr(error, "ctx", None)
    command = "motifnet" if context is None else context.command_path
    if isinstance(error, click.NoSuchOption) and context is not None:
        known = {flag for option in context.command.get_params(context) for flag in option.opts}
        return UnknownName("option", error.option_name, known, told_by=f"{command} --help")
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return WrongCall(command, f"{command} needs {_called(error.param)}")
    if isinstance(error, click.BadParameter) and error.param is not None:
        sentence = error.message.removesuffix(".")
        return WrongCall(command, f"{_called(error.param)}: {sentence}")
    sentence = error.format_message().removesuffix(".")
    return WrongCall(command, sentence[:1].lower() + sentence[1:])


def _called(parameter: click.Parameter) -> str:
    """What a user calls a parameter: the flag of an option, the word of an argument in the help."""
    return parameter.opts[-1] if isinstance(parameter, click.Option) else parameter.human_readable_name


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


_SHOWN = 20  # tests told on the terminal


def told_tests(result: TieTestResult) -> str:
    """What tests of ties found: one in a sentence, several in a line each.

    Parameters
    ----------
    result : TieTestResult

    Returns
    -------
    str
    """
    tests = [test for test, _ in result.ranked]
    if len(tests) == 1:
        return f"{tests[0].verdict}: {tests[0].sentence}"
    width = max(len(shown(one.subject)) for one in tests[:_SHOWN]) + 2
    lines = [f"{shown(one.subject):<{width}}{one.verdict:<15}{one.sentence}" for one in tests[:_SHOWN]]
    if len(tests) > _SHOWN:
        lines.append(f"... and {len(tests) - _SHOWN:,} more in tests.tsv")
    return "\n".join(lines)
