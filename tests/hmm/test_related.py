"""Whether pairs are related, and on which strand, before anything is learnt."""

import numpy as np
import pytest

from motifnet.hmm.related import more_words, related
from motifnet.kernels.pair_hmm.cpu import DEFAULT_BAND
from motifnet.symbols import DNA
from motifnet.symbols.pairs import PairedSequences
from tests.benchmarks.pair_simulation import Process, simulated


def found(pairs, mode="global"):
    return related(pairs, mode, DEFAULT_BAND)


@pytest.mark.parametrize("length", [40, 150, 1200])
@pytest.mark.parametrize("divergence", [0.02, 0.2, 0.35])
def test_related_pairs_are_related_on_either_strand(length, divergence):
    pairs = simulated(Process(divergence, 0.01, 0.5), 20, length, length).pairs
    told = found(pairs)
    least = 0.8 if length == 40 and divergence > 0.3 else 1.0
    assert told.is_related.mean() >= least
    assert not told.is_turned.any()
    other = found(pairs.turned(range(20)))
    assert other.is_turned.mean() >= least
    assert not other.is_related.any()


@pytest.mark.parametrize("mode", ["global", "semi-global", "local"])
@pytest.mark.parametrize("length", [20, 200, 1000])
def test_sequences_of_no_relation_are_not_related(length, mode):
    generator = np.random.default_rng(length)
    n = 20 if length == 1000 else 100
    sides = generator.integers(0, 4, (2, n, length)).astype(np.uint8)
    x, y = (simulated(Process(0.5, 0.01), n, 10, 0).pairs.x.from_codes(list(side)) for side in sides)
    told = found(PairedSequences(x, y, x.names), mode)
    assert (told.is_related | told.is_turned).mean() <= 0.1  # one in e ** 3 for each strand, at most


def test_shared_words_tell_the_strand_of_long_pairs():
    (x, y) = simulated(Process(0.1, 0.01, 0.5), 1, 3000, 1).pairs[0]
    assert more_words(x, y) == 1
    assert more_words(x, DNA.reverse_complement(y)) == -1
    assert more_words(x, np.random.default_rng(0).integers(0, 4, 3000).astype(np.uint8)) == 0
    assert more_words(x[:3], y[:3]) == 0
