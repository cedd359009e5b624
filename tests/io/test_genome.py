"""Genome: every kind of file, every place of an index, and windows against slices of the text."""

import errno
import gzip
import logging
import os
import random
from contextlib import closing

import numpy as np
import pytest
from Bio import bgzf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motifnet.errors import (
    DiskFull,
    FastaFormatError,
    InvalidValue,
    MissingFile,
    UnknownName,
    UnwritableFolder,
)
from motifnet.io import faidx, genome_index
from motifnet.io import genome as genome_module
from motifnet.io.genome import Genome
from motifnet.symbols import DNA, Interval

_RANDOM = random.Random(7)
CONTIGS = {
    "chr1": "".join(_RANDOM.choices("ACGTacgtN", k=1003)),
    "chr2": "".join(_RANDOM.choices("ACGTacgtN", k=180)),
    "empty": "",
}


def fasta_text(contigs, width=60, end="\n"):
    lines = []
    for name, text in contigs.items():
        lines += [f">{name} of a test", *(text[i : i + width] for i in range(0, len(text), width))]
    return end.join(lines) + end


def write_kind(folder, kind):
    text = fasta_text(CONTIGS, end="\r\n" if kind == "windows" else "\n").encode()
    path = folder / ("g.fa" if kind in ("plain", "windows", "misnamed bgzip") else "g.fa.gz")
    if "bgzip" in kind:
        with bgzf.BgzfWriter(path, "wb") as handle:
            for i in range(0, len(text), 200):  # many small blocks
                handle.write(text[i : i + 200])
                handle.flush()
    else:
        path.write_bytes(gzip.compress(text) if kind == "gzip" else text)
    return path


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache folder of this test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "motifnet"


@pytest.fixture
def small(tmp_path):
    with Genome(write_kind(tmp_path, "plain")) as genome:
        yield genome


def expected(where, *, mask=False):
    codes = DNA.encode(CONTIGS[where.chrom][where.start : where.end], mask_lowercase=mask)
    return DNA.reverse_complement(codes) if where.strand == "-" else codes


WINDOWS = [
    Interval("chr2", 0, 180),
    Interval("chr1", 990, 1003, "-"),
    Interval("chr1", 59, 61, "+"),
    Interval("chr1", 5, 5),
]


@pytest.mark.parametrize("kind", ["plain", "windows", "bgzip", "gzip", "misnamed", "misnamed bgzip"])
def test_every_kind_of_file_gives_the_same_bases(tmp_path, kind):
    with Genome(write_kind(tmp_path, kind)) as genome:
        assert genome.contigs == {name: len(text) for name, text in CONTIGS.items()}
        for name, text in CONTIGS.items():
            assert DNA.decode(genome.codes(name)) == text.upper()
        windows = genome.fetch(WINDOWS)
        assert [windows[i].tolist() for i in range(4)] == [expected(where).tolist() for where in WINDOWS]
        assert windows.names[:2] == ["chr2:0-180", "chr1:990-1003(-)"]
        assert windows.intervals == WINDOWS


PLACES = st.tuples(
    st.sampled_from(["chr1", "chr2"]), st.integers(0, 180), st.integers(0, 180), st.sampled_from("+-.")
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(PLACES, max_size=6), mask=st.booleans(), seek=st.sampled_from([0, 10**9]))
def test_fetching_is_slicing_whichever_way_it_reads(small, places, mask, seek):
    intervals = [Interval(chrom, min(i, j), max(i, j), strand) for chrom, i, j, strand in places]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(genome_module, "_SEEK", seek)
        windows = small.fetch(intervals, mask_lowercase=mask)
    assert len(windows) == len(intervals)
    for i, where in enumerate(intervals):
        assert windows[i].tolist() == expected(where, mask=mask).tolist()


def test_pieces_do_not_show(small, monkeypatch):
    monkeypatch.setattr(genome_module, "_PIECE", 7)
    assert DNA.decode(small.codes("chr1")) == CONTIGS["chr1"].upper()
    assert small.fetch([Interval("chr1", 3, 500)]).text(0) == CONTIGS["chr1"][3:500].upper()


def test_lower_case_is_known_base_by_base(small):
    assert small.lowercase("chr1").tolist() == [letter.islower() for letter in CONTIGS["chr1"]]


def test_codes_of_a_contig_are_kept_and_cannot_be_changed(small):
    codes = small.codes("chr1")
    assert small.codes("chr1") is codes
    with pytest.raises(ValueError, match="read-only"):
        codes[0] = 1


def test_the_index_lies_beside_the_genome_and_is_used_again(tmp_path, monkeypatch):
    path = write_kind(tmp_path, "plain")
    Genome(path).close()
    assert sorted(os.listdir(tmp_path)) == ["g.fa", "g.fa.fai"]
    monkeypatch.setattr(genome_index, "_made", lambda *_: pytest.fail("the index was made twice"))
    Genome(path).close()


