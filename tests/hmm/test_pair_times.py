"""One process for all pairs, and a divergence time for each."""

import numpy as np
import pytest
from pairs import drawn

from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_fit import FitOptions, fit
from motifnet.hmm.pair_ties import PairTies
from motifnet.hmm.pair_times import fit_times, opening_after
from motifnet.hmm.substitution import Rates, joint
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences

TIMES = np.array([0.05, 0.1, 0.2, 0.4, 0.7] * 6)
RATES = Rates(kappa=3.0)


@pytest.fixture(scope="module")
def pairs():
    generator = np.random.default_rng(0)
    made = []
    for time in TIMES:
        opening = opening_after(np.full((2, 1), 0.06), np.array([time]))[0]
        model = PairHmm(joint(RATES, time), np.full((2, 4), 0.25), opening, np.full((2, 1), 0.6))
        made.append(drawn(model, 1, generator, columns=300))
    x, y = (Sequences.concatenate([getattr(one, side) for one in made]) for side in "xy")
    return PairedSequences(x, y, [f"pair{i}" for i in range(len(made))])


def test_rates_and_times_are_found(pairs):
    found = fit_times(pairs, PairTies.of(["lineages"], n_classes=1), FitOptions(substitution="k80"))
    assert found.converged
    assert np.ptp(found.gap_rates) == 0
    assert found.gap_rates[0, 0] == pytest.approx(0.06, rel=0.3)
    assert found.rates.kappa == pytest.approx(3, rel=0.3)
    assert found.extend[0, 0] == pytest.approx(0.6, abs=0.08)
    assert np.median(np.abs(found.times / TIMES - 1)) < 0.25
    assert np.corrcoef(found.times, TIMES)[0, 1] > 0.95
    assert (np.diff(found.history) > -1e-9 * abs(found.log_likelihood)).all()


def test_times_of_their_own_are_likelier_than_one_and_cost_parameters(pairs):
    ties, options = (
        PairTies.of(["lineages"], n_classes=1),
        FitOptions(substitution="jc69", pseudocount=0.0, tolerance=1e-4),
    )
    own, shared = fit_times(pairs, ties, options), fit(pairs, ties, options)
    assert own.log_likelihood > shared.log_likelihood + 100
    assert own.n_free == shared.n_free + len(pairs) - 1


def test_each_pair_has_its_model(pairs):
    found = fit_times(
        pairs, PairTies.of(["gaps"], n_classes=1), FitOptions(substitution="hky85", max_rounds=3)
    )
    assert not found.converged
    models = [found.model(i) for i in range(len(pairs))]
    own = [
        model.log_likelihood(PairedSequences(pairs.x.select([i]), pairs.y.select([i]), ["one"]))[0]
        for i, model in enumerate(models)
    ]
    assert sum(own) == pytest.approx(found.log_likelihood)
    order = np.argsort(found.times)
    assert (np.diff([models[i].identity for i in order]) <= 0).all()
