"""BED and narrowPeak: what is read, what is refused."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import BedFormatError, MissingFile
from motifnet.io.bed import Peak, read_bed, write_bed
from motifnet.symbols import Interval

NARROW = "chr1\t100\t300\tp1\t573\t.\t13.9\t-1\t2.5\t120"
BED10 = "chr1\t100\t300\tp1\t573\t+\t100\t300\t0\t1"
BED12 = "chr1\t100\t300\tp1\t573\t+\t100\t300\t0,0,0\t2\t10,20\t0,180"


def written(folder, content, name="in.bed"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_every_width_of_bed_is_read(tmp_path):
    columns = BED12.split("\t")
    for n in range(3, 13):
        (peak,) = read_bed(written(tmp_path, "\t".join(columns[:n])))
        assert peak.interval == Interval("chr1", 100, 300, "+" if n >= 6 else ".")
        assert peak.name == ("p1" if n >= 4 else "")
        assert peak.score == (573 if n >= 5 else None)
        assert peak.summit is None


@pytest.mark.parametrize(
    ("name", "line", "summit"),
    [
        ("a.narrowPeak", NARROW, 120),
        ("a.narrowPeak.gz", NARROW, 120),
        ("a.bed", NARROW, 120),
        ("a.txt", NARROW.replace("120", "-1"), None),
        (
            "a.bed",
            "chr1\t100\t300\tp\t0\t.\t7\t3\t2\t50",
            50,
        ),  # whole numbers, yet no stretch of the interval
        ("a.bed", BED10, None),
        ("a.narrowPeak", BED10, 1),
        ("a.narrowPeak", BED12, None),
    ],
)
def test_narrow_peak_is_told_from_bed10_and_bed12(tmp_path, name, line, summit):
    content = gzip.compress(line.encode()) if name.endswith("gz") else line
    assert read_bed(written(tmp_path, content, name))[0].summit == summit


def test_headers_comments_and_blank_lines_are_skipped_but_counted(tmp_path):
    content = 'track name="x"\nbrowser position chr1\n#chrom\tstart\tend\n\nchr1 10 20\ntrack3\t5\t6\n'
    peaks = read_bed(written(tmp_path, content))
    assert [(peak.interval.chrom, peak.line) for peak in peaks] == [("chr1", 5), ("track3", 6)]


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\t\n"])
def test_line_ends_do_not_matter(tmp_path, ending):
    peaks = read_bed(written(tmp_path, f"chr1\t1\t2{ending or chr(10)}chr1\t3\t4{ending}"))
    assert [peak.interval for peak in peaks] == [Interval("chr1", 1, 2), Interval("chr1", 3, 4)]


def test_spaces_within_columns_stay_where_tabs_separate(tmp_path):
    assert read_bed(written(tmp_path, "chr1\t1\t2\tmy peak\tNA\t-\n"))[0] == Peak(
        Interval("chr1", 1, 2, "-"), "my peak", None, None, 1
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("chr1\t5", "has 2 columns; expected at least contig, start and end"),
        ("chr1\t1e3\t2000", "start ('1e3') is not a whole number"),
        ("chr1\t10\t20.5", "end ('20.5') is not a whole number"),
        ("chr1\t100\t90", "end (90) is smaller than start (100)"),
        ("chr1\t100\t100", "end (100) is the same as start (100)"),
        ("chr1\t-5\t0", "end (0) is not above 0; BED counts bases from 0"),
        ("chr1\t-5\t100", "start (-5) is negative, and is taken as 0"),
        (
            "chr1 5\t9",
            "has 2 columns; expected at least contig, start and end; columns are separated by tabs or "
            "by spaces, not both",
        ),
        (
            NARROW.replace("120", "200"),
            "peak offset (200) is beyond the end of the peak, which has 200 bases; the centre is taken",
        ),
        (f"chr1\t{'9' * 5000}\t5", f"start ('{'9' * 60}') is not a whole number of at most 18 digits"),
    ],
)
def test_errors_carry_path_and_line(tmp_path, line, sentence):
    path = written(tmp_path, f"# comment\nchr1\t1\t2\n{line}\n")
    with pytest.raises(BedFormatError) as caught:
        read_bed(path, max_skipped=0)
    assert str(caught.value) == f"{path} line 3: {sentence}"
    assert caught.value.line == 3


def test_a_header_without_hash_is_recognised(tmp_path):
    with pytest.raises(
        BedFormatError,
        match=r"line 1: start \('start'\) .*if this line is a header, put '#' before it, unless",
    ):
        read_bed(written(tmp_path, "chrom\tstart\tend\nchr1\t1\t2\n"))


@pytest.mark.parametrize("content", ["", "\n", "# only a comment\n", "track name=x\n"])
def test_a_file_without_intervals_is_an_error(tmp_path, content):
    with pytest.raises(BedFormatError, match="holds no intervals; expected lines of contig, start and end"):
        read_bed(written(tmp_path, content))


def test_binary_truncated_and_missing_files(tmp_path):
    with pytest.raises(BedFormatError, match="is a binary file"):
        read_bed(written(tmp_path, bytes(range(256))))
    packed = gzip.compress(b"".join(b"chr1\t%d\t%d\n" % (i, i + 9) for i in range(5000)))
    with pytest.raises(BedFormatError, match="ends in the middle of its compressed data"):
        read_bed(written(tmp_path, packed[:-20]))
    with pytest.raises(MissingFile, match=r"BED file .* does not exist"):
        read_bed(tmp_path / "none.bed")


@st.composite
def peaks(draw):
    start = draw(st.integers(0, 10**9))
    length = draw(st.integers(1, 10**4))
    interval = Interval(
        draw(st.sampled_from(["chr1", "chrX"])), start, start + length, draw(st.sampled_from("+-."))
    )
    summit = draw(st.none() | st.integers(0, length - 1))
    return Peak(interval, draw(st.sampled_from(["", "a", "a b"])), draw(st.integers(0, 1000)), summit)


@given(rows=st.lists(peaks(), min_size=1, max_size=5))
def test_what_was_written_reads_back(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bed")
    for name in ("out.narrowPeak", "out.bed.gz"):
        write_bed(folder / name, rows)
        again = read_bed(folder / name)
        keep = "narrow" in name
        expected = [
            row._replace(line=i, summit=row.summit if keep else None) for i, row in enumerate(rows, 1)
        ]
        assert again == expected


def peaks_and(lines, n=40):
    return "".join(f"chr1\t{i}\t{i + 9}\n" for i in range(n)) + "\n".join(lines) + "\n"


def test_lines_that_are_wrong_are_counted_all_at_once(tmp_path, caplog):
    wrong = ["chr1\t5", "chr1\t9\t3", "chr1\t-1\t50", "chr1\tx\t3"]
    peaks = read_bed(written(tmp_path, peaks_and(wrong)), max_skipped=0.1)
    assert len(peaks) == 41
    assert peaks[-1].interval == Interval("chr1", 0, 50)
    left_out, mended = caplog.messages
    assert "3 of 44 lines are left out: line 41: has 2 columns; expected at least" in left_out
    assert "; line 42: end (3) is smaller than start (9); line 44: start ('x')" in left_out
    assert "1 of 44 lines is mended: line 43: start (-1) is negative, and is taken as 0" in mended
    with pytest.raises(
        BedFormatError, match="4 of 44 lines are wrong, more than --max-skipped allows"
    ) as caught:
        read_bed(tmp_path / "in.bed")
    assert len(str(caught.value)) < 900


def test_a_summit_behind_the_end_is_none_and_one_of_a_negative_start_stays_where_it_is(tmp_path, caplog):
    right = [NARROW] * 40
    wrong = [NARROW.replace("120", "200"), NARROW.replace("100\t", "-3\t", 1).replace("120", "7")]
    peaks = read_bed(written(tmp_path, "\n".join([*right, *wrong]) + "\n"))
    assert [peak.summit for peak in peaks] == [120] * 40 + [None, 4]
    assert "2 of 42 lines are mended" in caplog.text


@pytest.mark.parametrize("strand", ["*", "?", "."])
def test_other_signs_of_no_strand_are_none(tmp_path, strand, caplog):
    assert read_bed(written(tmp_path, f"chr1\t1\t9\tp\t0\t{strand}\n"))[0].interval.strand == "."
    assert caplog.messages == []


def test_a_region_for_a_strand_leaves_three_columns(tmp_path, caplog):
    line = "chr1\t100\t300\t813.2\t9.1\tchr1:150-160\n"
    peaks = read_bed(written(tmp_path, line * 3))
    assert peaks[0] == Peak(Interval("chr1", 100, 300), line=1)
    assert caplog.messages == [
        f"{tmp_path / 'in.bed'}: 3 of 3 lines have no strand in column 6, and are read as three columns "
        "(first in line 1)"
    ]


IDR = NARROW + "\t2.1\t3.3\t80\t320\t9.1\t110\t90\t310\t8.2\t130"
GAPPED = BED12.replace("0,0,0", "0") + "\t5.1\t9.2\t7.7"


@pytest.mark.parametrize(
    ("name", "line", "summit", "told"),
    [
        ("a.narrowPeak", IDR, 120, False),
        ("a.bed", IDR, 120, False),
        ("a.bed", f"{NARROW}\tchr2\t5\t90\tgene\t0\t+", 120, False),  # intersect -wb
        ("a.regionPeak.gz", NARROW, 120, False),
        ("a.gappedPeak", GAPPED, None, False),
        ("a.bed", BED12, None, False),
        ("a.bed", "chr1\t100\t300\tp\t5\t+\tchr2\t5\t90\tgene\t0\t+", None, True),
        ("a.narrowPeak", "chr1\t100\t300\tp\t5\t+", None, True),
    ],
)
def test_the_summit_is_read_from_lines_of_any_length_or_its_lack_is_told(
    tmp_path, name, line, summit, told, caplog
):
    content = gzip.compress(line.encode()) if name.endswith("gz") else line
    assert read_bed(written(tmp_path, content, name))[0].summit == summit
    assert any("tell no summit in column 10" in message for message in caplog.messages) == told
