"""The contract of formats of alignments: what is written is read again, and none is made of half a file.

Formats are found in their registry, so that a new one is tried without an edit here. A format that is only
written keeps what can be told of its text.
"""

import gzip
import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motifnet.config.align import AligningOptions
from motifnet.errors import AlignmentFormatError
from motifnet.io import alignment_formats
from motifnet.io.alignment_format import ALIGNMENT_FORMATS, first_content
from motifnet.io.alignments import read_alignments, write_alignments
from motifnet.symbols.alignment import Alignment
from tests.io.made_alignments import alignment_lists

READ = [name for name in ALIGNMENT_FORMATS if ALIGNMENT_FORMATS[name].parse is not None]


def rendered(name, alignments):
    return "".join(ALIGNMENT_FORMATS[name].render(alignments))


def read(folder, text):
    path = folder / "alignments"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_alignments(path)


def lines_of(text):
    return enumerate(text.splitlines(), 1)


def rows(alignments):
    return [each.rows() for each in alignments]


def two():
    return [Alignment.from_rows("ACG-TT", "A-GCTA", "x", "y"), Alignment.from_rows("GGCA", "GG-A", "x", "z")]


def test_formats_are_found():
    modules = {ALIGNMENT_FORMATS[name].render.__module__.rpartition(".")[2] for name in ALIGNMENT_FORMATS}
    assert modules == set(alignment_formats.MODULES)
    assert len(ALIGNMENT_FORMATS) >= 4
    assert len(READ) >= 2
    suffixes = {ALIGNMENT_FORMATS[name].suffix for name in ALIGNMENT_FORMATS}
    assert len(suffixes) == len(ALIGNMENT_FORMATS)
    assert all(re.fullmatch(r"\.\w+", suffix) for suffix in suffixes)


def test_formats_are_those_of_the_option():
    (choices, _) = get_args(AligningOptions.model_fields["format"].annotation)
    assert set(get_args(choices)) == set(ALIGNMENT_FORMATS)


@pytest.mark.parametrize("name", list(ALIGNMENT_FORMATS))
@given(alignments=alignment_lists())
def test_a_file_is_of_its_format_and_of_no_other(name, alignments):
    first = first_content(lines_of(rendered(name, alignments)))
    told = [other for other in ALIGNMENT_FORMATS if ALIGNMENT_FORMATS[other].matches(first)]
    assert told == ([name] if name in READ else [])


@pytest.mark.parametrize("name", list(ALIGNMENT_FORMATS))
@given(alignments=alignment_lists())
def test_text_is_whole_lines_that_follow_from_the_alignments(name, alignments, tmp_path_factory):
    path = tmp_path_factory.mktemp("alignments") / "written.gz"
    write_alignments(path, alignments, name)
    text = gzip.decompress(path.read_bytes()).decode()
    assert text == rendered(name, alignments) == rendered(name, alignments)
    assert text.endswith("\n")
    for each in alignments:
        assert each.x_name in text
        assert each.y_name in text


@pytest.mark.parametrize("name", list(ALIGNMENT_FORMATS))
def test_no_alignments_are_written_and_hold_none(name, tmp_path):
    text = rendered(name, [])
    for line in text.splitlines():
        assert line.startswith(("#", "@")), "a line of a header, or none"
    with pytest.raises(AlignmentFormatError):
        read(tmp_path, text)


@pytest.mark.parametrize("name", READ)
@given(alignments=alignment_lists(), ending=st.sampled_from(["\n", "\r\n"]), at_end=st.booleans())
def test_what_was_written_reads_back(name, alignments, ending, at_end, tmp_path_factory):
    folder = tmp_path_factory.mktemp("alignments")
    text = rendered(name, alignments)
    content = (text if at_end else text.rstrip()).replace("\n", ending).encode()
    again = read(folder, gzip.compress(content))
    assert rows(again) == rows(alignments)
    twice = read(folder, rendered(name, again))
    assert rows(twice) == rows(again)
    assert [each.score for each in twice] == [each.score for each in again]
    assert [(each.x_place, each.y_place) for each in twice] == [
        (each.x_place, each.y_place) for each in again
    ]


@pytest.mark.parametrize("name", READ)
def test_a_file_that_was_cut_after_a_line_is_refused_or_holds_what_came_before(name, tmp_path):
    lines = rendered(name, two()).splitlines(keepends=True)
    n_read = 0
    for n_lines in range(1, len(lines)):
        try:
            found = read(tmp_path, "".join(lines[:n_lines]))
        except AlignmentFormatError:
            continue
        n_read += 1
        assert rows(found) == rows(two())[: len(found)]
    assert n_read >= 1  # after the first alignment


@pytest.mark.parametrize("name", READ)
def test_a_file_that_was_cut_within_a_row_is_refused(name, tmp_path):
    text = rendered(name, two()[:1]).rstrip()
    for n_lost in range(1, 4):
        with pytest.raises(AlignmentFormatError):
            read(tmp_path, text[:-n_lost])


@pytest.mark.parametrize("name", READ)
def test_blank_lines_around_change_nothing(name, tmp_path):
    text = rendered(name, two())
    assert rows(read(tmp_path, f"\n{text}\n\n")) == rows(two())


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("empty", ["", "\n\n", "# a comment\n", "\r\n"])
def test_an_empty_file_is_refused(name, empty, tmp_path):
    assert not ALIGNMENT_FORMATS[name].matches(first_content(lines_of(empty)))
    known = ", ".join(READ)
    with pytest.raises(
        AlignmentFormatError, match=re.escape(f"is empty; expected alignments (known formats: {known})")
    ):
        read(tmp_path, empty)
    if not empty.strip():
        assert list(ALIGNMENT_FORMATS[name].parse(lines_of(empty), Path("empty"))) == []


def test_what_is_of_no_format_is_refused(tmp_path):
    with pytest.raises(
        AlignmentFormatError, match=re.escape(f"as no known alignment format does (known: {', '.join(READ)})")
    ):
        read(tmp_path, "@SQ\tSN:x\n")