def test_the_index_of_an_older_genome_is_replaced(tmp_path):
    path = write_kind(tmp_path, "plain")
    Genome(path).close()
    path.write_text(">other\nACGT\n")
    os.utime(tmp_path / "g.fa.fai", (1, 1))
    with Genome(path) as genome:
        assert genome.contigs == {"other": 4}


@pytest.mark.parametrize("kind", ["plain", "bgzip"])
def test_beside_a_read_only_folder_the_index_lies_in_the_cache(tmp_path, monkeypatch, cache, kind):
    folder = tmp_path / "data"
    folder.mkdir()
    path = write_kind(folder, kind)
    atomic_write = genome_index.atomic_write

    def refusing(target):
        if target.parent == folder:
            raise UnwritableFolder(folder, "Read-only file system")
        return atomic_write(target)

    monkeypatch.setattr(genome_index, "atomic_write", refusing)
    for _ in range(2):
        with Genome(path) as genome:
            assert genome.fetch([Interval("chr2", 3, 9)]).text(0) == CONTIGS["chr2"][3:9].upper()
    assert os.listdir(folder) == [path.name]
    assert len(os.listdir(cache)) == 1


def test_plain_gzip_is_unpacked_once_with_a_warning(tmp_path, caplog, cache):
    path = write_kind(tmp_path, "gzip")
    with caplog.at_level(logging.WARNING):
        Genome(path).close()
        Genome(path).close()
    assert len(caplog.records) == 1
    assert "is not bgzip: unpacking its 0.0 MB" in caplog.text
    assert sorted(name.rsplit(".", 1)[1] for name in os.listdir(cache)) == ["fa", "fai"]
    assert os.listdir(tmp_path / "cache") == ["motifnet"]


@pytest.mark.parametrize("kind", ["bgzip", "misnamed bgzip"])
def test_bgzip_of_any_name_is_not_unpacked(tmp_path, caplog, cache, kind):
    path = write_kind(tmp_path, kind)
    Genome(path).close()
    assert not caplog.messages
    assert not cache.exists() or not os.listdir(cache)
    assert path.with_name(path.name + ".fai").is_file()


def test_without_any_cache_folder_the_error_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(genome_index, "cache_folder", lambda: None)
    with pytest.raises(UnwritableFolder, match="no cache folder can be made for the index of the genome"):
        Genome(write_kind(tmp_path, "gzip"))


def test_a_full_disk_under_the_index_is_one_sentence(tmp_path, monkeypatch):
    def full(_entries):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(genome_index, "render_entries", full)
    with pytest.raises(DiskFull, match="no space left on the disk of"):
        Genome(write_kind(tmp_path, "plain"))


def test_a_genome_that_is_not_there(tmp_path):
    with pytest.raises(MissingFile, match=r"genome .*hg38\.fa does not exist"):
        Genome(tmp_path / "hg38.fa")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty; expected a genome in FASTA format"),
        (b"chr1\t1\t2\n", "line 1: does not start with '>'; expected a genome in FASTA format"),
        (bytes(range(256)), "is a binary file; expected text"),
        (b">a\nACGT\nAC\nACGT\n", "line 4: contig 'a' has lines of different lengths; expected one length"),
        (b">a\nACGT\nACGTA\n", "line 3: contig 'a' has lines of different lengths"),
        (b">a\nACGT\n\nACGT\n", "line 4: contig 'a' has lines of different lengths"),
        (b">a\nACGT\r\nACGT\nACGT\n", "line 4: contig 'a' has lines of different lengths"),
        (b">a\nACGT\n>a\nACGT\n", "line 3: has two contigs named 'a'"),
        (b">a\nACGT\n>\nACGT\n", "line 3: has a contig without a name; expected '>NAME'"),
        (b">a\nACGT\n>\xff\nACGT\n", "line 3: has a header that is not UTF-8 text"),
        (gzip.compress(os.urandom(999).hex().encode())[:-20], "ends in the middle of its compressed data"),
    ],
)
def test_what_is_no_genome_is_refused_without_leftovers(tmp_path, content, sentence, cache):
    path = tmp_path / "g.fa"
    path.write_bytes(content)
    with pytest.raises(FastaFormatError) as caught:
        Genome(path)
    assert sentence in str(caught.value)
    assert str(path) in str(caught.value)
    assert os.listdir(tmp_path) in (["g.fa"], ["g.fa", "cache"], ["cache", "g.fa"])
    assert not cache.exists() or os.listdir(cache) == []


def test_a_bgzip_genome_that_is_cut_short_is_refused(tmp_path):
    path = write_kind(tmp_path, "bgzip")
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(FastaFormatError, match=r"g\.fa\.gz: ends in the middle of its compressed data"):
        Genome(path)


def test_protein_is_refused_when_it_is_read(tmp_path):
    path = tmp_path / "g.fa"
    path.write_text(">P1\nMKVLAAGIRK\n")
    with Genome(path) as genome, pytest.raises(FastaFormatError, match="has the letter 'L' in a sequence"):
        genome.codes("P1")


