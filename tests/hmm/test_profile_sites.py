"""Rows and sites of a path that is known."""

from __future__ import annotations

import numpy as np

from motifnet.hmm.profile import ProfileAlignment
from motifnet.hmm.profile_sites import rows, sites
from motifnet.symbols import Sequences

SEQUENCES = Sequences.from_text(["CCGATACC", "GGTAGTCGG", "CCGAACC", "CCCC"], ["a", "b", "c", "d"])
COLUMNS = np.array([[2, 3, 4, 5], [2, 3, 5, 6], [2, 3, -1, 4], [-1] * 4])
REVERSE = np.array([False, True, False, False])
POSTERIOR = np.where(COLUMNS >= 0, 0.5, 0.0)
ALIGNED = ProfileAlignment(COLUMNS, REVERSE, POSTERIOR, np.log([8, 4, 2, 1]))


def test_rows_have_one_length_and_show_gaps():
    assert list(rows(ALIGNED, SEQUENCES)) == ["GA.TA", "GAcTA", "GA.-A"]


def test_sites_lie_where_they_are_on_the_sequence_as_it_was_read():
    one, turned, deleted = sites(ALIGNED, SEQUENCES)
    assert (one.start, one.end, one.strand, one.text) == (2, 6, "+", "GATA")
    assert (turned.start, turned.end, turned.strand, turned.text) == (2, 7, "-", "GACTA")
    assert (one.spacers, turned.spacers, deleted.spacers) == ({}, {2: 1}, {})
    assert (one.deletions, deleted.deletions, deleted.text) == ([], [3], "GAA")
    assert (one.posterior, one.log_odds) == (0.5, 3.0)
