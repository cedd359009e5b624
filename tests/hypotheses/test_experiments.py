"""Experiments: what differs between them but for the site must not look like a motif of their own."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from motifnet.errors import InvalidValue, TooFewSequences
from motifnet.hypotheses.experiments_test import _strata, _twice_log_ratio, experiments
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.ties.tested import TieVerdict
from tests.hypotheses.processes import KINDS, made


def two(n=100, words=("TGACTCAGCA", "TGACTCAGCA"), seed=0, kind="GC varies", **options):
    rng = np.random.default_rng(seed)
    return {
        name: made(kind, n, rng, word=word, **{"length": 50, **options})
        for name, word in zip("ab", words, strict=True)
    }


def test_the_order_of_experiments_is_of_no_account():
    sets = two(n=60, words=("TGACTCAGCA", "TGACGTCAGC"), length=40)
    one, other = experiments(sets), experiments(dict(reversed(sets.items())))
    assert one.sentence == other.sentence
    assert (one.p, one.gain, one.effect) == (other.p, other.gain, other.effect)


def test_the_ratio_is_that_of_tables_of_bases():
    rng = np.random.default_rng(0)
    bases, labels = rng.integers(0, 4, (90, 3)), rng.integers(0, 3, 90)
    bases[:, 1] = 2
    is_base = (bases[:, None] == np.arange(4)[:, None]).reshape(90, -1).astype(float)
    expected = 0
    for column in (0, 2):
        table = [
            [((bases[:, column] == base) & (labels == label)).sum() for base in range(4)]
            for label in range(3)
        ]
        expected += chi2_contingency(table, lambda_="log-likelihood")[0]
    assert _twice_log_ratio(is_base, labels, 3) == pytest.approx(expected)


def test_strata_are_as_fine_as_there_are_sequences():
    rng = np.random.default_rng(0)
    for n, n_strata in ((3, 1), (20, 1), (40, 4), (80, 9), (1000, 25)):
        strata = _strata(rng.random(n), rng.random(n))
        assert len(np.unique(strata)) == n_strata
        assert np.bincount(strata).min() >= min(n, 3)
    assert len(np.unique(_strata(np.zeros(90), np.zeros(90)))) == 1


@pytest.mark.parametrize("kind", KINDS[:3])
def test_one_motif_is_not_taken_for_two(kind):
    found = experiments(two(n=70, kind=kind, seed=4))
    assert found.verdict is not TieVerdict.REJECTED
    assert found.p > 0.01


def test_different_motifs_are_found():
    found = experiments(two(n=60, words=("TGACTCAGCA", "CCGGAAGTGA")))
    assert found.verdict is TieVerdict.REJECTED
    assert found.effect.low > 0.3
    assert found.sentence.startswith("The sites differ")


def test_one_experiment_of_three_may_differ():
    sets = {**two(n=50), "c": two(n=50, words=("CCGGAAGTGA",) * 2, seed=9)["a"]}
    found = experiments(sets)
    assert found.verdict is TieVerdict.REJECTED
    assert found.subject == "a, b, c"
    assert len(found.pictures[1].names) == 3


def test_a_motif_that_differs_in_one_base_is_found():
    found = experiments(two(n=150, words=("TGACTCAGCA", "TGACTCATCA"), share=0.9))
    assert found.verdict is TieVerdict.REJECTED


def test_few_sites_justify_nothing():
    """Columns that hardly vary tell nothing of how much labels may hold."""
    for seed in range(2):
        assert experiments(two(n=45, seed=seed, length=40)).verdict is not TieVerdict.JUSTIFIED


def test_sequences_shorter_than_the_window_of_the_search_are_asked():
    found = experiments(two(n=70, words=("TGACTCAGCA", "CCGGAAGTGA"), length=18))
    assert found.verdict is TieVerdict.REJECTED
    assert found.n > 30


def test_sites_of_one_strand():
    sets = two(n=60, forward=1, turned=False, words=("TTGTATATA", "TTGTATATA"))
    found = experiments(sets, strand=Strand.SINGLE)
    assert found.verdict is not TieVerdict.REJECTED
    assert "TGTATAT" in found.fitted


def test_look_alikes_count_once_and_are_told():
    sets = two(n=60)
    shared = Sequences.concatenate([sets["b"], sets["a"].select(range(20))])
    found = experiments({"a": sets["a"], "b": shared})
    assert "20 sequences of 140 left out: look-alikes count once." in found.notes


def test_no_motif_is_not_applicable():
    rng = np.random.default_rng(0)
    nothing = {
        name: Sequences.from_codes(list(rng.integers(0, 4, (50, 40), dtype=np.uint8))) for name in "ab"
    }
    found = experiments(nothing)
    assert found.verdict in (TieVerdict.NOT_APPLICABLE, TieVerdict.UNDECIDED)


def test_a_split_is_kept():
    sets = two(n=60)
    held_out = {name: np.arange(60) % 5 == 0 for name in sets}
    assert experiments(sets, held_out=held_out).gain.n == 24


def test_bad_input():
    sets = two(n=60)
    with pytest.raises(InvalidValue, match="number of experiments is 1; expected two or more"):
        experiments({"a": sets["a"]})
    with pytest.raises(InvalidValue, match="alpha"):
        experiments(sets, alpha=1e-4)
    with pytest.raises(TooFewSequences, match="sequences of b unlike all others: 30"):
        experiments({"a": sets["a"], "b": sets["b"].select(range(30))})
    with pytest.raises(TooFewSequences, match="unlike all others"):
        experiments({"a": sets["a"], "b": sets["a"]})
    with pytest.raises(TooFewSequences, match="held out"):
        experiments(sets, held_out={name: np.zeros(60, bool) for name in sets})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("one", "other"),
    [({"share": 0.9}, {"share": 0.3}), ({"length": 40}, {"length": 110}), ({"n": 60}, {"n": 240})],
)
def test_what_may_differ_is_not_taken_for_a_motif(one, other):
    """How often there is a site, how long windows are, and how many there are."""

    def p_value(seed):
        rng = np.random.default_rng(seed)
        sets = {
            name: made("GC varies", rng=rng, **{"n": 120, "length": 50, **how})
            for name, how in (("a", one), ("b", other))
        }
        return experiments(sets, seed=seed).p

    p = np.array([p_value(seed) for seed in range(60)])
    assert (p <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)
