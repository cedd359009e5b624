"""What all commands share: :func:`with_config` makes a function one, with the options of its config."""

from __future__ import annotations

import errno
import inspect
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from motifnet.cli.options import InputPath, InputText, config_options, read_config
from motifnet.config.shared import FORMAT, JASPAR
from motifnet.config.stage import OF_THE_RUN, Config, Stage
from motifnet.errors import (
    InvalidValue,
    MissingFile,
    OutputExists,
    OutputIsInput,
    UnwritableFolder,
    WrongCall,
)
from motifnet.progress import compilation

STANDARD_STREAM = Path("-")
"""Standard input where a file is read, standard output where one is written."""

PAGE = ".html"
"""Ending of pages."""

_STANDARD_INPUT = ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
_COPIED = 1 << 20  # bytes copied at once


class OutputPath(click.Path):
    """A file or folder that is written."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, allow_dash=True)


def run_output(parameters: Mapping[str, Any]) -> list[Path]:
    """What a run may write: its folder, and the files that the run in it wrote."""
    from motifnet.runs.folder import RunFolder

    folder = RunFolder(parameters["output"])
    return [folder.path, *(folder.path / name for name in folder.outputs)]


def file_output(parameters: Mapping[str, Any]) -> list[Path]:
    """The one file that a command writes, if it is not standard output."""
    return [] if parameters["output"] == STANDARD_STREAM else [parameters["output"]]


def page_beside(file: Path) -> Path:
    """The page that --html writes beside a file: of its name, without the endings."""
    return file.with_name(f"{Path(file.name.removesuffix('.gz')).stem}{PAGE}")


def check_page(command: str, file: Path, what: str) -> None:
    """Refuse --html where there is no file that a page could stand beside."""
    if file == STANDARD_STREAM or file.suffix == PAGE:
        raise WrongCall(command, f"--html needs {what} as the output, to stand beside")


_OF_THE_RUN = "The run"  # heading of the options that all commands have
_OUTPUT = "Folder or file to write, as told above."

format_option = click.option("--format", "output_format", help=FORMAT)
"""``--format`` of a command that writes one file, whose ending tells its format as well."""


html_option = click.option("--html", is_flag=True, help="Write a page beside the output as well.")
"""``--html`` of a command that writes one file: a page of the same name."""


def with_config(
    config: type[Config],
    *,
    writes: Callable[[Mapping[str, Any]], Iterable[Path]] = run_output,
    epilog: str = "Exit code 2 for bad input; 130 after Ctrl-C.",
) -> Callable[[Callable[..., None]], Command]:
    """Decorator that makes a function a command: it is named as its module, and its docstring is the help.

    What the function takes beside its own parameters, by these names, says what it is offered: ``config``,
    the options; ``output``, the folder or file that is written, if there is one; ``progress``, as --quiet has
    it; ``command``, the command line; and ``run``, with ``output``, ``progress``, ``overwrite`` and
    ``command`` as the functions of :mod:`motifnet.runs` that make a run folder take them.

    Parameters
    ----------
    config : type of Config
        The options of the command.
    writes : callable
        The files that a call would write, from its parameters.
    epilog : str
        The last lines of the help: exit codes.
    """

    def declare(function: Callable[..., None]) -> Command:
        return Command(function, config, writes=writes, epilog=epilog)

    return declare


def _asked(values: Iterable[str]) -> list[str]:
    """Which options of the command that is called were given, and did not come from their defaults."""
    source = click.get_current_context().get_parameter_source
    return [name for name in values if source(name) is not click.core.ParameterSource.DEFAULT]


class Command(click.Command):
    """A command that reads and writes files.

    Before it is called, pipes among its inputs are spooled to files, since many inputs are read twice: for
    their format or their statistics first. An output that is also an input is refused, and so is the
    replacement of a file without ``--overwrite``. A folder is guarded by the run that is made in it.

    Parameters are those of :func:`with_config`, which makes it.
    """

    def __init__(
        self,
        function: Callable[..., None],
        config: type[Config],
        *,
        writes: Callable[[Mapping[str, Any]], Iterable[Path]],
        epilog: str,
    ) -> None:
        self.config, self.writes = config, writes
        self._function, self._takes = function, frozenset(inspect.signature(function).parameters)
        self.makes_run = "run" in self._takes
        own = list(reversed(getattr(function, "__click_params__", [])))
        arguments = [parameter for parameter in own if isinstance(parameter, click.Argument)]
        options = [parameter for parameter in own if parameter not in arguments]
        super().__init__(
            name=function.__module__.rpartition(".")[2].replace("_", "-"),
            params=[*arguments, *self._shared(), *options, *config_options(config)],
            callback=self._call,
            help=inspect.getdoc(function),
            epilog=epilog,
        )

    def _shared(self) -> Iterator[click.Parameter]:
        """The options that all commands have, as far as the function takes what they say."""
        if self._takes & {"run", "output"}:
            yield click.Option(["-o", "--output"], required=True, type=OutputPath(), help=_OUTPUT)
            yield click.Option(["--overwrite"], is_flag=True, help="Replace what is already there.")
        yield click.Option(["-q", "--quiet"], is_flag=True, help="No progress; only the result.")

    def sections(self) -> Iterator[tuple[str, list[click.Option]]]:
        """Its options, under what they are for: the run itself, then each group of its config."""
        options = {option.name: option for option in self.params if isinstance(option, click.Option)}
        of_stages = {
            _first_line(stage).rstrip("."): [
                options[name]
                for name, field in stage.model_fields.items()
                if OF_THE_RUN not in field.metadata
            ]
            for stage in self.config.stages().values()
        }
        told = {option.name for some in of_stages.values() for option in some}
        yield _OF_THE_RUN, [option for name, option in options.items() if name not in told]
        yield from of_stages.items()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in sections, as the reference has them."""
        asked = self.get_help_option(ctx)
        for title, options in self.sections():
            told = [*options, asked] if asked is not None and title == _OF_THE_RUN else options
            records = [record for option in told if (record := option.get_help_record(ctx)) is not None]
            with formatter.section(title):
                formatter.write_dl(records)

    def _call(self, **values: Any) -> None:
        """Call the function with what it takes."""
        from motifnet.cli.progress import choose

        options = {name for stage in self.config.stages().values() for name in stage.model_fields}
        offered: dict[str, Any] = {
            name: values.pop(name) for name in ("output", "overwrite") if name in values
        }
        offered["progress"] = choose(quiet=values.pop("quiet"))
        its_own = {name: value for name, value in values.items() if name not in options}
        config = read_config(self.config, values, _asked(values))
        offered["command"] = ["motifnet", *sys.argv[1:]]
        taken = {name: value for name, value in offered.items() if self.makes_run or name in self._takes}
        with compilation.told_to(offered["progress"]):
            self._function(**its_own, config=config, **taken)

    def invoke(self, ctx: click.Context) -> Any:
        """Call it, with files in the place of pipes."""
        self._check_inputs(ctx.params)
        from motifnet.io.text import is_same_file

        outputs = list(self.writes(ctx.params)) if "output" in ctx.params else []
        if not self.makes_run:
            for output in outputs:
                _check_place(output)
            # A folder that is written to is made; that of a file is not.
            target = ctx.params.get("output")
            if target in outputs and not target.parent.exists():
                raise UnwritableFolder(target.parent, os.strerror(errno.ENOENT))
        for source in self._inputs(ctx.params):
            for output in outputs:
                if is_same_file(source, output):
                    raise OutputIsInput(output, source)
        if not (self.makes_run or ctx.params.get("overwrite")):
            for output in outputs:
                if os.path.lexists(output):
                    raise OutputExists(output)
        with ExitStack() as stack:
            self._spool(ctx.params, _Spool(stack))
            return super().invoke(ctx)

    def _read(self) -> Iterator[click.Parameter]:
        for parameter in self.params:
            if isinstance(parameter.type, (InputPath, InputText)):
                yield parameter

    def _inputs(self, values: Mapping[str, Any]) -> Iterator[Path]:
        """Every file or folder that is read, as far as it is there."""
        for parameter in self._read():
            value = values[parameter.name]
            for one in value if isinstance(value, tuple) else (value,):
                if one is not None and str(one) != "-" and os.path.exists(one):
                    yield Path(one)
                    yield Path(f"{one}.fai")  # which is read, and made, beside a genome

    def _check_inputs(self, values: Mapping[str, Any]) -> None:
        """Raise if a file that is to be read is not there, before what reads it is imported.

        Text of an option may say something else than a path, which what reads it knows.
        """
        for parameter in self._read():
            is_option = isinstance(parameter, click.Option)
            if is_option and isinstance(parameter.type, InputText):
                continue
            value = values[parameter.name]
            for one in value if isinstance(value, tuple) else (value,):
                if one is None or str(one) in ("-", JASPAR) or os.path.exists(one):
                    continue
                raise MissingFile(one, f"file of {parameter.opts[-1]}" if is_option else "file")

    def _spool(self, values: dict[str, Any], spool: _Spool) -> None:
        for parameter in self._read():
            value = values[parameter.name]
            if isinstance(value, tuple):
                values[parameter.name] = tuple(spool.readable(one) for one in value)
            elif value is not None:
                values[parameter.name] = spool.readable(value)


