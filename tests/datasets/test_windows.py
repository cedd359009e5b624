"""Windows around peaks, and which reader an input file gets."""

import gzip
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.config.reading import ReadingOptions
from motifnet.datasets.windows import holds_peaks, read_targets, windows
from motifnet.errors import BedFormatError, FastaFormatError, FileFormatError, MissingFile, UnknownContig
from motifnet.io.bed import Peak
from motifnet.io.genome import Genome
from motifnet.io.skipped import Skipped
from motifnet.symbols import Interval

CHR1 = "ACGTTGCAac" * 10


def placed(peaks, genome, window, path="p.bed", **options):
    """The places of the peaks, of which as many lines were read."""
    skipped = Skipped(path, BedFormatError, **options)
    skipped.seen(len(peaks))
    found = windows(peaks, genome, window=window, skipped=skipped)
    skipped.finish()
    return [each.place for each in found]


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
    assert placed(peaks, genome, 10) == [
        Interval("chr1", 38, 48, "-"),
        Interval("chr1", 45, 55),
        Interval("chr1", 45, 55),
    ]
    assert placed(peaks, genome, 0) == [peak.interval for peak in peaks]


@given(start=st.integers(0, 99), length=st.integers(1, 100), window=st.integers(1, 300))
def test_windows_stay_within_the_contig_and_hold_the_centre(genome, start, length, window):
    interval = Interval("chr1", start, min(start + length, 100))
    (where,) = placed([Peak(interval)], genome, window)
    centre = (interval.start + interval.end) // 2
    assert 0 <= where.start <= min(centre, 99) < where.end + 1 <= 101
    assert where.length <= window
    if interval.length == window:
        assert where == interval


def test_clipped_windows_are_counted(genome, caplog):
    peaks = [Peak(Interval("chr1", 2, 4)), Peak(Interval("chr1", 50, 52)), Peak(Interval("chr1", 98, 100))]
    with caplog.at_level(logging.WARNING):
        places = placed(peaks, genome, 20)
    assert [where.length for where in places] == [13, 20, 11]
    assert caplog.messages == ["p.bed: 2 of 3 windows are clipped at the end of their contig"]


def test_the_only_peak_off_its_contig_is_an_error(genome):
    with pytest.raises(BedFormatError) as caught:
        placed([Peak(Interval("chrM", 700, 900), line=7)], genome, 10)
    assert str(caught.value) == (
        f"p.bed line 7: the interval ends at 900, but chrM has 800 bases in {genome.path}; it is clipped"
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


def many(n=40, chrom="chr1"):
    return [Peak(Interval(chrom, i % 80, i % 80 + 20), line=i + 1) for i in range(n)]


def test_a_few_peaks_off_the_genome_are_clipped_or_left_out_and_counted(genome, caplog):
    wrong = [
        Peak(Interval("chr1", 90, 130), summit=35, line=41),
        Peak(Interval("chrUn", 5, 9), line=42),
        Peak(Interval("chr1", 100, 120), line=43),
    ]
    places = placed([*many(), *wrong], genome, 0, largest_share=0.1)
    assert len(places) == 41
    assert places[-1] == Interval("chr1", 90, 100)
    left_out, mended = caplog.messages
    assert left_out.startswith("p.bed: 2 of 43 lines are left out: line 42: contig 'chrUn' is not in")
    assert "; line 43: the interval begins at 100, but chr1 has 100 bases" in left_out
    assert mended.startswith(
        "p.bed: 1 of 43 lines is mended: line 41: the interval ends at 130, but chr1 has"
    )
    # Its summit lies where the genome has no base.
    assert placed([*many(), wrong[0]], genome, 10)[-1] == Interval("chr1", 90, 100)


@pytest.mark.parametrize(
    ("n_right", "n_wrong", "share", "allowed"),
    [(95, 5, 0.05, True), (94, 6, 0.05, False), (9, 1, 0.05, True), (8, 1, 0.05, False), (40, 1, 0, False),
     (5, 5, 0.5, True), (0, 5, 1, False), (0, 1, 1, False)],
)  # fmt: skip
def test_more_than_a_share_is_refused_with_what_is_wrong_throughout(genome, n_right, n_wrong, share, allowed):
    peaks = many(n_right) + [Peak(Interval("1", 0, 9), line=i) for i in range(500, 500 + n_wrong)]
    if allowed:
        assert len(placed(peaks, genome, 0, largest_share=share)) == n_right
        return
    with pytest.raises((BedFormatError, UnknownContig), match=r"500.*: contig '1' is not") as caught:
        placed(peaks, genome, 0, largest_share=share)
    if n_wrong > 1:
        assert f"{n_wrong} of {n_right + n_wrong} lines are wrong, more than --max-skipped allows" in str(
            caught.value
        )
