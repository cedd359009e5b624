"""The pair HMM: its symmetries, its ties, and learning under them."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairs import drawn

from motifnet.errors import FileFormatError, InvalidValue, MissingFile, ShapeMismatch, UnknownName
from motifnet.hmm import pair_fit
from motifnet.hmm.model_file import read_model, write_model
from motifnet.hmm.pair import PairHmm, arrays
from motifnet.hmm.pair_align import align, sample
from motifnet.hmm.pair_errors import by_parameters
from motifnet.hmm.pair_fit import FitOptions, fit
from motifnet.hmm.pair_ties import PairTies
from motifnet.hmm.rotation import rotation
from motifnet.hmm.substitution import Rates, joint
from motifnet.kernels.pair_hmm import cpu as kernel
from motifnet.symbols import Sequences
from motifnet.symbols.pairs import PairedSequences

SYMMETRIC = PairHmm.start(divergence=0.15, gap_open=0.02, gap_extend=0.6)
LOPSIDED = replace(
    SYMMETRIC,
    match=np.array([[9, 1, 2, 1], [0.5, 8, 1, 2], [1, 1, 9, 1], [1, 1, 0.5, 7]]) / 46,
    insert=np.array([[0.1, 0.4, 0.4, 0.1], [0.3, 0.2, 0.2, 0.3]]),
    open=np.array([[0.01], [0.04]]),
    extend=np.array([[0.7], [0.4]]),
)
CODES = st.lists(st.integers(0, 4), min_size=1, max_size=30).map(lambda codes: np.array(codes, np.uint8))


@settings(max_examples=40, deadline=None)
@given(x=CODES, y=CODES, method=st.sampled_from(["mea", "viterbi"]))
def test_exchanging_the_sequences_mirrors_the_alignment_exactly(x, y, method):
    for mode in ("global", "local", "semi-global"):
        one = align(SYMMETRIC, x, y, method=method, mode=mode)
        other = align(SYMMETRIC, y, x, "y", "x", method=method, mode=mode)
        assert one.alignment.score == other.alignment.score
        assert np.array_equal(one.alignment.columns, other.alignment.swapped().columns)
        assert np.array_equal(one.alignment.confidence, other.alignment.swapped().confidence)
        assert one.posterior.probability.sum() == pytest.approx(other.posterior.probability.sum())


@settings(max_examples=20, deadline=None)
@given(x=CODES, y=CODES)
def test_a_lopsided_model_is_mirrored_with_its_sequences(x, y):
    pairs = PairedSequences(Sequences.from_codes([x]), Sequences.from_codes([y]), ["pair"])
    assert not LOPSIDED.is_symmetric
    assert LOPSIDED.log_likelihood(pairs)[0] == pytest.approx(
        LOPSIDED.swapped().log_likelihood(pairs.swapped())[0]
    )


@settings(max_examples=20, deadline=None)
@given(x=CODES, y=CODES)
def test_a_pair_is_as_likely_from_its_other_end(x, y):
    forth = PairedSequences(Sequences.from_codes([x]), Sequences.from_codes([y]), ["pair"])
    back = PairedSequences(Sequences.from_codes([x[::-1]]), Sequences.from_codes([y[::-1]]), ["pair"])
    assert LOPSIDED.log_likelihood(forth)[0] == pytest.approx(LOPSIDED.log_likelihood(back)[0])


def test_likelihoods_of_all_pairs_of_sequences_sum_to_one():
    """Of all pairs of at most 3 and 3 bases, which are nearly all where the end is near."""
    model = replace(LOPSIDED, end=0.93, open=LOPSIDED.open / 10, extend=np.array([[0.1], [0.05]]))
    words = [np.array(word, np.uint8) for n in range(4) for word in np.ndindex(*(4,) * n)]
    pairs = [(x, y) for x in words for y in words]
    x, y = (Sequences.from_codes([pair[side] for pair in pairs]) for side in (0, 1))
    found = model.log_likelihood(PairedSequences(x, y, x.names))
    assert np.exp(found).sum() == pytest.approx(1, abs=1e-3)


def test_a_sampled_alignment_holds_both_sequences():
    generator = np.random.default_rng(0)
    x, y = drawn(SYMMETRIC, 1, generator)[0]
    found = sample(SYMMETRIC, x, y, generator=generator)
    assert [row.replace("-", "") for row in found.rows()] == [
        row.replace("-", "") for row in align(SYMMETRIC, x, y).alignment.rows()
    ]


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("match", np.ones((4, 4)), InvalidValue),
        ("match", np.ones((3, 4)) / 12, ShapeMismatch),
        ("insert", np.ones((2, 4)), InvalidValue),
        ("open", np.array([[0.6], [0.6]]), InvalidValue),
        ("open", np.zeros((2, 3)), ShapeMismatch),
        ("extend", np.array([[1.0], [0.5]]), InvalidValue),
        ("end", 0.0, InvalidValue),
    ],
)
def test_what_is_no_model_is_refused(field, value, error):
    with pytest.raises(error):
        replace(SYMMETRIC, **{field: value})


@pytest.mark.parametrize(
    ("names", "n_free"),
    [
        ([], 26),
        (["open"], 25),
        (["extend"], 25),
        (["insert"], 23),
        (["gaps"], 21),
        (["match"], 20),
        (["lineages"], 15),
        (["strand"], 26 - 8 - 4),
        (["lineages", "strand"], 15 - 4 - 2),
    ],
)
def test_free_parameters_are_counted(names, n_free):
    assert PairTies.of(names, n_classes=1).n_free == n_free


def test_a_slip_of_a_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="gaps"):
        PairTies.of(["gapps"], n_classes=1)


def test_a_file_of_groups_says_the_same_as_names(tmp_path):
    path = tmp_path / "ties.txt"
    path.write_text("# gaps of both\nopen.X = open.Y\nextend.X = extend.Y\n\ninsert.X = insert.Y  # bases\n")
    assert PairTies.of([str(path)], n_classes=2) == PairTies.of(["gaps"], n_classes=2)
    path.write_text("match.AC = match.CA = match.GT = match.TG\nopen.X.2 = open.Y.2\n")
    tied = PairTies.of([str(path)], n_classes=2)
    assert tied.match.n_free == 13
    assert tied.open.n_free == 3


@pytest.mark.parametrize(
    "line",
    [
        "open.X",
        "open.X = extend.X",
        "open.Z = open.X",
        "match.AN = match.AC",
        "open.X.3 = open.Y.3",
        "nonsense",
    ],
)
def test_a_bad_line_of_a_ties_file_is_named(tmp_path, line):
    path = tmp_path / "ties.txt"
    path.write_text(f"\n{line}\n")
    with pytest.raises(FileFormatError, match="line 2"):
        PairTies.of([str(path)], n_classes=2)
    with pytest.raises(MissingFile):
        PairTies.of([str(tmp_path / "none.txt")], n_classes=2)


def test_bases_alone_are_tied_wholly_or_not_at_all(tmp_path):
    path = tmp_path / "ties.txt"
    path.write_text("insert.X.A = insert.Y.A\n")
    with pytest.raises(InvalidValue, match="insert"):
        PairTies.of([str(path)], n_classes=1)


def test_bases_of_jukes_and_cantor_stay_as_their_formula_has_it():
    table = joint(Rates(), 0.3)
    assert np.trace(table) == pytest.approx(0.25 + 0.75 * np.exp(-0.4))


LIKELIHOOD = FitOptions(pseudocount=0.0, tolerance=1e-4)
"""Without a prior, so that what is climbed is the likelihood."""


@pytest.fixture(scope="module")
def pairs():
    return drawn(LOPSIDED, 60, np.random.default_rng(1))


@pytest.mark.parametrize("names", [[], ["gaps"], ["lineages"], ["insert", "match"]])
@pytest.mark.parametrize("substitution", ["full", "hky85"])
@pytest.mark.parametrize("mode", ["global", "semi-global", "local"])
def test_rounds_converge_and_ties_hold(pairs, names, substitution, mode):
    ties = PairTies.of(names, n_classes=1)
    found = fit(pairs, ties, replace(LIKELIHOOD, substitution=substitution, mode=mode, max_rounds=400))
    assert found.converged  # and no round lowered the likelihood, or it would have been an error
    for name, tie in found.ties.arrays().items():
        array = getattr(found.model, name)
        assert np.allclose(tie.expand(tie.project(array)), array, atol=1e-12)
    n_match = ties.free["match"] if substitution == "full" else 5
    assert found.n_free == ties.n_free - ties.free["match"] + n_match - (mode != "global")


@pytest.mark.parametrize("names", [["lineages"], ["lineages", "strand"], []])
def test_rounds_that_go_beyond_keep_ties_and_reach_as_much(pairs, names):
    ties, patient = PairTies.of(names, n_classes=2), FitOptions(tolerance=1e-7, max_rounds=2000)
    found = fit(pairs, ties, patient)
    for name in ("match", "insert", "open", "extend"):
        values, tie = getattr(found.model, name), getattr(ties, name)
        assert np.array_equal(tie.expand(tie.representatives(values)), values), name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pair_fit, "_beyond", None)
        plain = fit(pairs, ties, patient)
    assert found.log_likelihood >= plain.log_likelihood - 1e-3
    assert len(found.history) < 0.8 * len(plain.history)


@pytest.mark.parametrize("n_classes", [1, 2])
def test_a_long_pair_is_learnt_of_windows_first_and_then_of_all(monkeypatch, n_classes):
    truth = PairHmm.start(divergence=0.25, gap_open=0.02, gap_extend=(0.6, 0.98))
    parts = drawn(truth, 120, np.random.default_rng(5))
    x, y = (Sequences.from_codes([side.codes]) for side in (parts.x, parts.y))
    pairs = PairedSequences(x, y, ["long"])
    ties, options = PairTies.of(["lineages"], n_classes=n_classes), FitOptions(tolerance=1e-4)
    found = fit(pairs, ties, options)
    facing = pair_fit._facing(pairs, options)
    assert len(pair_fit._windows(pairs, facing)) > 0
    monkeypatch.setattr(pair_fit, "_ONE_IN", 10**9)
    assert len(pair_fit._windows(pairs, facing)) == 0
    of_all = fit(pairs, ties, options)
    assert found.converged
    assert found.log_likelihood == pytest.approx(of_all.log_likelihood, abs=0.01)
    assert len(found.history) <= len(of_all.history)
    all_cells = replace(options, band=kernel.Band(bits=-1), max_rounds=len(found.history) - 1)
    again = fit(pairs, ties, all_cells, start=replace(found, where=None))
    assert len(again.history) == len(found.history)
    assert found.history[-1] == pytest.approx(again.history[-1], abs=1e-5)


@pytest.mark.parametrize("mode", ["global", "semi-global", "local"])
def test_short_pairs_are_learnt_from(mode):
    generator = np.random.default_rng(7)
    x = [generator.integers(0, 4, generator.integers(10, 20)).astype(np.uint8) for _ in range(30)]
    y = [np.delete(one, slice(4, 4 + generator.integers(1, 4))) for one in x]
    pairs = PairedSequences(Sequences.from_codes(x), Sequences.from_codes(y), [f"pair{i}" for i in range(30)])
    assert fit(pairs, PairTies.of(["lineages"], n_classes=1), replace(LIKELIHOOD, mode=mode)).converged


@pytest.mark.parametrize("mode", ["global", "semi-global", "local"])
def test_scores_are_derivatives(mode):
    """Of gaps: against differences of the likelihood."""
    pairs = drawn(LOPSIDED, 3, np.random.default_rng(8), columns=20)
    which = np.zeros(len(pairs), np.int64)
    counts = kernel.expected_counts(LOPSIDED.odds, *arrays(pairs), which, mode, kernel.DEFAULT_BAND)
    found = by_parameters(LOPSIDED, pairs, counts, mode)
    for name, derivative in (("open", found[2]), ("extend", found[3])):
        for side in (0, 1):
            step = np.zeros((2, 1))
            step[side] = 1e-6
            ends = [
                replace(LOPSIDED, **{name: getattr(LOPSIDED, name) + sign * step}).log_likelihood(
                    pairs, mode=mode
                )
                for sign in (1, -1)
            ]
            assert np.allclose((ends[0] - ends[1]) / 2e-6, derivative[:, side, 0], rtol=1e-4, atol=1e-4)


def test_a_substitution_model_refuses_a_tie_that_it_breaks(pairs):
    strands = PairTies.of(["lineages", "strand"], n_classes=1)
    with pytest.raises(InvalidValue, match="hky85 breaks"):
        fit(pairs, strands, FitOptions(substitution="hky85"))
    assert fit(pairs, strands, FitOptions(substitution="k80", max_rounds=2)).free["match"] == 2


def test_errors_that_pairs_do_not_tell_are_not_told():
    pairs = drawn(SYMMETRIC, 60, np.random.default_rng(9))
    found = fit(pairs, PairTies.of(["lineages"], n_classes=2), LIKELIHOOD)
    told = found.standard_errors["open"][0]
    assert (np.isnan(told) | (told < 0.05)).all()
    one = PairedSequences(Sequences.from_text(["A"]), Sequences.from_text(["A"]), ["one"])
    alone = fit(one, PairTies.of(["lineages"], n_classes=1), LIKELIHOOD)
    assert np.isnan(alone.standard_errors["extend"]).all()
    assert 0 < alone.model.extend[0, 0] < 1


def test_ties_are_nested(pairs):
    found = [
        fit(pairs, PairTies.of(names, n_classes=1), LIKELIHOOD) for names in ([], ["gaps"], ["lineages"])
    ]
    likelihoods = [one.log_likelihood for one in found]
    assert likelihoods == sorted(likelihoods, reverse=True)
    assert found[0].model.open[1, 0] > 2 * found[0].model.open[0, 0]
    assert np.ptp(found[1].model.open) == 0


def test_tied_learning_is_constrained_maximum_likelihood():
    """Against a general optimiser of the same likelihood, over the free parameters alone."""
    from scipy.optimize import minimize

    pairs = drawn(LOPSIDED, 25, np.random.default_rng(2), columns=40)
    found = fit(
        pairs, PairTies.of(["gaps"], n_classes=1), replace(LIKELIHOOD, substitution="jc69", tolerance=1e-9)
    )

    def model(free):
        opening, extension = 0.5 / (1 + np.exp(-free[0])), 1 / (1 + np.exp(-free[1]))
        insert = np.exp(np.append(free[2:5], 0))
        return PairHmm(
            joint(Rates(), np.exp(free[5])),
            np.tile(insert / insert.sum(), (2, 1)),
            np.full((2, 1), opening),
            np.full((2, 1), extension),
            1 / (1 + np.exp(-free[6])),
        )

    best = minimize(
        lambda free: -model(free).log_likelihood(pairs).sum(),
        np.array([-3.0, 0.0, 0, 0, 0, -1.5, -4.0]),
        method="L-BFGS-B",
    )
    assert found.log_likelihood == pytest.approx(-best.fun, abs=2e-3)
    assert found.log_likelihood >= -best.fun - 1e-4
    assert found.n_free == len(best.x)
    assert np.allclose(found.model.open, model(best.x).open, rtol=0.01)
    assert np.allclose(found.model.extend, model(best.x).extend, rtol=0.02)


def test_estimates_are_near_the_truth():
    truth = replace(LOPSIDED, end=1 / 150)
    found = fit(
        drawn(truth, 200, np.random.default_rng(3), columns=150), PairTies.of([], n_classes=1), LIKELIHOOD
    )
    for name in ("open", "extend"):
        off = (getattr(found.model, name) - getattr(truth, name)) / found.standard_errors[name]
        assert np.abs(off).max() < 4
    assert found.model.identity == pytest.approx(truth.identity, abs=0.01)


def test_two_classes_of_gaps_are_told_apart():
    truth = PairHmm.start(divergence=0.1, gap_open=0.02, gap_extend=(0.2, 0.95))
    found = fit(drawn(truth, 150, np.random.default_rng(4)), PairTies.of(["lineages"], n_classes=2))
    short, long = sorted(found.model.extend[0])
    assert short < 0.5
    assert long == pytest.approx(0.95, abs=0.03)


def test_unknown_bases_are_missing_data():
    generator = np.random.default_rng(5)
    pairs = drawn(SYMMETRIC, 80, generator)
    hidden = pairs.x.codes.copy()
    hidden[generator.random(len(hidden)) < 0.1] = 4
    masked = PairedSequences(Sequences(hidden, pairs.x.offsets, pairs.x.names), pairs.y, pairs.names)
    ties = PairTies.of(["lineages"], n_classes=1)
    assert fit(masked, ties).model.identity == pytest.approx(fit(pairs, ties).model.identity, abs=0.02)


def test_a_model_file_is_read_as_it_was_written(tmp_path, pairs):
    found = fit(pairs, PairTies.of(["gaps"], n_classes=1), FitOptions(max_rounds=3))
    path = tmp_path / "model.json"
    write_model(path, found)
    again = read_model(path)
    for name in ("match", "insert", "open", "extend"):
        assert np.array_equal(getattr(again, name), getattr(found.model, name))
    assert again.end == found.model.end
    write_model(
        path, fit(pairs, PairTies.of(["gaps"], n_classes=1), FitOptions("global", "hky85", max_rounds=3))
    )
    assert json.loads(path.read_text())["substitution"]["name"] == "hky85"
    read_model(path)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"version": 1', '"version": 9', "version"),
        ('"format"', '"fromat"', "format"),
        ('"end": ', '"end": -', "end"),
        ("Tie(4x4", "Tie(4y4", "tie"),
        ("}", "", "expected the model.json"),
        ('"n_free": ', '"n_free": -', "n_free"),
        ('"n_free": ', '"n_free": true, "of": ', "true is no number"),
        ('"end": ', '"end": NaN, "of": ', "NaN is no finite number"),
        ('"end": ', '"end": 1e999, "of": ', "end"),
        ('"end": ', '"end": 0.5, "end": ', "'end' is there twice"),
        ('"match": [', '"match": [[0.1, 0.2, 0.3, 0.4],', "match"),
        ('"match": [\n  [', '"match": [\n  [0.5,', "match.0"),
        ("Tie(2x1: 1..2)", "Tie(2x1: 1..2147483648)", "tie has shape"),
        ("Tie(2x1: 1..2)", "Tie(1x1: 1)", r"ties.open has shape \(1, 1\)"),
        ('"extend": "Tie', '"extent": "Tie', "ties is '.*extent.*'; expected those of"),
        ('"digest": "', '"digests": "', "digests"),
    ],
)
def test_a_bad_model_file_is_refused(tmp_path, pairs, before, after, told):
    path = tmp_path / "model.json"
    write_model(path, fit(pairs, PairTies.of([], n_classes=1), FitOptions(max_rounds=1)))
    text = (
        re.sub(r',\n "digest": "\w+"', "", path.read_text()) if "digest" not in before else path.read_text()
    )
    assert before in text
    path.write_text(text.replace(before, after, 1))
    with pytest.raises(FileFormatError, match=told):
        read_model(path)
    with pytest.raises(MissingFile):
        read_model(tmp_path / "none.json")


def test_a_model_file_that_was_changed_is_refused(tmp_path, pairs):
    path = tmp_path / "model.json"
    write_model(path, fit(pairs, PairTies.of([], n_classes=1), FitOptions(max_rounds=1)))
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content))  # another layout of the same content
    read_model(path)
    path.write_text(json.dumps(content | {"end": content["end"] / 2}))
    with pytest.raises(FileFormatError, match="its content is not that of its digest"):
        read_model(path)


def test_a_circle_is_cut_where_the_other_begins():
    generator = np.random.default_rng(6)
    circle = generator.integers(0, 4, 3000).astype(np.uint8)
    other = circle.copy()
    changed = generator.random(3000) < 0.05
    other[changed] = generator.integers(0, 4, changed.sum())
    other = np.delete(other, slice(1000, 1040))
    for shift in (0, 1, 1700, 2900):
        assert rotation(circle, np.roll(other, shift), "pair") == shift
    with pytest.raises(InvalidValue, match="anchors of pair pair"):
        rotation(circle, generator.integers(0, 4, 3000).astype(np.uint8), "pair")
