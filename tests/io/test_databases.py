"""Known motifs: from a file, and from JASPAR."""

import sys

import numpy as np
import pytest

from motifnet.errors import MissingExtra, MotifFormatError
from motifnet.io.databases import load_database
from motifnet.io.motif_files import write_motifs
from motifnet.motifs import Motif


def test_a_file_is_named_by_its_name(tmp_path):
    write_motifs(tmp_path / "known.meme", [Motif("a", np.eye(4))])
    name, motifs = load_database(tmp_path / "known.meme")
    assert name == "known.meme"
    assert [motif.name for motif in motifs] == ["a"]


def test_a_file_without_motifs_is_an_error(tmp_path):
    write_motifs(tmp_path / "none.meme", [])
    with pytest.raises(MotifFormatError, match="holds no motifs; expected known motifs to compare with"):
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
