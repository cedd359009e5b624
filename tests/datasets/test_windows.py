"""Windows around peaks, and which reader an input file gets."""

import gzip
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.config import ReadingOptions
from motifnet.datasets.windows import holds_peaks, read_targets, windows
from motifnet.errors import BedFormatError, FastaFormatError, FileFormatError, MissingFile, UnknownContig
from motifnet.io.bed import Peak
from motifnet.io.genome import Genome
from motifnet.symbols import Interval

CHR1 = "ACGTTGCAac" * 10


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    path = tmp_path_factory.mktemp("genome") / "g.fa"
    path.write_text(f">chr1\n{CHR1}\n>chrM\n{'ACGT' * 200}\n")
    with Genome(path) as opened:
        yield opened


def test_a_window_lies_around_the_summit_or_else_the_centre(genome):
    peaks = [
        Peak(Interval("chr1", 40, 60, "-"), summit=3),
        Peak(Interval("chr1", 40, 60)),
        Peak(Interval("chr1", 50, 51)),
    ]
    assert windows(peaks, genome, window=10, path="p.bed") == [
        Interval("chr1", 38, 48, "-"),
        Interval("chr1", 45, 55),
        Interval("chr1", 45, 55),
    ]
    assert windows(peaks, genome, window=0, path="p.bed") == [peak.interval for peak in peaks]


@given(start=st.integers(0, 99), length=st.integers(1, 100), window=st.integers(1, 300))
def test_windows_stay_within_the_contig_and_hold_the_centre(genome, start, length, window):
    interval = Interval("chr1", start, min(start + length, 100))
    (where,) = windows([Peak(interval)], genome, window=window, path="p.bed")
    centre = (interval.start + interval.end) // 2
    assert 0 <= where.start <= min(centre, 99) < where.end + 1 <= 101
    assert where.length <= window
    if interval.length == window:
        assert where == interval


def test_clipped_windows_are_counted(genome, caplog):
    peaks = [Peak(Interval("chr1", 2, 4)), Peak(Interval("chr1", 50, 52)), Peak(Interval("chr1", 98, 100))]
    with caplog.at_level(logging.WARNING):
        places = windows(peaks, genome, window=20, path="p.bed")
    assert [where.length for where in places] == [13, 20, 11]
    assert caplog.messages == ["p.bed: 2 of 3 windows are clipped at the end of their contig"]


def test_a_peak_off_its_contig_is_an_error(genome):
    with pytest.raises(BedFormatError) as caught:
        windows([Peak(Interval("chrM", 700, 900), line=7)], genome, window=10, path="p.bed")
    assert str(caught.value) == (
        f"p.bed line 7: the interval ends at 900, but chrM has 800 bases in {genome.path}"
    )


def test_a_contig_of_another_naming_is_an_error(tmp_path, genome):
    path = tmp_path / "p.bed"
    path.write_text("# names without chr\n1\t5\t9\n")
    with pytest.raises(UnknownContig) as caught:
        read_targets(path, ReadingOptions(), genome)
    assert str(caught.value) == (
        f"{path} line 2: contig '1' is not in {genome.path} (which has 'chr1', 'chrM'); rename one of the two"
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_content_says_which_reader(tmp_path, genome, pack):
    fasta, bed = tmp_path / "a.txt", tmp_path / "b.txt"
    fasta.write_bytes(pack(b"\n>s\nACGTac\n"))
    bed.write_bytes(pack(b"#c\ntrack name=x\nchr1\t4\t10\tp\t0\t-\n"))
    assert read_targets(fasta, ReadingOptions()).text(0) == "ACGTAC"
    assert read_targets(fasta, ReadingOptions(mask_lowercase=True)).text(0) == "ACGTNN"
    assert read_targets(bed, ReadingOptions(window=0), genome).text(0) == "GTTGCA"
    assert read_targets(bed, ReadingOptions(window=0, mask_lowercase=True), genome).text(0) == "NNTGCA"
    assert read_targets(bed, ReadingOptions(window=20), genome).lengths.tolist() == [17]


def test_peaks_without_a_genome_name_the_option(tmp_path):
    path = tmp_path / "p.bed"
    path.write_text("chr1\t1\t2\n")
    with pytest.raises(
        BedFormatError, match=r"holds intervals, not sequences; give the genome .* with --genome"
    ):
        read_targets(path, ReadingOptions())


@pytest.mark.parametrize(
    ("name", "content", "error", "sentence"),
    [
        ("p.bed", b"", BedFormatError, "holds no intervals"),
        ("p.fa", b"", FastaFormatError, "is empty; expected sequences in FASTA format"),
        ("p.bed", b"chr1\t5\n", BedFormatError, "line 1: has 2 columns"),
        ("p.narrowPeak.gz", b"chr1\t5\n", BedFormatError, "line 1: has 2 columns"),
        ("p.txt", b"ACGT\n", FastaFormatError, "line 1: starts with 'ACGT'; a FASTA file starts with '>'"),
        ("p.fq", b"@r\nACGT\n", FastaFormatError, "looks like FASTQ"),
        ("p.bin", bytes(range(256)), FileFormatError, "is a binary file"),
    ],
)
def test_what_is_neither_gets_the_error_of_the_likelier_reader(tmp_path, name, content, error, sentence):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=sentence):
        read_targets(path, ReadingOptions())


def test_a_missing_input_file(tmp_path):
    with pytest.raises(MissingFile, match=r"input file .*none\.fa does not exist"):
        holds_peaks(tmp_path / "none.fa")
