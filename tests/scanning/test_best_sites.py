"""The best site of every sequence, against every window scored one by one."""

import numpy as np
import pytest

from motifnet.motifs import Motif
from motifnet.scanning import best_sites
from motifnet.scanning.best_sites import Scorer
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background

BACKGROUND = Background.from_gc(0.4)


def random_motifs(rng, widths):
    return [Motif(f"m{i}", rng.integers(0, 20, (4, width)) + 1.0) for i, width in enumerate(widths)]


def by_hand(steps, codes, *, strand):
    """Best score, first place of it, and strand; over windows of known bases."""
    width = steps.shape[1]
    found = [(-np.inf, -1, False)]
    for start in range(len(codes) - width + 1):
        word = codes[start : start + width]
        if (word < 4).all():
            scores = [(steps[word, np.arange(width)].sum(), False)]
            if strand.reads_both:
                scores.append((steps[3 - word[::-1], np.arange(width)].sum(), True))
            found += [(score, start, reverse) for score, reverse in scores]
    return max(found, key=lambda one: (one[0], -one[1], not one[2]))


@pytest.mark.parametrize("strand", [Strand.BOTH, Strand.SINGLE])
def test_it_is_the_best_of_all_windows(strand, monkeypatch):
    monkeypatch.setattr(best_sites, "_AT_ONCE", 1)
    rng = np.random.default_rng(0)
    motifs = random_motifs(rng, [6] * 20 + [9])
    sequences = Sequences.from_codes([rng.integers(0, 4, n, dtype=np.uint8) for n in (40, 5, 8, 25)])
    sequences.codes[12] = 4
    scorer = Scorer(motifs, BACKGROUND, strand=strand)
    found = dict(scorer.best(sequences))
    assert sorted(found) == list(range(21))
    for index, sites in found.items():
        for i in range(len(sequences)):
            best = by_hand(scorer.scores[index].steps, sequences[i], strand=strand)
            seen = sites.score[i], sites.start[i], sites.reverse[i]
            assert seen == best if best[1] >= 0 else seen[0] == best[0]


def test_thresholds_are_of_the_share_of_words_that_reach_them():
    motif = random_motifs(np.random.default_rng(1), [5])[0]
    scorer = Scorer([motif], BACKGROUND, strand=Strand.SINGLE)
    words = np.indices((4,) * 5).reshape(5, -1)
    chance = BACKGROUND.probabilities[words].prod(0)
    score = scorer.scores[0].steps[words, np.arange(5)[:, None]].sum(0)
    for p_value, threshold in zip(
        (0.1, 0.01), map(scorer.distribution(0).threshold, (0.1, 0.01)), strict=True
    ):
        assert chance[score >= threshold].sum() <= p_value + 1e-12
        assert chance[score >= threshold - 1].sum() > p_value


def test_only_those_asked_for_are_scored():
    scorer = Scorer(random_motifs(np.random.default_rng(2), [5, 5, 6]), BACKGROUND, strand=Strand.BOTH)
    some = Sequences.from_text(["ACGTACGTAC"])
    assert [index for index, _ in scorer.best(some, [2, 0])] == [0, 2]
