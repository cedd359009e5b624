"""The table of sites, written and read back; what is wrong with one is told with its line."""

import numpy as np
import pytest

from motifnet.errors import FileFormatError, MissingFile
from motifnet.io.sites import write_sites_tsv
from motifnet.io.sites_table import read_sites_tsv
from motifnet.motifs import Motif, Sites
from motifnet.motifs.merge import PlacedText
from motifnet.symbols import DNA, Interval, Sequences

HEADER = "motif_ID\tseq_ID\tsite_Start\tsite_End\tsite_Strand\tsite_Sequence\n"


def sites(intervals=None):
    codes = [DNA.encode(text) for text in ("GGTGACC", "CCTCACC")]
    two = Sequences.from_codes(codes, ["a", "b"], intervals)
    places = np.array([0, 1]), np.array([2, 2]), np.array([False, True]), np.array([7.5, 6])
    return Sites(two, 4, *places)


def written(tmp_path, intervals=None):
    path = tmp_path / "sites.tsv"
    write_sites_tsv(path, [(Motif("TGAC", np.ones((4, 4))), sites(intervals))])
    return path


def test_within_sequences(tmp_path):
    assert read_sites_tsv(written(tmp_path), "data") == {
        "TGAC": [
            PlacedText("data", "a", 2, 6, False, "TGAC"),
            PlacedText("data", "b", 2, 6, True, "GTGA"),
        ]
    }


def test_in_the_genome_where_the_place_is_known(tmp_path):
    intervals = [Interval("chr1", 100, 107, "+"), Interval("chr2", 100, 107, "-")]
    first, second = read_sites_tsv(written(tmp_path, intervals))["TGAC"]
    assert (first.contig, first.start, first.end, first.reverse) == ("chr1", 102, 106, False)
    assert (second.contig, second.start, second.end, second.reverse) == ("chr2", 101, 105, False)


def test_no_sites(tmp_path):
    path = tmp_path / "sites.tsv"
    write_sites_tsv(path, [])
    assert read_sites_tsv(path) == {}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "m\ta\t3\tx\t+\tTGAC",
            r"line 2: site in 'a' at '3' to 'x' on strand '\+'; expected a name, numbers",
        ),
        ("m\ta\t3\t6\t.\tTGAC", "line 2: site in 'a' at '3' to '6' on strand '.'; expected a name"),
        ("m\ta\t0\t3\t+\tTGAC", "line 2: site in 'a' at '0' to '3'"),
        ("m\t\t3\t6\t+\tTGAC", "line 2: site in '' at"),
        ("\ta\t3\t6\t+\tTGAC", "line 2: has a site without a motif"),
        ("m\ta\t3\t6\t+\tTG{C", "line 2: site reads 'TG{C'; expected letters of bases"),
        ("m\ta\t3", "line 2: has 3 columns; expected 6, as the header has"),
        ("m\ta\t3\t6\t+\tTGAC\n", "line 3: has 1 columns; expected 6"),
        ("m\ta\t3\t9\t+\tTGAC", "line 2: site of 7 bases reads 'TGAC'; expected as many letters"),
    ],
)
def test_a_row_that_is_wrong(tmp_path, row, said):
    path = tmp_path / "sites.tsv"
    path.write_text(HEADER + row + "\n")
    with pytest.raises(FileFormatError, match=said):
        read_sites_tsv(path)


def test_a_table_without_the_columns(tmp_path):
    path = tmp_path / "sites.tsv"
    path.write_text("motif\tplace\n")
    with pytest.raises(FileFormatError, match="has not the columns of a table of sites: motif_ID"):
        read_sites_tsv(path)
    with pytest.raises(MissingFile):
        read_sites_tsv(tmp_path / "none.tsv")
