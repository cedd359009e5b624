"""An index leads to the lines of every stretch: by the specification, and by pysam."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pysam
import pytest
from Bio.bgzf import BgzfReader, BgzfWriter

from motifnet.errors import InvalidValue
from motifnet.io.bgzip import BlockWriter
from motifnet.io.hit_files import write_hits, write_lines
from motifnet.io.hit_formats import HIT_FORMATS, PlacedHit, rendered
from motifnet.io.tabix import BED_COLUMNS
from tests.runs.killing import killed_at

CONTIGS = ("chr1", "chrB")


@pytest.fixture(scope="module")
def hits():
    rng = np.random.default_rng(0)
    return [
        PlacedHit(contig, start, start + width, "motif", "", "+-"[start % 2], 9.0, 1e-5, 0.01, "ACGT", 0)
        for contig in CONTIGS
        for start, width in zip(
            np.sort(rng.integers(0, 3_000_000, 4000)).tolist(),
            rng.integers(4, 40, 4000).tolist(),
            strict=True,
        )
    ]


def read_index(path):
    """What the specification says is in an index: columns, and bins, stretches and counts of each contig."""
    content = gzip.decompress(path.read_bytes())
    assert content[:4] == b"TBI\1"
    n_contigs, *columns, length = struct.unpack_from("<8i", content, 4)
    names = content[36 : 36 + length].decode().split("\0")[:-1]
    place, contigs = 36 + length, {}
    for name in names:
        bins = {}
        (n_bins,) = struct.unpack_from("<i", content, place)
        place += 4
        for _ in range(n_bins):
            number, n_chunks = struct.unpack_from("<Ii", content, place)
            place += 8
            bins[number] = [struct.unpack_from("<QQ", content, place + 16 * i) for i in range(n_chunks)]
            place += 16 * n_chunks
        (n_stretches,) = struct.unpack_from("<i", content, place)
        linear = struct.unpack_from(f"<{n_stretches}Q", content, place + 4)
        place += 4 + 8 * n_stretches
        contigs[name] = (bins, linear)
    assert n_contigs == len(names)
    assert content[place:] == bytes(8)
    return columns, contigs


def bins_over(start, end):
    """The bins that may hold what overlaps a stretch: the function of the specification."""
    yield 0
    for first, shift in ((1, 26), (9, 23), (73, 20), (585, 17), (4681, 14)):
        yield from range(first + (start >> shift), first + (end - 1 >> shift) + 1)


def fetched(path, index, columns, contig, start, end):
    """The lines that overlap a stretch, found through the index alone."""
    bins, linear = index[contig]
    least = linear[start >> 14] if start >> 14 < len(linear) else 0
    chunks = [chunk for number in bins_over(start, end) for chunk in bins.get(number, []) if chunk[1] > least]
    found = []
    with BgzfReader(path, "r") as reader:
        for begin, stop in chunks:
            reader.seek(begin)
            while reader.tell() < stop:
                line = reader.readline().rstrip("\n").split("\t")
                first = int(line[columns.start - 1]) - (not columns.is_zero_based)
                assert line[columns.contig - 1] == contig
                if first < end and int(line[columns.end - 1]) > start:
                    found.append(first)
    return sorted(found)


@pytest.mark.parametrize("name", ["bed", "gff3", "tsv", "narrowpeak"])
def test_lines_of_a_stretch_are_found(name, hits, tmp_path):
    path = tmp_path / f"hits.{name}.gz"
    write_hits(path, hits, name, index=True)
    columns = HIT_FORMATS[name].columns
    numbers, index = read_index(tmp_path / f"hits.{name}.gz.tbi")
    assert list(index) == list(CONTIGS)
    assert numbers == [0x10000 * columns.is_zero_based, *columns[:3], ord("#"), columns.n_skipped]
    rng = np.random.default_rng(1)
    for size in (1, 300, 50_000, 2_000_000) * 6:
        contig, start = CONTIGS[size % 2], int(rng.integers(0, 3_000_000))
        wanted = [h.start for h in hits if h.contig == contig and h.start < start + size and h.end > start]
        assert fetched(path, index, columns, contig, start, start + size) == wanted


@pytest.mark.parametrize("name", sorted(HIT_FORMATS))
def test_pysam_finds_the_same(name, hits, tmp_path):
    path = tmp_path / f"hits.{name}.gz"
    write_hits(path, hits, name, index=True)
    n_skipped = HIT_FORMATS[name].columns.n_skipped
    with pysam.TabixFile(str(path)) as file:
        assert file.contigs == list(CONTIGS)
        n_lines = sum(1 for contig in CONTIGS for _ in file.fetch(contig))
        assert n_lines == sum(not line.startswith("#") for line in rendered(name, hits)) - n_skipped
        for start in range(0, 3_000_000, 99_000):
            wanted = [
                h.start for h in hits if h.contig == "chrB" and h.start < start + 5000 and h.end > start
            ]
            found = list(file.fetch("chrB", start, start + 5000))
            assert len(found) == len(wanted) or n_lines != len(hits)  # a track has other stretches


def test_lines_come_back_whole(hits, tmp_path):
    write_hits(tmp_path / "a.bed.gz", hits, "bed")
    write_hits(tmp_path / "a.bed", hits, "bed")
    assert gzip.decompress((tmp_path / "a.bed.gz").read_bytes()) == (tmp_path / "a.bed").read_bytes()
    assert not (tmp_path / "a.bed.gz.tbi").exists()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["a\t5\t9", "a\t4\t9"], "a:4 after a:5"),
        (["a\t5\t9", "b\t4\t9", "a\t7\t9"], "a:7 after b:4"),
    ],
)
def test_what_cannot_be_indexed_leaves_no_file(lines, said, tmp_path):
    with pytest.raises(InvalidValue, match=said):
        write_lines(tmp_path / "a.bed.gz", lines, BED_COLUMNS, index=True)
    assert list(tmp_path.iterdir()) == []


def test_an_index_does_not_outlive_its_file(hits, tmp_path):
    write_hits(tmp_path / "hits.bed.gz", hits, "bed", index=True)
    assert (tmp_path / "hits.bed.gz.tbi").is_file()
    write_hits(tmp_path / "hits.bed.gz", hits[:5], "bed")
    assert not (tmp_path / "hits.bed.gz.tbi").exists()


def test_an_index_never_stands_beside_another_file_than_its_own(hits, tmp_path):
    """Whenever the writing is killed."""

    def written(folder, some):
        write_hits(folder / "hits.bed.gz", some, "bed", index=True)
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    (tmp_path / "new").mkdir()
    new = written(tmp_path / "new", hits[:5])
    n_alone = 0
    for n in range(50):
        folder = tmp_path / str(n)
        folder.mkdir()
        old = written(folder, hits)
        died = killed_at(n, lambda folder=folder: written(folder, hits[:5]))
        files = {path.name: path.read_bytes() for path in folder.iterdir() if path.name[0] != "."}
        n_alone += len(files) == 1
        if len(files) == 1:
            assert files["hits.bed.gz"] in (old["hits.bed.gz"], new["hits.bed.gz"])
        else:
            assert files in (old, new)
        if not died:
            break
    assert files == new
    assert n_alone > 0


def test_an_index_needs_blocks(tmp_path):
    with pytest.raises(InvalidValue, match=r"hits.bed.gz"):
        write_hits(tmp_path / "a.bed", [], "bed", index=True)


def test_a_contig_beyond_what_tabix_can_tell_apart_has_an_index_of_another_kind(tmp_path):
    """Wheat has chromosomes of 830 million bases; an index of the other kind is not left beside the file."""
    path, beyond = tmp_path / "wheat.bed.gz", 1 << 29
    write_lines(path, ["3B\t5\t9"], BED_COLUMNS, index=True)
    assert {one.name for one in tmp_path.iterdir()} == {"wheat.bed.gz", "wheat.bed.gz.tbi"}
    lines = [f"3B\t{start}\t{start + 8}" for start in range(beyond - 5000, beyond + 5000, 100)]
    write_lines(path, ["1A\t5\t9", *lines], BED_COLUMNS, index=True)
    assert {one.name for one in tmp_path.iterdir()} == {"wheat.bed.gz", "wheat.bed.gz.csi"}
    with pysam.TabixFile(str(path), index=f"{path}.csi") as file:
        assert list(file.fetch("3B", beyond + 1000, beyond + 1201)) == lines[60:63]
        assert list(file.fetch("1A")) == ["1A\t5\t9"]
    write_lines(path, ["3B\t5\t9"], BED_COLUMNS)
    assert [one.name for one in tmp_path.iterdir()] == ["wheat.bed.gz"]


def test_no_hits_have_an_index_too(tmp_path):
    write_hits(tmp_path / "none.bed.gz", [], "bed", index=True)
    with pysam.TabixFile(str(tmp_path / "none.bed.gz")) as file:
        assert file.contigs == []


def test_the_same_lines_are_the_same_bytes(hits, tmp_path):
    """In blocks of the usual level of compression: those that Biopython's writer makes of them."""
    for name in ("a", "b"):
        write_hits(tmp_path / f"{name}.bed.gz", hits, "bed", index=True)
    first, second = ((tmp_path / f"{name}.bed.gz").read_bytes() for name in ("a", "b"))
    assert first == second
    with BgzfWriter(tmp_path / "c.gz", "wb") as writer:
        writer.write(gzip.decompress(first))
    assert abs(len(first) - (tmp_path / "c.gz").stat().st_size) < 0.01 * len(first)


def test_a_full_disk_is_told_as_one():
    """Htslib says no more than that it could not write; the system says why."""
    writer = BlockWriter(Path("/dev/full"))
    writer.write("x" * 10_000)
    with pytest.raises(OSError, match="No space left"):
        writer.close()
