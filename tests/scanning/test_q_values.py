"""q-values from counts against Benjamini and Hochberg's rule for all windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanned import SKEWED, listed, small_scanner

from motifnet.scanning import ScoreCounts, pieces_of, scan_stream
from motifnet.scanning.hits import joined
from motifnet.symbols import Sequences


def benjamini_hochberg(p_value):
    order = np.argsort(p_value)
    ratio = p_value[order] * len(p_value) / np.arange(1, len(p_value) + 1)
    q_value = np.empty(len(p_value))
    q_value[order] = np.minimum.accumulate(ratio[::-1])[::-1]
    return np.minimum(q_value, 1)


def counted(scanner, sequences, p_value, size=100):
    """All hits of a stream, their q-values, and the counts that those are from."""
    thresholds = scanner.thresholds(p_value=p_value)
    counts, parts = ScoreCounts(scanner, thresholds), []
    for part in scan_stream(scanner, pieces_of(sequences, size), thresholds):
        counts.add(part.hits, part.n_windows)
        parts.append(part.hits)
    hits = joined(parts)
    return hits, counts.q_values(hits), counts


@pytest.mark.parametrize("strand_symmetric", [True, False])
def test_with_every_window_counted_it_is_the_rule(strand_symmetric):
    hits, q_value, _ = counted(small_scanner(strand_symmetric=strand_symmetric), SKEWED, 1.0)
    for motif in range(4):
        mine = hits.motif == motif
        np.testing.assert_allclose(q_value[mine], benjamini_hochberg(hits.p_value[mine]), rtol=1e-12)


@given(st.sampled_from([0.02, 0.1, 0.5]), st.integers(0, 5))
def test_hits_at_a_q_value_need_no_lower_threshold(share, seed):
    scanner = small_scanner()
    codes = np.random.default_rng(seed).integers(0, 4, 400).astype(np.uint8)
    best = scanner.scores[3].steps.argmax(0)
    for start in range(0, 400, 40):
        codes[start : start + len(best)] = best
    sequences = Sequences.from_codes([codes])
    everything, all_q, _ = counted(scanner, sequences, 1.0)
    some, some_q, counts = counted(scanner, sequences, share)
    wanted, found = everything.select(all_q <= share), some.select(some_q <= share)
    assert wanted.n == found.n > 0
    np.testing.assert_array_equal(wanted.start, found.start)
    np.testing.assert_allclose(all_q[all_q <= share], some_q[some_q <= share], rtol=1e-12)
    again = scanner.scan(sequences, counts.thresholds(share))
    assert listed(again) == listed(found)


def test_without_hits_there_are_no_q_values():
    hits, q_value, _ = counted(small_scanner(), Sequences.from_text(["AC"]), 1e-5)
    assert hits.n == len(q_value) == 0
