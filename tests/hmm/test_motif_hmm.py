"""The model says what it is asked, and Baum-Welch finds the maximum under the tie."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.errors import InvalidValue
from motifnet.hmm.motif_hmm import MotifHMM, refine
from motifnet.motifs import Motif
from motifnet.motifs.matrix import reverse_complement
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background

GATA = Motif("GATA", 20 * np.eye(4)[:, [0, 2, 0, 3, 0, 0, 2]] + 1)
UNIFORM = Background.from_gc(0.5)


@pytest.fixture(scope="module")
def planted():
    """Sequences in which 0.7 have a site of AGATAAG on either strand."""
    made = simulate(
        [Planted(motif_from_word("AGATAAG"), 0.7)], UNIFORM, n_targets=300, n_controls=0, length=100, seed=3
    )
    return made.targets


def turned(sequences):
    return Sequences.from_codes([DNA.reverse_complement(sequences[i]) for i in range(len(sequences))])


@pytest.mark.parametrize("density", ["any", "zoops", "oops"])
def test_a_sequence_and_its_reverse_complement_say_the_same(density, planted):
    model = MotifHMM.from_motifs([GATA], Background.from_gc(0.3), density=density)
    one, other = model.decode(planted), model.decode(turned(planted))
    np.testing.assert_allclose(one.log_odds, other.log_odds, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(one.n_sites, other.n_sites, rtol=1e-9, atol=1e-12)
    assert len(one.sites[0]) == len(other.sites[0]) > 100
    assert one.sites[0].reverse.sum() == (~other.sites[0].reverse).sum()


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_log_likelihood_is_that_of_background_and_the_odds(order, planted):
    background = Background.fit(planted, order)
    model = MotifHMM.from_motifs([GATA], background, rates=[1e-12])
    single = np.array([np.log(_probability(background, planted[i])) for i in range(5)])
    np.testing.assert_allclose(model.log_likelihood(planted)[:5], single, rtol=1e-8)


def _probability(background, codes):
    """Of a sequence under background alone, by summing over all that could stand before it."""
    if background.order == 0:
        return background.probabilities[codes].prod()
    order, words = background.order, background.initial[:, None] * background.transitions
    total = background.probabilities[codes[0]]
    for t in range(1, len(codes)):
        known = min(t, order)
        table = words.reshape(4 ** (order - known), *(4,) * (known + 1)).sum(0)
        row = table[tuple(codes[t - known : t])]
        total *= row[codes[t]] / row.sum()
    return total


def test_scores_are_log_odds_in_bits():
    model = MotifHMM.from_motifs([GATA], UNIFORM, rates=[0.01])
    sites = model.decode(Sequences.from_text(["CCCAGATAAGCC"])).sites[0]
    best = np.log2(model.emissions[0][0].max(1) / 0.25).sum()
    assert sites.score == pytest.approx([best])


def test_a_palindrome_is_one_site_not_half_of_two():
    palindrome = Motif("EBOX", 20 * np.eye(4)[:, [1, 0, 1, 2, 3, 2]] + 1)
    model = MotifHMM.from_motifs([palindrome], UNIFORM, rates=[0.05])
    decoded = model.decode(Sequences.from_text(["AATTCACGTGTTAA"]))
    assert decoded.sites[0].start.tolist() == [4]
    assert decoded.posterior[0][0] > 0.9


def test_the_likeliest_path_does_not_overlap(planted):
    model = MotifHMM.from_motifs([GATA, motif_from_word("GATAAGATA")], UNIFORM, rates=[0.01, 0.01])
    decoded = model.decode(planted, viterbi=True)
    spans = sorted(
        (int(index), int(start), int(start) + sites.width)
        for sites in decoded.sites
        for index, start in zip(sites.index, sites.start, strict=True)
    )
    assert len(spans) > 100
    assert all(one[0] < other[0] or one[2] <= other[1] for one, other in pairwise(spans))


@pytest.mark.parametrize("strand", ["tied", "untied", "single"])
@pytest.mark.parametrize("density", ["any", "zoops", "oops"])
def test_no_round_lowers_the_objective(density, strand, planted):
    start = MotifHMM.from_motifs([motif_from_word("NGATAAN")], UNIFORM, density=density, strand=strand)
    fitted = refine(start, planted, max_rounds=12)
    assert len(fitted.objective) > 3
    assert (np.diff(fitted.objective) > -1e-6).all()


def test_baum_welch_finds_what_was_planted(planted):
    start = MotifHMM.from_motifs([motif_from_word("NGATANN")], UNIFORM, density="zoops")
    fitted = refine(start, planted)
    assert fitted.converged
    assert fitted.model.motifs[0].consensus == "AGATAAG"
    assert fitted.model.rates[0] == pytest.approx(0.7, abs=0.06)


def test_the_tie_holds_after_each_round(planted):
    tied = refine(MotifHMM.from_motifs([GATA], UNIFORM), planted, max_rounds=3).model.emissions[0]
    np.testing.assert_allclose(tied[1].T, reverse_complement(tied[0].T), atol=1e-14)
    free = refine(MotifHMM.from_motifs([GATA], UNIFORM, strand="untied"), planted, max_rounds=3).model
    assert np.abs(free.emissions[0][1].T - reverse_complement(free.emissions[0][0].T)).max() > 1e-3


def test_tied_baum_welch_is_maximum_likelihood_under_the_tie(planted):
    """The gradient along every direction that the tie and the simplex leave is zero."""
    start = MotifHMM.from_motifs([GATA], UNIFORM, density="zoops")
    model = refine(start, planted, max_rounds=2000, tolerance=1e-12, pseudocount=0.0).model
    tie, step = model.ties[0], 1e-5
    free = np.log(tie.project(model.emissions[0]))
    here = model.log_likelihood(planted).sum()
    checked = 0
    for parameter in np.flatnonzero(free > np.log(0.02)):
        for sign in (1, -1):
            moved = free.copy()
            moved[parameter] += sign * step
            rows = tie.expand(np.exp(moved))
            other = model.updated(model.rates, [rows / rows.sum(-1, keepdims=True)])
            assert other.log_likelihood(planted).sum() <= here + 1e-6
            checked += 1
    assert checked >= 14


@pytest.mark.parametrize(("strand", "n_emissions", "n_rows"), [("tied", 28, 7), ("untied", 56, 14)])
def test_free_parameters_are_those_of_the_tie(strand, n_emissions, n_rows):
    model = MotifHMM.from_motifs([GATA], UNIFORM, strand=strand)
    assert model.ties[0].n_free == n_emissions
    assert model.n_free == n_emissions - n_rows + 1


def test_rates_alone(planted):
    start = MotifHMM.from_motifs([motif_from_word("AGATAAG")], UNIFORM)
    fitted = refine(start, planted, emissions=False).model
    assert fitted.emissions is start.emissions
    assert fitted.rates[0] == pytest.approx(0.7 / 100, rel=0.15)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rates": [0.0]}, "rates is"),
        ({"rates": [0.1, 0.1]}, "expected 1 of more than 0"),
        ({"rates": [1.0]}, "less than 1 together"),
        ({"background": Background.fit(Sequences.from_text(["ACGTACGT"]), 4)}, "order of the background"),
    ],
)
def test_what_is_no_model(wrong, message):
    with pytest.raises(InvalidValue, match=message):
        MotifHMM.from_motifs([GATA], wrong.get("background", UNIFORM), rates=wrong.get("rates"))


def test_no_motif_is_no_model():
    with pytest.raises(InvalidValue, match="one motif or more"):
        MotifHMM.from_motifs([], UNIFORM)


def test_there_is_no_path_of_one_site_at_most(planted):
    with pytest.raises(InvalidValue, match="density is 'zoops'"):
        MotifHMM.from_motifs([GATA], UNIFORM, density="zoops").decode(planted, viterbi=True)


def test_presence_is_found_only_where_asked(planted):
    model = MotifHMM.from_motifs([GATA, motif_from_word("TGACTCA")], UNIFORM)
    asked, unasked = (model.decode(planted, presence=presence) for presence in (True, False))
    assert (asked.present > 0).all()
    assert (unasked.present == 0).all()
    np.testing.assert_array_equal(asked.posterior[0], unasked.posterior[0])


def test_a_sequence_that_no_path_emits_is_refused():
    certain = Motif("GATA", 10 * np.eye(4)[:, [2, 0, 3, 0]])
    model = MotifHMM.from_motifs([certain], UNIFORM, density="oops", pseudocount=0.0)
    with pytest.raises(InvalidValue, match=r"sequence none is -inf; expected .* a pseudocount"):
        model.log_likelihood(Sequences.from_text(["CCGATACC", "CCCCCCCC"], names=["one", "none"]))


def test_odds_beyond_the_largest_float_are_refused():
    wide = Motif("A", 10 * np.eye(4)[:, [0] * 150])
    model = MotifHMM.from_motifs([wide], Background.from_gc(0.99))
    with pytest.raises(InvalidValue, match=r"sequence seq1 is (inf|nan); expected a finite number"):
        model.log_likelihood(Sequences.from_text(["A" * 400]))
