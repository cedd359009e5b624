"""The command line: parse, call one function, say what came out.

Commands are imported when they are called, so that ``motifnet --help`` answers at once.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

import click

from motifnet.cli import commands
from motifnet.cli.wording import in_our_words, spoken_warnings
from motifnet.errors import DiskFull, MotifnetError, UnknownName, shown

if TYPE_CHECKING:
    from motifnet.cli.command import Command

_INTERRUPTED = 130  # what a shell reports of a program stopped by Ctrl-C
_ENDING = (signal.SIGTERM, signal.SIGHUP)
_LONGEST = 200  # characters that are shown of a path or of what a library says


class _OutputClosed(Exception):
    """What reads standard output has had enough."""


class Terminated(BaseException):
    """The system asked the program to end: like Ctrl-C, it unwinds what is under way."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class _LazyGroup(click.Group):
    """A group whose commands are the modules of a package, imported when they are asked for.

    A package in that package is a group of its own.

    Parameters
    ----------
    package : module
    kind : str
        What one of them is called in an error.
    about : mapping of str to Command
        Further ones, which are not listed.
    options
        Of :class:`click.Group`.
    """

    def __init__(
        self,
        *,
        package: ModuleType = commands,
        kind: str = "command",
        about: Mapping[str, click.Command] = MappingProxyType({}),
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._package, self._kind, self._about = package, kind, about

    def list_commands(self, ctx: click.Context | None) -> list[str]:
        return [module.name.replace("_", "-") for module in pkgutil.iter_modules(self._package.__path__)]

    def get_command(self, ctx: click.Context | None, name: str) -> click.Command | None:
        if name in self._about:
            return self._about[name]
        if name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{self._package.__name__}.{_module(name)}")
        if not hasattr(module, "__path__"):
            return module.command
        return _LazyGroup(
            package=module,
            kind=f"motifnet {name}",
            name=name,
            help=inspect.getdoc(module),
            invoke_without_command=True,
            callback=_help_if_alone,
        )

    def resolve_command(self, ctx: click.Context, args: list[str]):
        name = args[0] if args else ""
        if name[:1] != "-" and self.get_command(ctx, name) is None:
            raise UnknownName(self._kind, name, self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _OutputClosed from error  # click would end with the code of any error, and say nothing
        except SystemError as error:
            # What a signal raises in the midst of a compiled loop comes out as this.
            asked: BaseException | None = error
            while asked is not None and not isinstance(asked, (KeyboardInterrupt, Terminated)):
                asked = asked.__cause__ or asked.__context__
            if asked is None:
                raise
            number = asked.number if isinstance(asked, Terminated) else signal.SIGINT
            raise Terminated(number) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._summary(name)) for name in self.list_commands(ctx)])

    def _summary(self, name: str) -> str:
        """What a command does: the docstring of its module, which is read without importing it."""
        package = Path(*self._package.__path__)
        file = package / f"{_module(name)}.py"
        source = file if file.is_file() else package / _module(name) / "__init__.py"
        return ast.get_docstring(ast.parse(source.read_text())) or ""

    def all_commands(self, above: str = "") -> dict[str, Command]:
        """All commands by what is typed for them, those of the groups within this one among them."""
        from motifnet.cli.command import Command

        found: dict[str, Command] = {}
        for name in self.list_commands(None):
            command = self.get_command(None, name)
            if isinstance(command, _LazyGroup):
                found |= command.all_commands(f"{above}{name} ")
            elif isinstance(command, Command):
                found[f"{above}{name}"] = command
        return found


def _module(name: str) -> str:
    """The module of a command: dashes of its name are no letters of Python's."""
    return name.replace("-", "_")


@click.pass_context
def _help_if_alone(context: click.Context) -> None:
    """Say what a group does where none of its commands is called."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@click.command("help")
@click.argument("names", metavar="[COMMAND]", nargs=-1)
@click.pass_context
def _help(context: click.Context, names: tuple[str, ...]) -> None:
    """What motifnet does, or one of its commands."""
    group.main([*names, "--help"], prog_name="motifnet", standalone_mode=False)


@click.command("version")
def _version() -> None:
    """Which version this is."""
    group.main(["--version"], prog_name="motifnet", standalone_mode=False)


@click.group(
    cls=_LazyGroup,
    about={"help": _help, "version": _version},
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(None, "-V", "--version", package_name="motifnet", prog_name="motifnet")
def group() -> None:
    """Find motifs in DNA with networks whose weights are tied."""
    _help_if_alone()


def main(arguments: list[str] | None = None) -> None:
    """Entry point: whatever ends a command early becomes one line and an exit code.

    2 for what is wrong with the input, the options or the machine; 130 after Ctrl-C; 128 and the number of
    the signal for another that asks to end, or for a reader of the output that went away.
    """

    # Idle OpenMP workers otherwise spin, which on a busy machine costs many times the work itself.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        with spoken_warnings(), _ending_on_signals():
            group.main(arguments, prog_name="motifnet", standalone_mode=False)
            sys.stdout.flush()
    except click.ClickException as error:
        ours = in_our_words(error)
        _end(2, f"{type(ours).__name__}: {ours}", error)
    except MotifnetError as error:
        _end(2, f"{type(error).__name__}: {error}", error)
    except (KeyboardInterrupt, click.Abort) as error:
        _end(_INTERRUPTED, "Interrupted", error)
    except Terminated as error:
        name = signal.Signals(error.number).name
        _end(128 + error.number, "Interrupted" if name == "SIGINT" else f"Ended by {name}", error)
    except (_OutputClosed, BrokenPipeError) as error:
        _abandon_output()
        _end(128 + signal.SIGPIPE, "Ended, since what reads the output closed it", error)
    except MemoryError as error:
        _end(2, "NotEnoughMemory: this machine has too little for that; try it on a part", error)
    except OSError as error:
        _abandon_output()
        if error.errno in DiskFull.NUMBERS:
            _end(2, f"DiskFull: {DiskFull('the output')}", error)
        where = "" if error.filename is None else f": {shown(error.filename, _LONGEST)}"
        _end(2, f"{type(error).__name__}: {error.strerror or shown(error, _LONGEST)}{where}", error)


def _end(code: int, sentence: str, error: BaseException) -> None:
    """Say why, with what is noted of how to go on, and end."""
    # click raises an error of its own from a Ctrl-C, and the notes are on what it was raised from.
    notes = [note for one in (error, error.__cause__) for note in getattr(one, "__notes__", [])]
    with suppress(OSError):  # nobody may be there to hear it
        click.echo("; ".join([sentence, *notes]), err=True)
    sys.exit(code)


@contextmanager
def _ending_on_signals() -> Iterator[None]:
    """Raise :class:`Terminated` where the system asks to end, so that temporary files are removed.

    A signal that is ignored already, as ``nohup`` has it, stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, _frame: object) -> None:
        raise Terminated(number)

    asked = [number for number in _ENDING if signal.getsignal(number) == signal.SIG_DFL]
    for number in asked:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in asked:
            signal.signal(number, signal.SIG_DFL)


def _abandon_output() -> None:
    """Keep the interpreter from writing again, at its end, what standard output did not take."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
