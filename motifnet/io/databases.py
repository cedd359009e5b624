"""Known motifs to name ours by: a file, or the JASPAR database of an installed package."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from motifnet.config.shared import JASPAR
from motifnet.errors import MissingExtra, MotifFormatError
from motifnet.io.jaspar_sqlite import read_jaspar_sqlite
from motifnet.io.motif_files import read_motifs
from motifnet.motifs import Motif


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
        A motif file of any known format, a JASPAR release as SQLite, or ``"jaspar"``: the latest
        version of every CORE matrix, of all taxa, from the package pyjaspar, which brings the data
        with it.

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
    if str(spec) == JASPAR:
        return _jaspar()
    motifs = read_motifs(spec)
    if not motifs:
        raise MotifFormatError(spec, "holds no motif; expected one or more")
    return Database(Path(spec).name, motifs)


def _jaspar() -> Database:
    try:
        from pyjaspar import jaspardb
    except ImportError as problem:
        raise MissingExtra("pyjaspar", "jaspar", "the motif database 'jaspar'") from problem
    database = jaspardb()
    with closing(database.conn) as connection:
        (path,) = (row[2] for row in connection.execute("PRAGMA database_list"))
    return Database(database.release, read_jaspar_sqlite(Path(path)))
