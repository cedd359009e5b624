"""Sites as BED and as a table."""

import csv
import random

import numpy as np
import pytest

from motifnet.io import sites as site_files
from motifnet.io.bed import read_bed
from motifnet.io.sites import COLUMNS, write_sites_bed, write_sites_tsv
from motifnet.motifs import Motif, Sites
from motifnet.symbols import Interval, Sequences


def motif(name, width, alt_name=""):
    return Motif(name, np.ones((4, width)), alt_name=alt_name)


def sites(sequences, width, *rows):
    index, start, reverse, score = map(np.array, zip(*rows, strict=True))
    return Sites(sequences, width, index, start, reverse, score)


@pytest.fixture
def found():
    """Two motifs; the first two sequences have places in the genome, the third has none."""
    sequences = Sequences(
        Sequences.from_text(["ACGTACGTATCAAC", "TGATT", "CCCGGG"]).codes,
        np.array([0, 14, 19, 25]),
        ["p1", "p2", "p3"],
        [Interval("chr2", 100, 114, "-"), Interval("chr1", 200, 205), None],
    )
    return [
        (motif("1-TGA", 3, "MOTIF-1"), sites(sequences, 3, (0, 9, True, 5.0), (1, 0, False, 10.0))),
        (motif("2-CCC", 3), sites(sequences, 3, (2, 3, True, -1.0))),
    ]


def test_bed_is_sorted_scaled_and_in_the_genome_where_known(tmp_path, found):
    write_sites_bed(tmp_path / "sites.bed", found)
    assert (tmp_path / "sites.bed").read_text() == (
        "chr1\t200\t203\t1-TGA\t1000\t+\nchr2\t102\t105\t1-TGA\t500\t+\np3\t3\t6\t2-CCC\t0\t-\n"
    )
    assert [peak.interval.chrom for peak in read_bed(tmp_path / "sites.bed")] == ["chr1", "chr2", "p3"]


def test_bed_of_many_sites_is_in_the_order_of_its_fields(tmp_path, monkeypatch):
    monkeypatch.setattr(site_files, "_CHUNK", 7)
    draw = random.Random(0)
    places = [Interval(f"c{draw.randrange(12)}", start := draw.randrange(40), start + 9) for _ in range(300)]
    sequences = Sequences.from_codes([np.zeros(9, np.uint8)] * 300, [f"p{i}" for i in range(300)], places)
    rows = [(i, draw.randrange(6), draw.random() < 0.5, draw.randrange(1, 5)) for i in range(300)]
    write_sites_bed(
        tmp_path / "sites.bed",
        [(motif(name, 3), sites(sequences, 3, *rows[part::2])) for part, name in enumerate(("10-A", "2-C"))],
    )
    lines = [line.split("\t") for line in (tmp_path / "sites.bed").read_text().splitlines()]
    written = [(c, int(start), int(end), strand, name) for c, start, end, name, _, strand in lines]
    assert written == sorted(written)
    # Sites of one motif, place, strand and score are one site, which sequences that overlap share.
    best = [max(row[3] for row in rows[part::2]) for part in (0, 1)]
    told = {
        (where.chrom, where.start + start, reverse, i % 2, score / best[i % 2])
        for i, (where, (_, start, reverse, score)) in enumerate(zip(places, rows, strict=True))
    }
    assert len(written) == len(told) < 300


def test_bed_tells_a_site_of_the_genome_once_and_others_as_often_as_they_are(tmp_path):
    codes = Sequences.from_text(["AATGACC", "ATGACCG", "AATGACC", "AATGACC"])
    places = [Interval("c", 10, 17), Interval("c", 11, 18), None, None]
    sequences = Sequences(codes.codes, codes.offsets, ["one", "two", "same", "same"], places)
    of_all = sites(
        sequences, 3, (0, 2, False, 5.0), (1, 1, False, 5.0), (2, 2, False, 5.0), (3, 2, False, 5.0)
    )
    write_sites_bed(tmp_path / "sites.bed", [(motif("1-TGA", 3), of_all)])
    lines = (tmp_path / "sites.bed").read_text().splitlines()
    assert [line.split("\t")[:3] for line in lines] == [["c", "12", "15"], *[["same", "2", "5"]] * 2]
    write_sites_tsv(tmp_path / "sites.tsv", [(motif("1-TGA", 3), of_all)])
    assert len((tmp_path / "sites.tsv").read_text().splitlines()) == 1 + 4


def test_the_table_has_the_columns_of_streme_and_the_place_in_the_genome(tmp_path, found):
    write_sites_tsv(tmp_path / "sites.tsv", found)
    with (tmp_path / "sites.tsv").open() as handle:
        first, _, last = csv.DictReader(handle, delimiter="\t")
    assert tuple(first) == COLUMNS
    assert list(first.values()) == [
        "1-TGA", "MOTIF-1", "p1", "10", "12", "-", "5.0000", "TGA", "chr2", "102", "105", "+",
    ]  # fmt: skip
    assert list(last.values())[2:] == ["p3", "4", "6", "-", "-1.0000", "CCC", "", "", "", ""]


def test_a_last_column_names_the_tasks_where_asked(tmp_path, found):
    write_sites_tsv(tmp_path / "sites.tsv", found, tasks=["a", "a,b", "b"])
    with (tmp_path / "sites.tsv").open() as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    assert list(rows[0]) == [*COLUMNS, "task"]
    assert [row["task"] for row in rows] == ["a", "a,b", "b"]


def test_no_sites_make_an_empty_bed_and_a_header(tmp_path):
    write_sites_bed(tmp_path / "sites.bed", [])
    write_sites_tsv(tmp_path / "sites.tsv", iter([]))
    assert (tmp_path / "sites.bed").read_text() == ""
    assert (tmp_path / "sites.tsv").read_text() == "\t".join(COLUMNS) + "\n"
