"""The contract of substitution models: each is a reversible process, whose parameters are found again.

Models are found in their registry, so that a new one is tried without an edit here.
"""

from typing import get_args

import numpy as np
import pytest

from motifnet.config.align import PairModelOptions
from motifnet.hmm.model_file import read_model, write_model
from motifnet.hmm.pair_fit import FitOptions, fit
from motifnet.hmm.pair_ties import PairTies
from motifnet.hmm.substitution import SUBSTITUTIONS, Rates, fit_rates, joint
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences

UNEVEN = np.array([0.1, 0.2, 0.3, 0.4])


def rates_of(name):
    """Rates that are far from even wherever the model leaves them free."""
    known = SUBSTITUTIONS[name]
    return Rates(3.0 if known.has_kappa else 1.0, UNEVEN if known.has_frequencies else np.full(4, 0.25))


def test_models_are_found_and_are_those_of_the_option():
    assert len(SUBSTITUTIONS) >= 3
    choices = get_args(PairModelOptions.model_fields["substitution"].annotation)
    assert {*choices} - {"full"} == set(SUBSTITUTIONS)


@pytest.mark.parametrize("name", list(SUBSTITUTIONS))
def test_it_is_reversible_and_begins_and_ends_where_it_should(name):
    rates = rates_of(name)
    tables = joint(rates, np.array([1e-12, 0.3, 50.0]))
    assert np.allclose(tables, tables.transpose(0, 2, 1))
    assert np.allclose(tables.sum((1, 2)), 1)
    assert np.allclose(tables[0], np.diag(rates.frequencies), atol=1e-9)
    assert np.allclose(tables[2], np.outer(rates.frequencies, rates.frequencies), atol=1e-9)
    rate = (joint(rates, 1e-6) - np.diag(rates.frequencies)) / 1e-6
    assert -np.trace(rate) == pytest.approx(1, rel=1e-4)  # one substitution a site and unit of time


@pytest.mark.parametrize("name", list(SUBSTITUTIONS))
def test_two_steps_are_one_step_of_their_sum(name):
    rates = rates_of(name)
    first, second, both = (joint(rates, time) / rates.frequencies[:, None] for time in (0.1, 0.25, 0.35))
    assert np.allclose(first @ second, both)


@pytest.mark.parametrize("time", [0.05, 0.4])
@pytest.mark.parametrize("name", list(SUBSTITUTIONS))
def test_rates_and_time_are_found_again(name, time):
    rates = rates_of(name)
    found, when = fit_rates(joint(rates, time) * 1e6, SUBSTITUTIONS[name], None, None)
    assert when == pytest.approx(time, rel=0.01)
    assert found.kappa == pytest.approx(rates.kappa, rel=0.01)
    np.testing.assert_allclose(found.frequencies, rates.frequencies, rtol=0.01)


@pytest.mark.parametrize("name", list(SUBSTITUTIONS))
def test_a_pair_hmm_is_learnt_with_it_written_and_read(name, tmp_path):
    x, y = Sequences.from_text(["ACGTTTGACAGG"] * 20), Sequences.from_text(["ACGTTGACAGC"] * 20)
    pairs = PairedSequences(x, y, [str(i) for i in range(20)])
    fitted = fit(pairs, PairTies.of(["lineages"], n_classes=1), FitOptions(substitution=name))
    assert fitted.converged
    np.testing.assert_allclose(fitted.model.match, joint(fitted.rates, fitted.time), atol=1e-9)
    write_model(tmp_path / "model.json", fitted)
    assert np.array_equal(read_model(tmp_path / "model.json").match, fitted.model.match)
