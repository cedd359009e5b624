"""Do two lineages gain and lose alike? Found where they do not, and not where the model is merely wrong."""

import math

import numpy as np
import pytest

from motifnet.errors import InvalidValue, TooFewSequences
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_curvature import curvature
from motifnet.hmm.pair_pieces import pieces
from motifnet.hypotheses.indel_test import indel
from motifnet.symbols.pairs import PairedSequences
from motifnet.ties.tested import TieTest, TieVerdict
from tests.benchmarks.gapped_pairs import Law, drawn

_UNLIKE = Law(opening=(0.012, 0.028))
_LONGER = Law(extend=(0.4, 0.7))


_SHORT = (50, 100)


@pytest.fixture(scope="module")
def unlike() -> PairedSequences:
    return drawn(_UNLIKE, 80, seed=1, columns=_SHORT)


@pytest.fixture(scope="module")
def found(unlike: PairedSequences) -> TieTest:
    return indel(unlike, gap_classes="1")


def test_gaps_that_open_unlike_are_found_and_told(found: TieTest):
    assert found.verdict is TieVerdict.REJECTED
    assert found.df == 2
    assert found.effect.low < 0.028 / 0.012 < found.effect.high
    assert found.gain.mean > 0
    assert "stretches that only y has" in found.sentence
    assert any("cannot tell an insertion in x from a deletion in y" in note for note in found.notes)


def test_the_exchange_of_x_and_y_inverts_the_ratios_and_leaves_the_p_value(
    found: TieTest, unlike: PairedSequences
):
    other = indel(unlike.swapped(), gap_classes="1")
    assert math.isclose(found.p, other.p, rel_tol=0.02)
    assert math.isclose(found.effect.value * other.effect.value, 1, rel_tol=1e-2)
    assert math.isclose(found.effect.low * other.effect.high, 1, rel_tol=1e-2)


def test_lengths_are_tested_by_themselves():
    pairs = drawn(_LONGER, 80, seed=2, columns=_SHORT)
    longer, as_many = (indel(pairs, parameters=[name], gap_classes="1") for name in ("extend", "open"))
    assert longer.verdict is TieVerdict.REJECTED
    assert longer.effect.low < 2 < longer.effect.high
    assert longer.effect.name.startswith("mean length")
    assert as_many.p > 0.01


def test_the_order_of_pairs_and_pairs_that_come_twice_are_of_no_account(
    found: TieTest, unlike: PairedSequences
):
    again = np.random.default_rng(0).permutation(np.repeat(np.arange(len(unlike)), 2))
    other = indel(unlike.select(again), gap_classes="1")
    assert other.n == found.n == len(unlike)
    assert math.isclose(math.log(found.p), math.log(other.p), rel_tol=0.02)
    assert math.isclose(found.effect.high, other.effect.high, rel_tol=0.02)


@pytest.mark.slow
def test_it_keeps_its_level_where_lengths_follow_another_law():
    # 47 of 100 likelihood-ratio tests reject such pairs. Of tests at 5%, more than 9 of 100 are seen once in
    # 40 times.
    p = [indel(drawn(Law(power=1.7), 60, seed)).p for seed in range(100)]
    assert np.sum(np.array(p) <= 0.05) <= 9


def test_a_long_pair_is_cut_into_pieces():
    pairs = drawn(_UNLIKE, 1, seed=3, columns=(5_000, 5_001))
    found = indel(pairs, gap_classes="1", piece=110)
    assert 40 <= found.n <= 55
    assert found.verdict is TieVerdict.REJECTED
    assert "1 pair of sequences is cut into" in found.notes[0]


def test_pieces_make_up_the_pair_and_mirror_each_other():
    pairs, model = drawn(_UNLIKE, 2, seed=4, columns=(900, 1000)), PairHmm.start()
    cut, owner = pieces(model, pairs, 100)
    for side, whole in ((cut.x, pairs.x), (cut.y, pairs.y)):
        for i in range(2):
            parts = np.concatenate([side[k] for k in np.flatnonzero(owner == i)])
            assert np.array_equal(parts, whole[i])
    mirrored, _ = pieces(model, pairs.swapped(), 100)
    assert cut.x.lengths.tolist() == mirrored.y.lengths.tolist()
    assert [place.length for place in cut.x_places] == cut.x.lengths.tolist()


def test_second_derivatives_are_those_of_the_likelihood():
    pairs, model = drawn(Law(), 6, seed=5), PairHmm.start(divergence=0.2, gap_extend=(0.4, 0.9))
    found = curvature(model, pairs)
    at = found.parameters.index(("open", 2))

    def value(step: float) -> float:
        opening = model.open.copy()
        opening[1, 0] *= np.exp(step)
        return (
            PairHmm(model.match, model.insert, opening, model.extend, model.end).log_likelihood(pairs).mean()
        )

    slope, bend = (value(1e-3) - value(-1e-3)) / 2e-3, (value(1e-3) - 2 * value(0) + value(-1e-3)) / 1e-6
    assert math.isclose(found.scores[:, at].mean(), slope, rel_tol=1e-4)
    assert math.isclose(found.hessian[at, at], bend, rel_tol=1e-2)


def test_where_one_sequence_has_no_gaps_an_interval_is_still_told():
    found = indel(drawn(Law(opening=(0.03, 0.0)), 60, seed=7, columns=_SHORT), gap_classes="1")
    assert found.verdict is TieVerdict.REJECTED
    assert found.effect.value < found.effect.high < 0.1
    assert list(found.pictures[0].names) == ["how many"]
    assert found.p >= 2.0 ** (1 - found.n)


def test_few_pairs_are_refused_with_the_number_that_is_needed(unlike: PairedSequences):
    with pytest.raises(TooFewSequences, match="pairs unlike each other: 12 sequences; at least 40"):
        indel(unlike.select(np.arange(12)))


def test_pairs_without_gaps_are_not_asked():
    pairs = drawn(Law(opening=(0.0, 0.0)), 50, seed=6)
    found = indel(pairs, gap_classes="1")
    assert found.verdict is TieVerdict.NOT_APPLICABLE
    assert "0 pairs of 50 have a gap; at least 10 must" in found.sentence


@pytest.mark.parametrize("parameters", [[], ["match"], ["open", "gap"]])
def test_other_parameters_are_refused(parameters: list[str], unlike: PairedSequences):
    with pytest.raises(InvalidValue, match="some of open, extend"):
        indel(unlike, parameters=parameters)
