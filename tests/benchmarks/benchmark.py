"""What every benchmark is: cases that are measured one by one, rows that are kept, tables made of them.

A benchmark can be stopped and gone on with: its rows lie in a JSON file beside its module, a case that
has a row is not measured again, and the file is whole after every case.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

from motifnet.io import atomic_write

Row = dict[str, Any]
"""What was measured of a case, by column; ``case`` names it and ``error`` says why there is nothing."""

_KEPT = Path(__file__).parent


class Context(NamedTuple):
    """Where a case is measured, and how.

    Parameters
    ----------
    scratch : Path
        An empty folder of the case's own.
    extra : tuple of str
        More options for ``motifnet train``.
    """

    scratch: Path
    extra: tuple[str, ...] = ()


class Case(NamedTuple):
    """One thing to measure.

    Parameters
    ----------
    name : str
        Unique in its benchmark; parts of it are set apart by slashes, the widest first.
    measure : callable
        Gives the columns of the row.
    """

    name: str
    measure: Callable[[Context], Row]


class Benchmark(NamedTuple):
    """A question, what is measured to answer it, and how the answer is shown.

    Parameters
    ----------
    name : str
        Of the module that has it, and of the file of its rows.
    title, preface : str
        Heading of its section in the docs, and what a reader must know: rules, data, limits.
    cases : callable
        Gives the cases; cheap, since data are made when a case is measured.
    tables : callable
        The rows as Markdown.
    """

    name: str
    title: str
    preface: str
    cases: Callable[[], Iterable[Case]]
    tables: Callable[[Sequence[Row]], str]

    @property
    def path(self) -> Path:
        """Where the rows are kept."""
        return _KEPT / f"{self.name}.json"

    def section(self, rows: Sequence[Row]) -> str:
        """Heading, command, preface and tables, in Markdown."""
        command = f"    python -m tests.benchmarks.{self.name}"
        return "\n\n".join([f"## {self.title}", command, self.preface.strip(), self.tables(rows)])


def read_rows(path: Path) -> list[Row]:
    """The rows that are kept in a file; none where there is no file."""
    return json.loads(path.read_text()) if path.is_file() else []


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Keep rows."""
    with atomic_write(path) as handle:
        handle.write(json.dumps(rows, indent=1) + "\n")


def command_line(benchmark: Benchmark, arguments: Sequence[str] | None = None) -> None:
    """Measure the cases that were asked for and print a table of all rows there are."""
    options = _parser(benchmark).parse_args(arguments)
    path = options.json or benchmark.path
    cases = list(benchmark.cases())
    rows = {row["case"]: row for row in read_rows(path)}
    chosen = [
        case
        for case in cases
        if re.search(options.only, case.name) and (options.again or not _is_measured(rows.get(case.name)))
    ]
    for row in _measured(chosen, tuple(options.extra.split()), options.processes):
        print(json.dumps(row), flush=True)
        rows[row["case"]] = row
        write_rows(path, _in_order(rows, cases))
    print(benchmark.tables(_in_order(rows, cases)))


def _parser(benchmark: Benchmark) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"python -m tests.benchmarks.{benchmark.name}",
        description=benchmark.title,
        epilog="A case that has a row is left as it is; python -m tests.benchmarks.pages makes the pages.",
    )
    parser.add_argument("--only", default="", help="pattern of names of cases")
    parser.add_argument("--again", action="store_true", help="measure also what has a row")
    parser.add_argument("--json", type=Path, help="keep the rows here, not beside the module")
    parser.add_argument("--processes", type=int, default=1, choices=(1, 2), help="cases measured at once")
    parser.add_argument("--extra", default="", help="more options for motifnet train")
    return parser


def _is_measured(row: Row | None) -> bool:
    return row is not None and "error" not in row


def _measured(cases: Sequence[Case], extra: tuple[str, ...], processes: int) -> Iterator[Row]:
    """Rows as they get ready. Threads are enough: what is measured runs in processes of its own."""
    with ThreadPoolExecutor(processes) as pool:
        started = [pool.submit(_row, case, extra) for case in cases]
        for done in as_completed(started):
            yield done.result()


def _row(case: Case, extra: tuple[str, ...]) -> Row:
    with tempfile.TemporaryDirectory(prefix="motifnet-benchmark-") as scratch:
        return {"case": case.name, **case.measure(Context(Path(scratch), extra))}


def _in_order(rows: dict[str, Row], cases: Sequence[Case]) -> list[Row]:
    """Rows in the order of the cases; rows of cases that there are no more are dropped."""
    return [rows[case.name] for case in cases if case.name in rows]
