"""Pairs of words that like a distance come first, and what is frequent at any distance does not."""

from __future__ import annotations

import numpy as np
import pytest

from motifnet.hmm.flanks import Flanks
from motifnet.hmm.profile import fit
from motifnet.hmm.profile_columns import SiteRoom
from motifnet.hmm.profile_pairs import pair_starts
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences

RICH = np.array([0.4, 0.1, 0.1, 0.4])


def fitted(model, sequences):
    return fit(model, sequences, max_rounds=20)


def drawn(n, boxes, spacings, seed=0, length=50, turned=False):
    """Sequences rich in A and T, with two boxes in them."""
    rng = np.random.default_rng(seed)
    codes = rng.choice(4, (n, length), p=RICH).astype(np.uint8)
    for row, gap in zip(codes, rng.choice(spacings, n), strict=True):
        start = int(rng.integers(0, length - sum(map(len, boxes)) - gap + 1))
        for place, box in zip((start, start + len(boxes[0]) + gap), boxes, strict=True):
            row[place : place + len(box)] = DNA.encode(box)
        if turned and rng.random() < 0.5:
            row[:] = DNA.reverse_complement(row)
    return Sequences.from_codes(codes)


@pytest.mark.parametrize(("strand", "turned"), [(Strand.SINGLE, False), (Strand.BOTH, True)])
def test_boxes_at_three_distances_are_the_best_start(strand, turned):
    sequences = drawn(80, ("TTGACA", "TACGAT"), (12, 13, 14), turned=turned)
    flanks = Flanks.learn(sequences, strand_symmetric=turned)
    first = pair_starts(sequences, flanks, strand=strand, room=SiteRoom(50, 50), fitted=fitted)[0].model
    found = first.motif("found", 1.0).consensus
    if turned and "TTGACA" not in found:
        found = DNA.decode(DNA.reverse_complement(DNA.encode(found.replace("H", "N"))))
    assert "TGAC" in found
    assert "ACGA" in found
    middle = first.spacer.lengths[first.spacer.probabilities > 0.15]
    assert len(middle) == 3


def test_what_is_too_short_for_two_blocks_has_no_start():
    sequences = Sequences.from_text(["ACGTACGTAC"] * 5)
    flanks = Flanks.independent(np.full(4, 0.25))
    assert pair_starts(sequences, flanks, strand=Strand.SINGLE, room=SiteRoom(10, 10), fitted=fitted) == []
