"""The JASPAR database as SQLite, as its releases and the package pyjaspar bring it."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np

from motifnet.errors import MotifFormatError, shown
from motifnet.io.motif_format import motif_of_counts
from motifnet.io.text import first_bytes, reading
from motifnet.motifs import Motif

_MAGIC = b"SQLite format 3\0"
_CORE_MATRICES = """
    SELECT ID, BASE_ID, VERSION, NAME FROM MATRIX WHERE COLLECTION = 'CORE' ORDER BY BASE_ID, VERSION
"""
_CELLS = """
    SELECT ID, row, col, val FROM MATRIX_DATA WHERE ID IN (SELECT ID FROM MATRIX WHERE COLLECTION = 'CORE')
"""
_KNOWN = """
    SELECT (SELECT COUNT(*) FROM MATRIX),
        (SELECT COUNT(*) FROM MATRIX_DATA WHERE ID NOT IN (SELECT ID FROM MATRIX))
"""
_WIDEST = 1000  # columns


def is_sqlite(path: Path, what: str = "motif file") -> bool:
    """Whether a file is a database of SQLite."""
    return first_bytes(path, what, len(_MAGIC)) == _MAGIC


def read_jaspar_sqlite(path: Path) -> list[Motif]:
    """The latest version of every CORE matrix, of all taxa.

    Raises
    ------
    MotifFormatError
        If the database is damaged, has not the tables of JASPAR, or matrices that are not whole.
    """
    # Queries for all matrices at once take a fiftieth of the time of pyjaspar, which asks six times for each.
    with (
        reading(path, MotifFormatError),
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        ((problem,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
        if problem != "ok":
            raise MotifFormatError(path, f"is damaged ({shown(problem)}); download it again")
        ((n_matrices, n_strays),) = connection.execute(_KNOWN).fetchall()
        entries = connection.execute(_CORE_MATRICES).fetchall()
        cells = connection.execute(_CELLS).fetchall()
        if n_strays:
            raise MotifFormatError(
                path, f"has {n_strays} cells of matrices that it does not list; download it again"
            )
        if n_matrices and not entries:
            raise MotifFormatError(path, f"has {n_matrices} matrices, none in the collection CORE")
        return _motifs(_latest(entries, path), cells, path)


def _latest(entries: Iterable[tuple[int, str, int, str]], path: Path) -> list[tuple[int, str, int, str]]:
    """The entry of the latest version of each matrix, in order."""
    latest: dict[str, tuple[int, str, int, str]] = {}
    for entry in entries:
        _, base_id, version, name = entry
        if not (isinstance(base_id, str) and isinstance(version, int) and isinstance(name, str)):
            raise MotifFormatError(
                path, f"lists the matrix {shown(entry[1:])!r}; expected an ID, a whole number and a name"
            )
        if base_id in latest and latest[base_id][2] == version:
            raise MotifFormatError(path, f"lists {base_id}.{version} twice")
        latest[base_id] = entry  # versions come in order
    return list(latest.values())


def _motifs(entries: Iterable[tuple[int, str, int, str]], cells: Iterable[tuple], path: Path) -> list[Motif]:
    """The motifs of entries (key, matrix, version, name), by their cells (key, base, column, count)."""
    of_key: dict[int, list[tuple]] = defaultdict(list)
    for key, *cell in cells:
        of_key[key].append(tuple(cell))
    return [
        motif_of_counts(
            f"{base_id}.{version}", name, _matrix(of_key[key], f"{base_id}.{version}", path), path
        )
        for key, base_id, version, name in entries
    ]


def _matrix(cells: list[tuple], name: str, path: Path) -> np.ndarray:
    """The matrix of cells (base, column, count), which must be one for each base and column."""
    width = len(cells) // 4
    expected = {(base, column) for base in "ACGT" for column in range(1, width + 1)}
    counts = {(base, column): count for base, column, count in cells}
    if not cells or width > _WIDEST or len(cells) != len(counts) or set(counts) != expected:
        raise MotifFormatError(
            path, f"matrix {name} has {len(cells)} cells that are not one for each base and column from 1"
        )
    wrong = next((count for count in counts.values() if not _is_count(count)), None)
    if wrong is not None:
        raise MotifFormatError(
            path, f"matrix {name} has the count {shown(wrong)!r}; expected a number of 0 or more"
        )
    return np.array([[counts[base, column] for column in range(1, width + 1)] for base in "ACGT"], np.float64)


def _is_count(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value < np.inf
