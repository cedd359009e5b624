"""The contract of ties of a pair HMM: they are found in their registry, so that a new one is tried too."""

from itertools import combinations

import numpy as np
import pytest

from motifnet.config.align import PairModelOptions
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_fit import FitOptions, fit
from motifnet.hmm.pair_ties import PAIR_TIES, PairTies, averaged
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences

NAMES = sorted(PAIR_TIES)


def untied_model(n_classes):
    """A model in which no two parameters are equal but by a tie."""
    generator = np.random.default_rng(n_classes)
    match = generator.dirichlet(np.full(16, 5.0)).reshape(4, 4)
    insert = generator.dirichlet(np.full(4, 20.0), size=2)
    opening, extend = (
        generator.uniform(0.01, 0.05, (2, n_classes)),
        generator.uniform(0.2, 0.9, (2, n_classes)),
    )
    return PairHmm(match, insert, opening, extend)


def few_pairs():
    generator = np.random.default_rng(3)
    x = [generator.integers(0, 4, 30).astype(np.uint8) for _ in range(8)]
    y = [
        np.delete(np.where(generator.random(30) < 0.1, 3 - one, one), slice(9, 11)).astype(np.uint8)
        for one in x
    ]
    return PairedSequences(Sequences.from_codes(x), Sequences.from_codes(y), [str(i) for i in range(8)])


def test_ties_are_found():
    assert len(NAMES) >= 8


@pytest.mark.parametrize("n_classes", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_a_tied_model_is_a_model_and_stays_as_it_is(name, n_classes):
    ties, model = PairTies.of([name], n_classes=n_classes), untied_model(n_classes)
    once = PairHmm(**{array: averaged(tie, getattr(model, array)) for array, tie in ties.arrays().items()})
    for array, tie in ties.arrays().items():
        np.testing.assert_allclose(averaged(tie, getattr(once, array)), getattr(once, array), rtol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_a_tie_said_twice_is_said_once_and_frees_nothing(name):
    once, nothing = PairTies.of([name], n_classes=2), PairTies.none(2)
    assert PairTies.of([name, name], n_classes=2) == once
    assert 0 < once.n_free <= nothing.n_free
    assert (once == nothing) == (name == "none")


@pytest.mark.parametrize(("one", "other"), list(combinations(NAMES, 2)))
def test_the_order_of_ties_does_not_matter(one, other):
    both = PairTies.of([one, other], n_classes=2)
    assert both == PairTies.of([other, one], n_classes=2)
    assert both.n_free <= min(PairTies.of([name], n_classes=2).n_free for name in (one, other))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_learnt_keeps_the_tie(name):
    ties = PairTies.of([name], n_classes=1)
    found = fit(few_pairs(), ties, FitOptions(max_rounds=3), start=untied_model(1))
    for array, tie in ties.arrays().items():
        np.testing.assert_allclose(
            averaged(tie, getattr(found.model, array)), getattr(found.model, array), rtol=1e-9
        )


@pytest.mark.parametrize("name", NAMES)
def test_a_tie_says_what_it_is(name):
    assert PAIR_TIES[name].__doc__.strip().endswith(".")
    assert f"'{name}'" in PairModelOptions.model_fields["pair_tie"].description
