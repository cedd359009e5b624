"""The letters of an alignment: every column once, in order, with the right numbers and shades."""

from dataclasses import replace

import numpy as np
import pytest
from aligned_pairs import pair_of

from motifnet.report.drawing.shades import shade
from motifnet.report.pages.alignment_text import COLUMNS_A_LINE, alignment_lines
from motifnet.symbols.alignment import Alignment


@pytest.mark.parametrize("n_columns", [1, COLUMNS_A_LINE, COLUMNS_A_LINE + 1, 350])
def test_lines_hold_every_column_in_order(n_columns):
    alignment, _ = pair_of(n_columns)
    lines = list(alignment_lines(alignment, most_columns=10_000))
    pieces = [piece for line in lines for piece in line.pieces]
    assert ("".join(piece.x for piece in pieces), "".join(piece.y for piece in pieces)) == alignment.rows()
    shades = [piece.shade for piece in pieces for _ in piece.x]
    assert shades == shade(alignment.confidence).tolist()
    widths = [sum(len(piece.x) for piece in line.pieces) for line in lines]
    assert widths[:-1] == [COLUMNS_A_LINE] * (len(lines) - 1)


def test_bars_join_equal_bases():
    (line,) = alignment_lines(Alignment.from_rows("ACNGT-", "ATNG-A"), most_columns=10)
    assert line.pieces == [(0, "ACNGT-", "|  |  ", "ATNG-A")]


@pytest.mark.parametrize("strand", ["+", "-"])
def test_numbers_count_the_bases(strand):
    alignment = pair_of(250, seed=3)[0]
    alignment = replace(alignment, y_place=replace(alignment.y_place, strand=strand))
    for line in alignment_lines(alignment, most_columns=10_000):
        x, y = (
            "".join(letters).replace("-", "") for letters in zip(*(p[1::2] for p in line.pieces), strict=True)
        )
        assert line.x[1] - line.x[0] + 1 == len(x)
        assert abs(line.y[1] - line.y[0]) + 1 == len(y)
    first, last = next(alignment_lines(alignment, 10_000)), line
    n = len(alignment.y)
    assert (first.y[0], last.y[1]) == ((1, n) if strand == "+" else (n, 1))


def test_a_local_alignment_begins_where_it_does():
    alignment, _ = pair_of(20)
    longer = replace(alignment, x=np.append(np.zeros(7, np.uint8), alignment.x), x_start=7, x_place=None)
    (line,) = alignment_lines(longer, most_columns=50)
    assert line.x == (8, 7 + len(alignment.x))


def test_a_line_without_a_base_has_no_numbers():
    alignment, _ = pair_of(20, insertion=(10, 3 * COLUMNS_A_LINE))
    assert (0, 0) in [line.x for line in alignment_lines(alignment, most_columns=10_000)]


def test_only_the_first_columns_are_shown():
    alignment, _ = pair_of(350)
    lines = list(alignment_lines(alignment, most_columns=150))
    assert [sum(len(piece.x) for piece in line.pieces) for line in lines] == [
        COLUMNS_A_LINE,
        150 - COLUMNS_A_LINE,
    ]


def test_without_confidence_nothing_is_shaded():
    alignment = replace(pair_of(30)[0], confidence=None)
    (line,) = alignment_lines(alignment, most_columns=50)
    assert [piece.shade for piece in line.pieces] == [0]
