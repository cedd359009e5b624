"""Sites as BED and as a table."""

import csv

from motifnet.io.bed import read_bed
from motifnet.io.hits import COLUMNS, SiteRow, write_sites_bed, write_sites_tsv
from motifnet.symbols import Interval

ROWS = [
    SiteRow("1-TGA", "MOTIF-1", "p1", 9, 12, "-", 5.0, "TGA", Interval("chr2", 109, 112, "+")),
    SiteRow("1-TGA", "MOTIF-1", "p2", 0, 3, "+", 10.0, "TGA", Interval("chr1", 200, 203, "+")),
    SiteRow("2-CCC", "", "p1", 3, 6, "-", -1.0, "CCC"),
]


def test_bed_is_sorted_scaled_and_in_the_genome_where_known(tmp_path):
    write_sites_bed(tmp_path / "sites.bed", ROWS)
    assert (tmp_path / "sites.bed").read_text() == (
        "chr1\t200\t203\t1-TGA\t1000\t+\nchr2\t109\t112\t1-TGA\t500\t+\np1\t3\t6\t2-CCC\t0\t-\n"
    )
    assert [peak.interval.chrom for peak in read_bed(tmp_path / "sites.bed")] == ["chr1", "chr2", "p1"]


def test_the_table_has_the_columns_of_streme_and_the_place_in_the_genome(tmp_path):
    write_sites_tsv(tmp_path / "sites.tsv", ROWS)
    with (tmp_path / "sites.tsv").open() as handle:
        first, _, last = csv.DictReader(handle, delimiter="\t")
    assert tuple(first) == COLUMNS
    assert list(first.values()) == [
        "1-TGA", "MOTIF-1", "p1", "10", "12", "-", "5.0000", "TGA", "chr2", "109", "112", "+",
    ]  # fmt: skip
    assert list(last.values())[3:] == ["4", "6", "-", "-1.0000", "CCC", "", "", "", ""]


def test_no_sites_make_an_empty_bed_and_a_header(tmp_path):
    write_sites_bed(tmp_path / "sites.bed", [])
    write_sites_tsv(tmp_path / "sites.tsv", iter([]))
    assert (tmp_path / "sites.bed").read_text() == ""
    assert (tmp_path / "sites.tsv").read_text() == "\t".join(COLUMNS) + "\n"
