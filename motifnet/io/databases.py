"""Known motifs to name ours by: a file, or the JASPAR database of an installed package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.errors import MissingExtra, MotifFormatError
from motifnet.io.formats import motif_of_counts
from motifnet.io.motif_files import read_motifs
from motifnet.motifs import Motif

_CORE_MATRICES = """
    SELECT ID, BASE_ID, VERSION, NAME FROM MATRIX WHERE COLLECTION = 'CORE' ORDER BY BASE_ID, VERSION
"""


class Database(NamedTuple):
    """Known motifs and where they are from.

    Parameters
    ----------
    name : str
        Release or file name, for the report.
    motifs : list of Motif
    """

    name: str
    motifs: list[Motif]


def load_database(spec: str | Path) -> Database:
    """Known motifs, from a file or from JASPAR.

    Parameters
    ----------
    spec : str or Path
        A motif file of any known format, or ``"jaspar"``: the latest version of every CORE
        matrix, of all taxa, from the package pyjaspar, which brings the data with it.

    Returns
    -------
    Database
        Unpacks into name and motifs.

    Raises
    ------
    MissingExtra
        If JASPAR is asked for and pyjaspar is not installed.
    MissingFile, MotifFormatError
        If a file cannot be read, or holds no motif.
    """
    if str(spec) == "jaspar":
        return _jaspar()
    motifs = read_motifs(spec)
    if not motifs:
        raise MotifFormatError(spec, "holds no motifs; expected known motifs to compare with")
    return Database(Path(spec).name, motifs)


def _jaspar() -> Database:
    try:
        from pyjaspar import jaspardb
    except ImportError as problem:
        raise MissingExtra("pyjaspar", "jaspar", "the motif database 'jaspar'") from problem
    database = jaspardb()
    # Two queries for all matrices take a fiftieth of the time of the package's own, which asks six
    # times for each.
    with closing(database.conn) as connection:
        entries = connection.execute(_CORE_MATRICES).fetchall()
        cells = connection.execute("SELECT ID, row, col, val FROM MATRIX_DATA").fetchall()
    latest = {entry[1]: entry for entry in entries}  # the last of each is its latest version
    return Database(database.release, _motifs(latest.values(), cells))


def _motifs(entries: Iterable[tuple[int, str, int, str]], cells: Iterable[tuple]) -> list[Motif]:
    """The motifs of entries (key, matrix, version, name), by their cells (key, base, column, count)."""
    counts: dict[int, dict[tuple[str, int], float]] = defaultdict(dict)
    for key, base, column, count in cells:
        counts[key][base, int(column)] = count
    return [
        motif_of_counts(f"{base_id}.{version}", name, _matrix(counts[key]))
        for key, base_id, version, name in entries
    ]


def _matrix(cells: dict[tuple[str, int], float]) -> np.ndarray:
    columns = sorted({column for _, column in cells})
    return np.array([[cells[base, column] for column in columns] for base in "ACGT"], np.float64)
