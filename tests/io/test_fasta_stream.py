"""A FASTA file in pieces is the file, wherever it is cut, and refused where it would be as a whole."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motifnet.errors import FastaFormatError
from motifnet.io.fasta import read_fasta
from motifnet.io.fasta_stream import stream_fasta
from motifnet.symbols import DNA

RECORDS = st.lists(
    st.tuples(
        st.sampled_from(["", "a", "chr1 first"]), st.lists(st.text("ACGTacgtNR-.*", max_size=9), max_size=3)
    ),
    min_size=1,
    max_size=4,
)


def laid_out(path, size, **options):
    """The letters of all stretches, where sequences begin in them, and their names."""
    codes, begins, names, place = [], [], [], 0
    for stretch in stream_fasta(path, size, **options):
        codes.append(stretch.codes)
        begins += (place + stretch.begins).tolist()
        names += stretch.names
        place += len(stretch.codes)
    return np.concatenate(codes), begins, names


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS, size=st.integers(1, 40), end=st.sampled_from(["\n", "\r\n"]), mask=st.booleans())
def test_pieces_are_the_whole(records, size, end, mask, tmp_path):
    lines = [line for header, text in records for line in (f">{header}", *text)]
    path = tmp_path / "in.fa"
    path.write_bytes(end.join(lines).encode())
    whole = read_fasta(path, mask_lowercase=mask, degap=True)
    codes, begins, names = laid_out(path, size, mask_lowercase=mask, degap=True)
    assert names == list(whole.names)
    parts = np.split(codes, begins)[1:]
    assert [part[0] for part in parts] == [4] * len(whole)
    assert [DNA.decode(part[1:]) for part in parts] == [whole.text(i) for i in range(len(whole))]


def test_a_stretch_is_no_longer_than_asked_for(tmp_path):
    path = tmp_path / "in.fa.gz"
    path.write_bytes(gzip.compress(b">a\n" + b"ACGTACGTAC\n" * 20_000))
    lengths = [len(stretch.codes) for stretch in stream_fasta(path, 5_000)]
    assert sum(lengths) == 200_001
    assert max(lengths) <= 5_000 + 1


@pytest.mark.parametrize("size", [3, 1000])
@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", None, "is empty"),
        (b"\nACGT\n", 2, "starts with 'ACGT'"),
        (b"@a\nACGT\n", 1, "FASTQ"),
        (b">a\nACGT\nAC!T\n", 3, "sequence 'a' has the letter '!'"),
        (b">a\nACGT\nA-C\n", 3, r"sequence 'a' has the gap '-'; expected unaligned sequences \(--degap"),
        (b">a\nACGT\n>b\nAC>GT\n", 4, "sequence 'b' has the letter '>'"),
        (b">a\nACGT\n\0\0\n", None, "is a binary file"),
        (b">a\rACGT\r", None, "old Mac line ends"),
        (b">\xff\nACGT\n", None, "not UTF-8"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(content, line, said, size, tmp_path):
    path = tmp_path / "in.fa"
    path.write_bytes(content)
    with pytest.raises(FastaFormatError, match=said) as problem:
        list(stream_fasta(path, size))
    assert line is None or problem.value.line == line


def test_protein_is_told(tmp_path):
    (tmp_path / "in.fa").write_text(">p\nMKVLILACLVALALAREEFPWQ\n")
    with pytest.raises(FastaFormatError, match="line 2: sequence 'p' looks like protein"):
        list(stream_fasta(tmp_path / "in.fa"))


def test_a_file_cut_short_is_refused(tmp_path):
    path = tmp_path / "in.fa.gz"
    rng = np.random.default_rng(0)
    path.write_bytes(
        gzip.compress(b">s\n" + rng.choice(list(b"ACGT"), 50_000).astype(np.uint8).tobytes())[:-40]
    )
    with pytest.raises(FastaFormatError, match="in the middle of its compressed data"):
        list(stream_fasta(path))


@pytest.mark.parametrize("size", [3, 1000])
def test_gaps_are_taken_out_where_asked_and_counted(tmp_path, size, caplog):
    (tmp_path / "in.fa").write_text(">a-b\nAC-GT\n..A\n>b\nAC*\n")
    codes, begins, names = laid_out(tmp_path / "in.fa", size, degap=True)
    assert (DNA.decode(codes), begins, names) == ("NACGTANAC", [0, 6], ["a-b", "b"])
    assert caplog.messages == [f"{tmp_path / 'in.fa'}: 4 gaps are taken out of the sequences"]
    (tmp_path / "in.fa").write_text(">a-b\nAC-GT\n..A!\n")
    with pytest.raises(FastaFormatError, match="line 3: sequence 'a-b' has the letter '!'"):
        list(stream_fasta(tmp_path / "in.fa", degap=True))
