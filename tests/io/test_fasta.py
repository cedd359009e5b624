"""FASTA: what is read, what is refused, and that blocks do not show."""

import gzip
from functools import partial

import numpy as np
import pytest
from Bio import bgzf
from Bio.SeqIO.FastaIO import SimpleFastaParser
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import FastaFormatError, MissingFile
from motifnet.io import fasta
from motifnet.io.fasta import read_fasta, write_fasta
from motifnet.symbols import DNA, Interval, Sequences


def written(folder, content, name="in.fa"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def texts(sequences):
    return [sequences.text(i) for i in range(len(sequences))]


def test_what_the_format_allows_is_read(tmp_path):
    content = "\n\n>one first of all\nACGT\nacgu\n\n>\nRYN\n>empty\n>last\n  AC GT  "
    sequences = read_fasta(written(tmp_path, content))
    assert list(sequences.names) == ["one", "seq2", "empty", "last"]
    assert texts(sequences) == ["ACGTACGT", "NNN", "", "ACGT"]
    assert sequences.lengths.tolist() == [8, 3, 0, 4]
    assert sequences.intervals is None
    assert sequences.codes.dtype == np.uint8


@pytest.mark.parametrize("ending", ["", "\n", "\n\n", "\r\n"])
def test_the_last_record_does_not_need_a_line_end(tmp_path, ending):
    assert texts(read_fasta(written(tmp_path, f">a\nAC\n>b\nGT{ending}"))) == ["AC", "GT"]
    assert texts(read_fasta(written(tmp_path, f">a\nAC\n>b{ending}"))) == ["AC", ""]


def test_windows_files_read_as_others(tmp_path):
    content = ">a x\nAC\nGT\n>b\nGG\n"
    windows = read_fasta(written(tmp_path, b"\xef\xbb\xbf" + content.replace("\n", "\r\n").encode()))
    assert list(windows.names) == ["a", "b"]
    assert texts(windows) == ["ACGT", "GG"]


def test_gzip_and_bgzip_read_as_plain(tmp_path):
    content = b">a\nACGT\n>b\nGG\n"
    with bgzf.BgzfWriter(tmp_path / "b.fa.gz", "wb") as handle:
        handle.write(content)
    members = gzip.compress(content[:8]) + gzip.compress(content[8:])
    for path in (tmp_path / "b.fa.gz", written(tmp_path, gzip.compress(content)), written(tmp_path, members)):
        assert texts(read_fasta(path)) == ["ACGT", "GG"]


def test_soft_masked_bases_count_unless_asked_otherwise(tmp_path):
    path = written(tmp_path, ">a\nACgtN\n")
    assert texts(read_fasta(path)) == ["ACGTN"]
    assert texts(read_fasta(path, mask_lowercase=True)) == ["ACNNN"]


def test_coordinates_in_headers_become_intervals(tmp_path):
    sequences = read_fasta(written(tmp_path, ">p1 chr1:10-14(-)\nACGT\n>p2\nAC\n>chr2:11-14\nACGT\n"))
    assert sequences.intervals == [Interval("chr1", 10, 14, "-"), None, Interval("chr2", 10, 14, ".")]


RECORDS = st.lists(
    st.tuples(st.text("abc:1-9", min_size=1, max_size=6), st.text("ACGTN", max_size=30)),
    min_size=1,
    max_size=8,
)


@given(records=RECORDS, line_width=st.integers(0, 7))
def test_what_was_written_reads_back(records, line_width, tmp_path_factory):
    path = tmp_path_factory.mktemp("fasta") / "out.fa"
    sequences = Sequences.from_text([text for _, text in records], [name for name, _ in records])
    write_fasta(path, sequences, line_width)
    again = read_fasta(path)
    assert list(again.names) == list(sequences.names)
    assert texts(again) == texts(sequences)


@given(records=RECORDS, line_width=st.integers(0, 7), block=st.integers(1, 40))
def test_the_size_of_the_blocks_does_not_show(records, line_width, block, tmp_path_factory):
    path = tmp_path_factory.mktemp("fasta") / "out.fa.gz"
    write_fasta(
        path, Sequences.from_text([text for _, text in records], [name for name, _ in records]), line_width
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fasta, "_BLOCK", block)
        sequences = read_fasta(path)
    with gzip.open(path, "rt") as handle:
        oracle = list(SimpleFastaParser(handle))
    assert list(zip(sequences.names, texts(sequences), strict=True)) == oracle
    assert np.array_equal(sequences.codes, DNA.encode("".join(text for _, text in oracle)))


def test_no_sequences_make_a_file_without_text(tmp_path):
    write_fasta(tmp_path / "none.fa", Sequences.from_text([]))
    assert (tmp_path / "none.fa").read_bytes() == b""


PROTEIN = ">P1\nMKVLAAGIRK\n>P2\nMSTNPKPQRK\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", ": is empty; expected sequences in FASTA format"),
        (gzip.compress(b"", mtime=0), ": is empty; expected sequences in FASTA format"),
        ("\n  \n", ": is empty; expected sequences in FASTA format"),
        ("\nACGT\n", " line 2: starts with 'ACGT'; a FASTA file starts with '>'"),
        ("@read\nACGT\n+\nIIII\n", " line 1: looks like FASTQ; convert it to FASTA"),
        (
            ">a\nAC\n" + PROTEIN,
            " line 4: sequence 'P1' looks like protein (it has I, L); expected DNA or RNA",
        ),
        (
            ">a\nAC\n>b two\nACGT\nAC5T\n",
            " line 5: sequence 'b two' has the letter '5'; expected A, C, G, T, U or an IUPAC code of bases",
        ),
        (
            ">a\nAC>b\n",
            " line 2: sequence 'a' has the letter '>'; expected A, C, G, T, U or an IUPAC code of bases",
        ),
        (
            ">a\nACGT\n>b x\nAC.T\n",
            " line 4: sequence 'b x' has the gap '.'; expected unaligned sequences (--degap takes gaps out)",
        ),
        (
            ">a\nACGT*\n",
            " line 2: sequence 'a' has the gap '*'; expected unaligned sequences (--degap takes gaps out)",
        ),
        (bytes(range(256)) * 9, ": is a binary file; expected text"),
        (b">a\n" + b"ACGT" * 999 + b"\n>b\nAC\0GT\n", " line 4: is a binary file; expected text"),
        (">a\rACGT\r", ": has old Mac line ends (carriage returns alone); convert them"),
        (b">a\nAC\n>na\xefve\nGT\n", " line 3: has a header that is not UTF-8 text; convert it with iconv"),
        (b"PK\x03\x04", ": is packed with zip; unpack it, or pack it with gzip"),
    ],
)
def test_errors_say_where_and_what_would_be_right(tmp_path, content, sentence):
    path = written(tmp_path, content)
    with pytest.raises(FastaFormatError) as caught:
        read_fasta(path)
    assert str(caught.value) == f"{path}{sentence}"