def _first_line(stage: type[Stage]) -> str:
    """What a group of options is for."""
    return (inspect.getdoc(stage) or "").partition("\n")[0]


class _Spool:
    """Files that hold what came through pipes, for as long as the stack lasts."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._folder: Path | None = None
        self._known: dict[str, Path] = {}

    def readable(self, value: Any) -> Any:
        """The value itself or, of the same type, a file with the content of the pipe that it names."""
        if str(value) != "-" and not _is_pipe(str(value)):
            return value
        name = "-" if str(value) in _STANDARD_INPUT else str(value)
        if name not in self._known:
            self._known[name] = self._copied(name)
        elif name == "-":
            raise InvalidValue("input", str(value), "a file: standard input is another input already")
        return type(value)(self._known[name])

    def _copied(self, name: str) -> Path:
        from motifnet.io.text import atomic_path, writing

        if name == "-" and sys.stdin.isatty():
            raise InvalidValue("input", "-", "a file or a pipe: standard input is a terminal")
        if self._folder is None:
            self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="motifnet-")))
        # A folder for each, since two pipes may have one name.
        own = self._folder / str(len(self._known))
        own.mkdir()
        target = own / ("standard-input" if name == "-" else f"pipe-{Path(name).name}")
        with (
            sys.stdin.buffer if name == "-" else open(name, "rb") as source,
            writing(target.parent),
            atomic_path(target) as temporary,
            temporary.open("wb") as copy,
        ):
            shutil.copyfileobj(source, copy, _COPIED)
        return target


def _check_place(output: Path) -> None:
    """Raise if no file can be put there, before any work is done for it."""
    if output.is_dir():
        raise UnwritableFolder(output, os.strerror(errno.EISDIR))
    if output.exists() and not output.is_file():
        raise InvalidValue("output", str(output), "a file, not a pipe or device; - is standard output")


def _is_pipe(name: str) -> bool:
    """Whether what a path names can be read only once."""
    try:
        mode = os.stat(name).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISBLK(mode))
