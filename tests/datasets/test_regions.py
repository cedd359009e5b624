"""Regions as columns: merged, read a stretch at a time, and the same bases as one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.datasets import regions as module
from motifnet.datasets.regions import Regions, read_regions, stretches
from motifnet.errors import BedFormatError, UnknownContig
from motifnet.io.genome import Genome
from motifnet.symbols import DNA, Interval

SIZES = {"a": 300, "b": 50, "c": 200}
PLACES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(1, 10), st.booleans()),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    rng = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("genome") / "genome.fa"
    texts = {name: "".join(rng.choice(list("ACGTacgtN"), size)) for name, size in SIZES.items()}
    path.write_text("".join(f">{name}\n{text}\n" for name, text in texts.items()))
    with Genome(path) as opened:
        yield opened


def of(places):
    contig, start, length, reverse = (np.array(column) for column in zip(*places, strict=True))
    names = np.array([f"p{i}" for i in range(len(places))], object)
    return Regions(contig.astype(np.int32), start, start + length, reverse, names)


@given(PLACES)
def test_merged_regions_cover_the_same_bases_once(places):
    regions = of(places)
    covered = np.zeros((3, 60), bool)
    for contig, start, end in zip(regions.contig, regions.start, regions.end, strict=True):
        covered[contig, start:end] = True
    merged = regions.merged()
    again = np.zeros((3, 60), int)
    for contig, start, end in zip(merged.contig, merged.start, merged.end, strict=True):
        again[contig, start:end] += 1
    np.testing.assert_array_equal(again, covered)
    edges = np.diff(covered.astype(int), axis=1, prepend=0) == 1
    assert merged.n == edges.sum()


@given(places=PLACES, size=st.sampled_from([1, 7, 30, 10_000]), gap=st.sampled_from([0, 5, 10_000]))
def test_stretches_are_the_bases_of_each_region(places, size, gap, genome):
    regions = of(places).in_order()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_GAP", gap)
        parts = list(stretches(genome, regions, size, mask_lowercase=True))
    codes = np.concatenate([part.codes for part in parts])
    places_of_parts = np.cumsum([0, *(len(part.codes) for part in parts)])
    begins = np.concatenate([part.begins + at for part, at in zip(parts, places_of_parts, strict=False)])
    read = [DNA.decode(part) for part in np.split(codes, begins)[1:]]
    contigs = list(SIZES)
    intervals = [
        Interval(contigs[contig], start, end, "-" if reverse else "+")
        for contig, start, end, reverse, _ in zip(*(column.tolist() for column in regions), strict=True)
    ]
    wanted = genome.fetch(intervals, mask_lowercase=True)
    assert read == ["N" + wanted.text(i) for i in range(len(wanted))]


def test_a_file_is_read_as_columns(genome, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_BATCH", 2)
    path = tmp_path / "in.bed"
    path.write_text("#x\nc\t10\t20\tone\t0\t-\na\t5\t9\nb\t0\t7\tthree\n")
    regions = read_regions(path, genome, named=True)
    assert [column.tolist() for column in regions] == [
        [2, 0, 1], [10, 5, 0], [20, 9, 7], [True, False, False], ["one", "a:6-9", "three"],
    ]  # fmt: skip
    assert read_regions(path, genome, window=4).start.tolist() == [13, 5, 1]


def test_lines_that_do_not_fit_the_genome_are_named(genome, tmp_path):
    path = tmp_path / "in.bed"
    path.write_text("a\t1\t9\nchr1\t1\t9\n")
    with pytest.raises(UnknownContig, match="line 2: contig 'chr1'"):
        read_regions(path, genome)
    path.write_text("b\t1\t51\n")
    with pytest.raises(BedFormatError, match="line 1: the interval ends at 51, but b has 50 bases"):
        read_regions(path, genome)