STALE = {
    "of a longer contig": "chr1\t9000\t16\t60\t61\nchr2\t180\t1052\t60\t61\nempty\t0\t1252\t0\t0\n",
    "shifted": "chr1\t1003\t18\t60\t61\nchr2\t180\t1055\t60\t61\nempty\t0\t1255\t0\t0\n",
    "of other names": "chrI\t1003\t16\t60\t61\nchr2\t180\t1052\t60\t61\nempty\t0\t1252\t0\t0\n",
    "of other lines": "chr1\t1003\t16\t50\t51\nchr2\t180\t1052\t60\t61\nempty\t0\t1252\t0\t0\n",
    "of fewer contigs": "chr1\t1003\t16\t60\t61\n",
    "cut within a line": "chr1\t1003\t16\t60\t61\nchr2\t180",
    "no index": "chr1\tx\ty\tz\t1\n",
    "empty": "",
    "huge": f"chr1\t{'9' * 18}\t16\t60\t61\n",
    "negative": "chr1\t-5\t16\t60\t61\n",
    "binary": "\0\1\2",
}


@pytest.mark.parametrize("kind", ["plain", "bgzip"])
@pytest.mark.parametrize("stale", list(STALE))
def test_an_index_of_another_genome_is_made_again_and_told(tmp_path, stale, kind, caplog):
    path = write_kind(tmp_path, kind)
    index = path.with_name(path.name + ".fai")
    Genome(path).close()
    right = index.read_text()
    assert caplog.messages == []
    index.write_text(STALE[stale])
    os.utime(path, (1, 1))
    with Genome(path) as genome:
        assert genome.contigs == {name: len(text) for name, text in CONTIGS.items()}
        assert DNA.decode(genome.codes("chr2")) == CONTIGS["chr2"].upper()
    assert index.read_text() == right
    assert caplog.messages == [f"{index} is not the index of this {path.name}, and is made again"]


def test_a_genome_of_longer_headers_does_not_get_the_old_index(tmp_path):
    path = tmp_path / "g.fa"
    path.write_text(fasta_text(CONTIGS, width=2000))
    Genome(path).close()
    path.write_text(fasta_text(CONTIGS, width=2000).replace(" of a test", " of another test"))
    os.utime(path, (1, 1))
    with Genome(path) as genome:
        assert DNA.decode(genome.codes("chr1")) == CONTIGS["chr1"].upper()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n\n"])
def test_blank_lines_between_contigs_do_not_show(tmp_path, end, last):
    path = tmp_path / "g.fa"
    text = fasta_text(CONTIGS).replace("\n>", "\n\n\n>").rstrip("\n") + last
    path.write_bytes(("\n" + text).replace("\n", end).encode())
    for _ in range(2):  # with an index that is made, and with the one that is there
        with Genome(path) as genome:
            assert {name: DNA.decode(genome.codes(name)) for name in genome.contigs} == {
                name: text.upper() for name, text in CONTIGS.items()
            }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    texts=st.lists(st.text("ACGTacgtN", max_size=50), min_size=1, max_size=5),
    width=st.integers(1, 60),
    block=st.integers(1, 90),
    end=st.sampled_from(["\n", "\r\n"]),
    at_end=st.booleans(),
)
def test_the_index_is_the_same_however_the_file_is_read(tmp_path, texts, width, block, end, at_end):
    contigs = {f"c{i}": text for i, text in enumerate(texts)}
    text = fasta_text(contigs, width, end)
    path = tmp_path / "g.fa"
    path.write_bytes(text.encode() if at_end else text.rstrip().encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(faidx, "_BLOCK", block)
        (tmp_path / "g.fa.fai").unlink(missing_ok=True)
        with Genome(path) as genome:
            assert {name: DNA.decode(genome.codes(name)) for name in genome.contigs} == {
                name: text.upper() for name, text in contigs.items()
            }
    index = tmp_path / "g.fa.fai"
    with closing(faidx.IndexedFasta(path, index, faidx.read_entries(index), None)) as indexed:
        assert indexed.fits()


def test_every_damaged_byte_of_bgzip_is_told_or_harmless(tmp_path):
    path = write_kind(tmp_path, "bgzip")
    whole = path.read_bytes()
    n_refused = 0
    for at in range(0, len(whole), 11):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        try:
            with Genome(path) as genome:
                read = {name: DNA.decode(genome.codes(name)) for name in genome.contigs}
        except FastaFormatError:
            n_refused += 1
        else:
            assert read == {name: text.upper() for name, text in CONTIGS.items()}
    assert n_refused > 20


def test_what_is_not_in_the_genome(small):
    with pytest.raises(UnknownName, match=r"no contig of .* named 'chr3'; did you mean"):
        small.codes("chr3")
    with pytest.raises(
        InvalidValue, match=r"interval is 'chr2:100-181'; expected a stretch of chr2, which has 180"
    ):
        small.fetch([Interval("chr2", 100, 181)])


def test_no_windows_are_no_sequences(small):
    windows = small.fetch([])
    assert len(windows) == 0
    assert windows.codes.dtype == np.uint8
