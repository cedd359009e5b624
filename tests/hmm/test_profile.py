"""The profile HMM is what its ties say, and Baum-Welch finds the maximum under them."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from varied import varied

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.hmm.flanks import Flanks
from motifnet.hmm.profile import ProfileHmm, Spacer, fit, gap_tie
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences

UNIFORM = np.full(4, 0.25)
AT_RICH = np.array([0.4, 0.1, 0.1, 0.4])
CHAIN = Flanks(AT_RICH, np.random.default_rng(0).dirichlet([5] * 4, 16))
TWO_TO_FOUR = Spacer(5, 2, np.array([0.25, 0.5, 0.25]))
GATA = np.eye(4)[[2, 0, 3, 0]] * 0.96 + 0.01


def matrix_of(word):
    return np.stack([UNIFORM if base == "N" else 0.1 + 0.6 * np.eye(4)["ACGT".index(base)] for base in word])


@pytest.fixture(scope="module")
def sequences():
    return varied(80)[0]


@pytest.fixture(scope="module")
def start():
    return ProfileHmm.from_matrix(matrix_of("GGTCAAGGTCA"), UNIFORM)


@pytest.mark.parametrize(
    ("tie", "insert", "n_free"),
    [
        ("gapless", "background", 33),
        ("shared", "background", 33 + 4),
        ("own", "background", 33 + 4 * 10 + 1),
        ("shared", "shared", 33 + 4 + 3),
        ("own", "own", 33 + 41 + 30),
    ],
)
def test_free_parameters_are_those_of_the_ties(start, tie, insert, n_free):
    model = start.gapped(tie, insert)
    assert model.n_free == n_free
    assert model.tie == gap_tie(11, tie)


def test_transitions_are_distributions(start):
    moves = start.gapped("own").moves
    np.testing.assert_allclose(moves[:, :3].sum(1), 1)
    np.testing.assert_allclose(moves[:, 3:5].sum(1), 1)
    np.testing.assert_allclose(moves[:, 5:].sum(1), 1)
    assert moves[0, 1] == 0  # nothing is inserted before the first column


@pytest.mark.parametrize("flanks", [AT_RICH, CHAIN], ids=["independent", "chain"])
@pytest.mark.parametrize("strand", [Strand.SINGLE, Strand.BOTH])
@pytest.mark.parametrize("tie", ["gapless", "shared", "own", "spacer"])
def test_likelihoods_of_all_sequences_of_a_length_sum_to_one(tie, strand, flanks):
    model = ProfileHmm.from_matrix(GATA[:3], flanks, strand=strand)
    if tie == "spacer":
        model = model.spaced(Spacer(2, 0, np.array([0.2, 0.3, 0.5])))
    else:
        model = model.gapped(tie, "shared")
    every = Sequences.from_codes([np.array(c, np.uint8) for c in itertools.product(range(4), repeat=5)])
    assert np.exp(model.log_likelihood(every)).sum() == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize("insert", ["background", "shared", "own"])
@pytest.mark.parametrize("tie", ["gapless", "shared", "own"])
def test_no_round_lowers_the_objective_and_ties_hold(sequences, start, tie, insert):
    fitted = fit(start.gapped(tie, insert), sequences, max_rounds=15)
    assert len(fitted.objective) > 3
    assert (np.diff(fitted.objective) > -1e-6).all()
    free = fitted.model.tie.project(fitted.model.gaps)
    np.testing.assert_allclose(fitted.model.tie.expand(free), fitted.model.gaps, atol=1e-15)
    if insert == "shared":
        np.testing.assert_allclose(np.ptp(fitted.model.insert[1:], axis=0), 0, atol=1e-15)
    assert fitted.bic == pytest.approx(fitted.model.n_free * np.log(80) - 2 * fitted.log_likelihood)


@pytest.mark.parametrize("flanks", [UNIFORM, CHAIN], ids=["independent", "chain"])
def test_a_spacer_is_learnt_and_no_round_lowers_the_objective(sequences, start, flanks):
    model = ProfileHmm.from_matrix(start.match, flanks).spaced(TWO_TO_FOUR)
    fitted = fit(model, sequences, max_rounds=15)
    assert len(fitted.objective) > 3
    assert (np.diff(fitted.objective) > -1e-6).all()
    assert fitted.model.n_free == 33 + 2
    assert fitted.opened[5] == pytest.approx(1)
    assert fitted.mean_insert[5] == pytest.approx(fitted.model.spacer.mean, abs=0.05)
    assert fitted.bic == pytest.approx(35 * np.log(80) - 2 * fitted.log_likelihood)


def test_lengths_of_a_spacer_are_the_maximum(sequences, start):
    model = start.spaced(TWO_TO_FOUR)
    fitted = fit(model, sequences, max_rounds=3000, tolerance=1e-11)
    spacer = fitted.model.spacer
    for one, other in itertools.permutations(range(3), 2):
        moved = spacer.probabilities.copy()
        moved[[one, other]] += np.array([0.01, -0.01]) * moved[other]
        moved_model = replace(fitted.model, spacer=replace(spacer, probabilities=moved))
        assert fit(moved_model, sequences, max_rounds=0).objective[0] < fitted.objective[-1]


def test_blocks_are_aligned_where_they_are(start):
    text = "CCC" + "GGTCA" + "TTT" + "AGGTCA" + "CC"
    two = Sequences.from_text([text, DNA.decode(DNA.reverse_complement(DNA.encode(text)))])
    aligned = replace(start, strand=Strand.BOTH).spaced(TWO_TO_FOUR).align(two)
    assert aligned.columns.tolist() == [[*range(3, 8), *range(11, 17)]] * 2
    assert aligned.reverse.tolist() == [False, True]
    assert aligned.inserted[:, 5].tolist() == [3, 3]
    matched = aligned.matched(two).reshape(2, -1)
    np.testing.assert_array_equal(matched[0], matched[1, ::-1])
    assert "".join(np.array(list(text))[matched[0]]) == "GGTCAAGGTCA"


def test_the_motif_of_blocks_has_the_commonest_spacer(start):
    assert start.spaced(TWO_TO_FOUR).motif("two", 9).consensus == "GGTCANNNAGGTCA"


def test_runs_that_are_the_rule_are_no_evidence():
    """Against a chain of their own kind, words that it makes often are as likely as any."""
    rng = np.random.default_rng(0)
    chain = np.array([[0.7, 0.1, 0.1, 0.1], [0.25] * 4, [0.25] * 4, [0.1, 0.1, 0.1, 0.7]])
    codes = [0]
    for _ in range(4000):
        codes.append(int(rng.choice(4, p=chain[codes[-1]])))
    sequences = Sequences.from_codes(np.array(codes[1:], np.uint8).reshape(100, 40))
    flanks = Flanks.learn(sequences)
    assert flanks.order == 1
    runs = np.eye(4)[[0] * 5] * 0.8 + 0.05
    independent, dependent = (
        fit(ProfileHmm.from_matrix(runs, one), sequences)
        for one in (Flanks.independent(flanks.probabilities), flanks)
    )
    gains = [
        fitted.log_likelihood - one.model.flanks.log_likelihood(sequences).sum()
        for fitted, one in ((independent, independent), (dependent, dependent))
    ]
    assert gains[0] > 10 * max(gains[1], 1)


def test_tied_baum_welch_is_the_maximum_under_the_tie(sequences, start):
    """Moving any free gap parameter either way lowers what is maximised."""
    fitted = fit(start.gapped("shared"), sequences, max_rounds=3000, tolerance=1e-11)
    model, tie = fitted.model, fitted.model.tie
    free, here, lower = tie.project(model.gaps), fitted.objective[-1], 0
    for parameter in range(tie.n_free):
        for step in (0.98, 1.02):
            moved = free.copy()
            moved[parameter] *= step
            other = fit(replace(model, gaps=tie.expand(moved)), sequences, max_rounds=0).objective[0]
            assert other < here
            lower += 1
    assert lower == 8


def test_expected_gaps_are_those_of_a_known_insertion():
    sequences = varied(200, spacings=(3,), seed=1)[0]
    start = ProfileHmm.from_matrix(matrix_of("GGTCAAGGTCA"), UNIFORM).gapped("own")
    fitted = fit(start, sequences)
    assert fitted.opened[5] > 0.95
    assert fitted.mean_insert[5] == pytest.approx(3, abs=0.1)
    assert fitted.deleted.max() < 0.05


def test_a_strand_is_as_good_as_the_other(sequences, start):
    model = replace(start.gapped("shared"), strand=Strand.BOTH)
    turned = Sequences.from_codes([DNA.reverse_complement(sequences[i]) for i in range(len(sequences))])
    np.testing.assert_allclose(model.log_likelihood(sequences), model.log_likelihood(turned), rtol=1e-12)
    one, other = model.align(sequences), model.align(turned)
    np.testing.assert_array_equal(one.columns, other.columns)
    np.testing.assert_array_equal(one.reverse, ~other.reverse)


def test_a_record_gives_the_model_again(sequences, start):
    model = fit(start.gapped("own", "own"), sequences, max_rounds=2).model
    again = ProfileHmm.from_record(model.record())
    np.testing.assert_array_equal(model.log_likelihood(sequences), again.log_likelihood(sequences))
    assert again.record() == model.record()


def test_a_record_gives_blocks_and_flanks_again(sequences, start):
    model = ProfileHmm.from_matrix(start.match, CHAIN, strand=Strand.BOTH).spaced(TWO_TO_FOUR)
    again = ProfileHmm.from_record(model.record())
    np.testing.assert_array_equal(model.log_likelihood(sequences), again.log_likelihood(sequences))
    assert again.record() == model.record()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"match": np.ones((4, 3))}, ShapeMismatch, "match has shape"),
        ({"gaps": np.zeros((3, 4))}, ShapeMismatch, "gaps has shape"),
        ({"match": GATA * 2}, InvalidValue, "match is"),
        ({"match": GATA / 2}, InvalidValue, "does not sum to 1"),
        ({"gaps": np.full((4, 4), 0.1)}, InvalidValue, "breaks its tie"),
        ({"spacer": TWO_TO_FOUR}, InvalidValue, "one with the tie 'spacer', and none with another"),
        ({"gap_tie": "spacer"}, InvalidValue, "one with the tie 'spacer', and none with another"),
        ({"gap_tie": "spacer", "spacer": TWO_TO_FOUR}, InvalidValue, "columns before the spacer is 5"),
    ],
)
def test_what_is_no_model(change, error, message):
    with pytest.raises(error, match=message):
        replace(ProfileHmm.from_matrix(GATA, UNIFORM), **change)


def test_a_sequence_that_no_path_emits():
    model = ProfileHmm.from_matrix(GATA, UNIFORM)
    with pytest.raises(InvalidValue, match="a profile of 4 columns"):
        model.expected_counts(Sequences.from_text(["GA"]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((5, 2, [0.5, 0.6]), "that sum to 1"),
        ((5, 2, []), "that sum to 1"),
        ((0, 2, [1.0]), "a column before it"),
    ],
)
def test_what_is_no_spacer(arguments, message):
    with pytest.raises(InvalidValue, match=message):
        Spacer(*arguments[:2], np.array(arguments[2]))