def test_lines_are_counted_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(fasta, "_BLOCK", 64)
    path = written(tmp_path, "\n" + ">a\nACGT\n" * 100 + ">bad\nAC!T\n")
    with pytest.raises(FastaFormatError, match=r"line 203: sequence 'bad' has the letter '!'"):
        read_fasta(path)


@pytest.mark.parametrize("pack", [gzip.compress, partial(gzip.compress, compresslevel=0)])
def test_a_gzip_file_that_is_cut_short_is_no_shorter_set(tmp_path, pack):
    content = b"".join(b">s%d\n%s\n" % (i, b"ACGTTGCA" * 9) for i in range(2000))
    packed = pack(content)
    for kept in (len(packed) // 2, len(packed) - 1):
        path = written(tmp_path, packed[:kept], "cut.fa.gz")
        with pytest.raises(FastaFormatError, match=r"cut\.fa\.gz: ends in the middle of its compressed data"):
            read_fasta(path)


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(MissingFile, match=r"FASTA file .*none\.fa does not exist"):
        read_fasta(tmp_path / "none.fa")
    with pytest.raises(MissingFile, match="is a folder"):
        read_fasta(tmp_path)


def test_places_that_are_not_understood_are_counted(tmp_path, caplog):
    sequences = read_fasta(
        written(tmp_path, b">chr1:0-4\nACGT\n>chr1:0-9_x\nACGT\n>chr1:0-9\nACGT\n>plain\nACGT\n")
    )
    assert sequences.intervals == [Interval("chr1", 0, 4), None, None, None]
    (record,) = caplog.records
    assert "the places that 2 of 4 headers name are not understood" in record.getMessage()
    assert "the first is 'chr1:0-9_x'" in record.getMessage()


def test_gaps_are_taken_out_where_asked_and_counted(tmp_path, caplog):
    path = written(tmp_path, ">a-b\nAC-GT\n..A\n>b\nAC*\n>c\n--\n")
    sequences = read_fasta(path, degap=True)
    assert list(zip(sequences.names, texts(sequences), strict=True)) == [
        ("a-b", "ACGTA"),
        ("b", "AC"),
        ("c", ""),
    ]
    assert caplog.messages == [f"{path}: 6 gaps are taken out of the sequences"]
