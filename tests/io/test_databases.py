"""Known motifs: from a file, and from JASPAR."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from motifnet.errors import MissingExtra, MotifFormatError
from motifnet.io.databases import load_database
from motifnet.io.motif_files import read_motifs, write_motifs
from motifnet.motifs import Motif


def test_a_file_is_named_by_its_name(tmp_path):
    write_motifs(tmp_path / "known.meme", [Motif("a", np.eye(4))])
    name, motifs = load_database(tmp_path / "known.meme")
    assert name == "known.meme"
    assert [motif.name for motif in motifs] == ["a"]


def test_a_file_without_motifs_is_an_error(tmp_path):
    write_motifs(tmp_path / "none.meme", [])
    with pytest.raises(MotifFormatError, match="holds no motif; expected one or more"):
        load_database(tmp_path / "none.meme")


def test_jaspar_needs_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyjaspar", None)
    with pytest.raises(MissingExtra, match=r"'jaspar' needs the package 'pyjaspar'.*motifnet\[jaspar\]"):
        load_database("jaspar")


def test_jaspar_is_the_latest_version_of_every_core_matrix():
    pyjaspar = pytest.importorskip("pyjaspar", reason="the extra 'jaspar' is not installed")
    name, motifs = load_database("jaspar")
    assert name == pyjaspar.JASPAR_LATEST_RELEASE
    assert len(motifs) > 2000
    assert len({motif.name.split(".")[0] for motif in motifs}) == len(motifs)
    by_name = {motif.name: motif for motif in motifs}
    assert {"Arnt", "CTCF", "REST", "ABF2"} <= {motif.alt_name for motif in motifs}
    # The package itself is the oracle of one matrix.
    database = pyjaspar.jaspardb()
    oracle = database.fetch_motif_by_id("MA0139")
    database.conn.close()
    np.testing.assert_array_equal(by_name[oracle.matrix_id].counts, [oracle.counts[base] for base in "ACGT"])


def test_a_release_of_jaspar_is_read_from_its_file():
    pytest.importorskip("pyjaspar", reason="the extra 'jaspar' is not installed")
    name, motifs = load_database("jaspar")
    path = Path(jaspar_folder(), f"{name}.sqlite")
    assert load_database(path).name == path.name
    assert [motif.name for motif in load_database(path).motifs] == [motif.name for motif in motifs]


def jaspar_folder():
    import pyjaspar

    return Path(pyjaspar.__file__).parent / "data"


def test_the_tables_of_a_release(tmp_path):
    path = tmp_path / "known"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE MATRIX (ID, COLLECTION, BASE_ID, VERSION, NAME)")
        connection.execute("CREATE TABLE MATRIX_DATA (ID, row, col, val)")
        entries = [(1, "CORE", "MA1", 1, "X"), (2, "CORE", "MA1", 2, "X"), (3, "UNVALIDATED", "UN1", 1, "Y")]
        connection.executemany("INSERT INTO MATRIX VALUES (?, ?, ?, ?, ?)", entries)
        cells = [(key, base, place, key + place) for key in (1, 2, 3) for base in "ACGT" for place in (1, 2)]
        connection.executemany("INSERT INTO MATRIX_DATA VALUES (?, ?, ?, ?)", cells)
        connection.commit()
    (motif,) = read_motifs(path)
    assert (motif.name, motif.alt_name, motif.counts.tolist()) == ("MA1.2", "X", [[3, 4]] * 4)


def test_another_database_is_no_jaspar(tmp_path):
    with closing(sqlite3.connect(tmp_path / "other")) as connection:
        connection.execute("CREATE TABLE GENES (ID)")
    with pytest.raises(MotifFormatError, match=r"other: cannot be read \(OperationalError: no such table"):
        read_motifs(tmp_path / "other")
