"""Opening, writing whole, and the sentences of what can go wrong."""

import errno
import gzip
import hashlib
import os

import pytest

from motifnet.errors import (
    BedFormatError,
    DiskFull,
    FileFormatError,
    InvalidValue,
    MissingFile,
    UnwritableFolder,
)
from motifnet.io.text import atomic_path, atomic_write, numbered_lines, open_text, sha256


@pytest.mark.parametrize("name", ["plain.txt", "plain.gz", "packed.txt"])
def test_the_content_tells_gzip_and_not_the_name(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"one\ntwo\n") if name.startswith("packed") else b"one\ntwo\n")
    with open_text(path) as handle:
        assert handle.read() == "one\ntwo\n"


@pytest.mark.parametrize("content", [b"one\ntwo", b"one\r\ntwo\r\n", b"\xef\xbb\xbfone\ntwo\n"])
def test_lines_lose_their_ends_and_the_byte_order_mark(tmp_path, content):
    path = tmp_path / "lines.txt"
    path.write_bytes(content)
    assert list(numbered_lines(path)) == [(1, "one"), (2, "two")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bytes(range(256)), ": is a binary file; expected text"),
        (b"one\ntw\0o\n", " line 2: is a binary file; expected text"),
        (b"one\nna\xefve\n", " line 2: is not UTF-8 text; convert it, for example with iconv"),
        (b"one\rtwo\r", " line 1: has old Mac line ends (carriage returns alone); convert them"),
        (b"PK\x03\x04rest", ": is packed with zip; unpack it, or pack it with gzip"),
        (b"BZh9rest", ": is packed with bzip2; unpack it, or pack it with gzip"),
    ],
)
def test_what_is_no_text_is_said_with_the_line(tmp_path, content, sentence):
    path = tmp_path / "input.bed"
    path.write_bytes(content)
    with pytest.raises(BedFormatError) as caught:
        list(numbered_lines(path, "BED file", BedFormatError))
    assert str(caught.value) == f"{path}{sentence}"


def test_a_gzip_file_that_is_cut_short_says_so(tmp_path):
    path = tmp_path / "cut.txt.gz"
    path.write_bytes(gzip.compress(os.urandom(20_000).hex().encode())[:-4000])
    with pytest.raises(FileFormatError, match="ends in the middle of its compressed data"):
        list(numbered_lines(path))


def test_a_gzip_file_with_a_wrong_byte_says_so(tmp_path):
    path = tmp_path / "corrupt.txt.gz"
    packed = bytearray(gzip.compress(os.urandom(20_000).hex().encode()))
    packed[-6] ^= 0xFF  # within the checksum
    path.write_bytes(packed)
    with pytest.raises(FileFormatError, match="holds corrupt compressed data"):
        list(numbered_lines(path))


def test_missing_files_and_folders_are_told_apart(tmp_path):
    with pytest.raises(MissingFile, match=r"BED file .*none\.bed does not exist"):
        list(numbered_lines(tmp_path / "none.bed", "BED file"))
    with pytest.raises(MissingFile, match=r"BED file .* is a folder"):
        list(numbered_lines(tmp_path, "BED file"))


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileFormatError, match="is a pipe or device"):
        list(numbered_lines(tmp_path / "pipe"))


def test_a_file_without_permission_is_one_sentence(tmp_path, monkeypatch):
    path = tmp_path / "secret.txt"
    path.write_text("text")

    def refuse(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(FileFormatError, match=r"cannot be read \(Permission denied\)"):
        list(numbered_lines(path))


def test_a_file_appears_when_it_is_complete(tmp_path):
    path = tmp_path / "out.txt"
    with atomic_write(path) as handle:
        handle.write("half")
        handle.flush()
        assert not path.exists()
    assert path.read_text() == "half"
    assert os.listdir(tmp_path) == ["out.txt"]


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt])
def test_an_interrupted_writer_leaves_the_old_file_alone(tmp_path, interruption):
    path = tmp_path / "out.txt"
    path.write_text("old")

    def write_half():
        with atomic_write(path) as handle:
            handle.write("new")
            raise interruption

    with pytest.raises(interruption):
        write_half()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.txt"]


def test_bytes_can_be_written_and_the_temporary_name_keeps_the_ending(tmp_path):
    with atomic_write(tmp_path / "out.bin", "wb") as stream:
        stream.write(b"\0\1")
    assert (tmp_path / "out.bin").read_bytes() == b"\0\1"
    with atomic_path(tmp_path / "logo.png") as temporary:
        assert temporary.suffix == ".png"
        assert temporary.parent == tmp_path


def test_a_name_that_ends_in_gz_is_packed_reproducibly(tmp_path):
    for name in ("a.txt.gz", "b.txt.gz"):
        with atomic_write(tmp_path / name) as handle:
            handle.write("text\n")
    assert gzip.decompress((tmp_path / "a.txt.gz").read_bytes()) == b"text\n"
    assert (tmp_path / "a.txt.gz").read_bytes() == (tmp_path / "b.txt.gz").read_bytes()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path, number):
    with (
        pytest.raises(DiskFull, match=f"no space left on the disk of {tmp_path}"),
        atomic_write(tmp_path / "out"),
    ):
        raise OSError(number, os.strerror(number))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_an_unwritable_folder_is_one_sentence(tmp_path, number, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(type(tmp_path), "touch", refuse)
    with pytest.raises(UnwritableFolder) as caught, atomic_write(tmp_path / "out"):
        pytest.fail("the folder was taken to be writable")
    assert (
        str(caught.value)
        == f"cannot write to {tmp_path} ({os.strerror(number)}); choose another output folder"
    )


def test_a_folder_in_the_place_of_a_file_is_left_alone(tmp_path):
    (tmp_path / "out").mkdir()
    with (
        pytest.raises(UnwritableFolder, match=r"cannot write to .*out \(Is a directory\)"),
        atomic_write(tmp_path / "out"),
    ):
        pytest.fail("the folder was taken to be a file")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_is_not_there_is_unwritable(tmp_path):
    with (
        pytest.raises(UnwritableFolder, match="No such file or directory"),
        atomic_write(tmp_path / "a" / "b"),
    ):
        pytest.fail("the folder was taken to be there")


def test_other_errors_of_the_operating_system_pass(tmp_path):
    with pytest.raises(ConnectionError), atomic_write(tmp_path / "out"):
        raise ConnectionError(errno.ECONNRESET, "reset")


def test_sha256_is_of_the_bytes_on_the_disk(tmp_path):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"text"))
    assert sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_pipe_or_device_is_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InvalidValue, match="expected a file, not a pipe or device"), atomic_write(pipe):
        pass
    assert pipe.is_fifo()


def test_a_symbolic_link_stays_one(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere/hits.bed", tmp_path / "hits.bed"
    link.symlink_to(target)
    for text in ("one", "two"):
        with atomic_write(link) as handle:
            handle.write(text)
        assert link.is_symlink()
        assert target.read_text() == text
