"""Given controls of another composition: those that match are used, and what is told of it is true."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.config.train import SplitOptions
from motifnet.datasets.baselines import gc_score
from motifnet.datasets.compose import compose
from motifnet.datasets.contrast import contrast
from motifnet.datasets.controls import GivenControls, Request, ShuffledControls
from motifnet.datasets.propensity import matched, propensity, told_apart
from motifnet.errors import TooFewControls
from motifnet.stats.rank_test import mann_whitney
from motifnet.strand import Strand
from motifnet.symbols import Interval, Sequences


def of_gc(n, mean, spread=0.08, length=120, seed=0, name="s"):
    """Random sequences, each with a GC content of its own."""
    rng = np.random.default_rng(seed)
    gc = np.clip(rng.normal(mean, spread, n), 0.05, 0.95)
    is_strong, either = rng.random((n, length)) < gc[:, None], rng.integers(0, 2, (n, length))
    codes = np.where(is_strong, 1 + either, 3 * either).astype(np.uint8)
    return Sequences.from_codes(list(codes), [f"{name}{i}" for i in range(n)])


RICH, POOR = of_gc(600, 0.55), of_gc(2000, 0.45, seed=1, name="c")


def texts(sequences):
    return [sequences.text(i) for i in range(len(sequences))]


def test_what_is_alike_stays_as_it_is():
    alike = of_gc(700, 0.55, seed=2)
    assert told_apart(RICH, alike) is None
    one, other = (compose({"a": RICH}, GivenControls(alike, match=match)) for match in (True, False))
    assert one.warnings == other.warnings
    np.testing.assert_array_equal(one.dataset.sequences.codes, other.dataset.sequences.codes)
    np.testing.assert_array_equal(one.dataset.part, other.dataset.part)
    np.testing.assert_array_equal(one.dataset.counted, other.dataset.counted)


def test_few_sequences_that_differ_by_chance_stay_as_they_are():
    few, others = (Sequences.from_text(some) for some in (["GGCA", "GACA"], ["TTGA", "ATCA"]))
    assert told_apart(few, others) is None


def test_without_matching_all_are_used():
    made = compose({"a": RICH}, GivenControls(POOR, match=False))
    assert made.summary.n_controls == 2000
    assert made.summary.control_source == "2,000 sequences of the control file"
    assert any(note.startswith("Targets have 5") for note in made.notes)


@given(st.integers(0, 10**6), st.sampled_from([0.35, 0.45, 0.5, 0.62]))
@settings(deadline=None, max_examples=10)
def test_each_control_is_used_once_and_is_near_its_target_in_its_part(seed, gc):
    targets, controls = of_gc(150, 0.55, seed=seed), of_gc(400, gc, seed=seed + 1)
    parts = tuple(np.random.default_rng(seed).integers(0, 3, len(side)) for side in (targets, controls))
    found = matched(targets, controls, parts, seed=seed)
    rounds, target = np.nonzero(found >= 0)
    used = found[rounds, target]
    assert len(set(used.tolist())) == len(used)
    np.testing.assert_array_equal(parts[0][target], parts[1][used])
    of_targets, of_controls = propensity(targets, controls, seed=seed)
    assert np.abs(of_targets[target] - of_controls[used]).max(initial=0) <= 0.1 + 1e-9
    # A round that is no further than the first was worth it: nine in ten found another control.
    assert ((found[1:] >= 0).mean(1) >= 0.9).all()


def test_matched_controls_have_the_gc_content_of_their_targets():
    targets, controls = of_gc(3000, 0.55, seed=3), of_gc(9000, 0.5, seed=4)
    parts = np.zeros(3000, int), np.zeros(9000, int)
    (found,) = matched(targets, controls, parts)
    with_one = found >= 0
    assert with_one.mean() > 0.8
    gc = gc_score(targets)[with_one], gc_score(controls)[found[with_one]]
    assert abs(gc[0].mean() - gc[1].mean()) < 0.002
    assert 0.01 < 10 ** mann_whitney(*gc).log10_p < 0.99


def test_a_constant_number_for_each_as_far_as_they_reach():
    targets, controls = of_gc(300, 0.5, seed=5), of_gc(6000, 0.47, seed=6)
    found = matched(targets, controls, (np.zeros(300, int), np.zeros(6000, int)))
    assert 3 <= len(found) <= 20


@pytest.mark.parametrize("gc", [0.47, 0.4])
def test_what_is_told_is_what_was_done(gc):
    controls = of_gc(2000, gc, spread=0.05, seed=7, name="c")
    made = compose({"a": RICH}, GivenControls(controls, "bg.fa"))
    data = made.dataset
    names = np.array(data.sequences.names)[~data.is_target]
    is_made = np.array(["_shuf" in name for name in names])
    used, n_made = int((~is_made).sum()), int(is_made.sum())
    (warning,) = (text for text in made.warnings if "another composition" in text)
    assert f"{used:,} that match targets are used, and {2000 - used:,} are left out" in warning
    lacking = {name.split("_shuf")[0] for name in names[is_made]}
    assert n_made == len(lacking) == 600 - used
    assert made.summary.control_source == (
        f"{used:,} of 2,000 sequences of bg.fa, those that match targets, and {n_made} shuffles of {n_made} "
        "other targets that keep the counts of words of 3 bases and fill up to 1 control for each target"
    )
    assert f"{len(lacking):,} of 600 targets have too few that match" in warning
    assert "tests leave both out" in warning
    counted = data.counted[:, 0]
    assert counted.sum() == 2 * used
    assert not {name.split("_shuf")[0] for name in np.array(data.sequences.names)[counted]} & lacking


def asked_of(strata):
    return Request(SplitOptions(), strata, [], 1, Strand.BOTH, 0)


def test_each_target_has_as_many_controls_as_any_other():
    """So that the controls of all have the composition of the targets of all."""
    targets, maker = of_gc(300, 0.5, seed=5), GivenControls(of_gc(3000, 0.46, seed=6))
    joined = maker.divide(targets, asked_of(np.ones(300, int)))
    is_made = joined.target_of >= 0
    assert 0 < is_made.sum() < (~is_made).sum()
    n_each = len(joined.target_of) / 300
    assert n_each == int(n_each) > 1
    assert f"fill up to {n_each:.0f} controls for each target" in joined.source
    compared = contrast(targets, maker)
    n_each = compared.n_controls / compared.n_targets
    assert n_each == int(n_each) > 1
    assert compared.n_targets < 300
    assert compared.source.startswith(f"{compared.n_controls:,} of 3,000 sequences")


def one_like(n, **how):
    """Controls of another composition, of which so many are like targets."""
    return Sequences.concatenate([of_gc(500, 0.1, 0.02, seed=9), of_gc(n, 0.55, **how)])


@pytest.mark.parametrize("n_like", [0, 8])
@pytest.mark.parametrize("per_target", [0, 2])
def test_where_hardly_one_matches_all_is_as_without_any(n_like, per_target):
    def instead():
        return ShuffledControls(per_target=per_target)

    given = GivenControls(one_like(n_like, seed=8), "bg.fa", instead=instead)
    for made, without in (
        (compose({"a": RICH}, given, seed=1), compose({"a": RICH}, instead(), seed=1)),
        (contrast(RICH, given, seed=1), contrast(RICH, instead(), seed=1)),
    ):
        (warning,) = set(made.warnings) - set(without.warnings)
        for field in ("notes", "idle"):
            assert getattr(made, field) == getattr(without, field)
        one, other = (getattr(some, "dataset", some) for some in (made, without))
        np.testing.assert_array_equal(one.sequences.codes, other.sequences.codes)
        for field in ("part", "groups", "counted"):
            np.testing.assert_array_equal(getattr(one, field, 0), getattr(other, field, 0))
        few = r"no target has|only \d targets? ha\w+" if n_like else "no target has"
        assert re.match(
            rf"None of the {500 + n_like} controls of bg.fa is used, since GC content alone tells [^:]* of "
            rf"\d[.]\d\d: ({few}) controls of like composition, and tests need 10 that have[.]",
            warning,
        )
        assert f"instead: {1200 if per_target else 2400:,} shuffles of the targets" in warning


def test_one_unlike_control_is_not_replaced_in_silence():
    (warning,) = contrast(RICH, GivenControls(of_gc(1, 0.55, length=300), "one.fa")).warnings
    assert warning.startswith("The 1 control of one.fa is not used, since length alone tells")


def test_matches_are_enough_only_where_they_are_of_each_task():
    of_two_tasks = np.where(np.arange(600) < 8, 1, 2)
    (warning,) = GivenControls(POOR).join(RICH, asked_of(of_two_tasks)).warnings
    assert re.search("only [1-8] targets? of a task ha(s|ve) controls of like composition", warning)


def test_all_that_tells_is_told_the_strongest_first():
    short = Sequences.from_codes([POOR[i][: 40 + i % 20] for i in range(600)])
    assert re.fullmatch(
        r"length alone tells targets from them with an AUROC of 1[.]00, and GC content with one of 0[.]\d\d",
        told_apart(RICH, short),
    )


def test_shuffles_follow_their_targets():
    data = compose({"a": RICH}, GivenControls(of_gc(900, 0.4, seed=8, name="c")), seed=3).dataset
    place = {name: i for i, name in enumerate(data.sequences.names)}
    shuffles = {i: place[name.split("_shuf")[0]] for name, i in place.items() if "_shuf" in name}
    assert len(shuffles) > 100
    for shuffled, target in shuffles.items():
        assert data.part[shuffled] == data.part[target]
        assert data.groups[shuffled] == data.groups[target]
        counts = (np.bincount(data.sequences[i], minlength=4) for i in (shuffled, target))
        np.testing.assert_array_equal(*counts)


def test_each_part_has_controls_of_its_own_composition():
    """Chromosomes differ in GC content, so that controls of one are no match for targets of another."""
    sides = []
    for n, shift, seed in ((1200, 0.05, 1), (3600, 0.0, 2)):
        parts = [of_gc(n // 3, 0.4 + 0.07 * i + shift, seed=10 * i + seed) for i in range(3)]
        places = [Interval(f"c{i}", 500 * j, 500 * j + 120) for i in range(3) for j in range(n // 3)]
        joined = Sequences.concatenate(parts)
        sides.append(Sequences(joined.codes, joined.offsets, [f"{n}s{i}" for i in range(n)], places))
    split = SplitOptions(validation_chroms=("c1",), test_chroms=("c2",))
    data = compose({"a": sides[0]}, GivenControls(sides[1]), split).dataset
    gc = gc_score(data.sequences)
    for part in range(3):
        targets, controls = (
            data.indices(part)[data.is_target[data.indices(part)] == side] for side in (1, 0)
        )
        assert len(controls) == len(targets)
        assert abs(gc[targets].mean() - gc[controls].mean()) < 0.006


def test_a_contrast_leaves_out_what_has_no_match():
    made = contrast(RICH, GivenControls(POOR))
    gc = gc_score(made.sequences)
    assert 300 < made.n_targets == made.n_controls < 600
    assert abs(gc[made.is_target].mean() - gc[~made.is_target].mean()) < 0.006
    assert not any("_shuf" in name for name in made.sequences.names)
    assert {*texts(made.sequences.select(~made.is_target))} <= {*texts(POOR)}
    n_left_out = 600 - made.n_targets
    assert f"{n_left_out} of 600 targets have too few that match, and are left out." in made.warnings[0]
    assert "shuffle" not in made.source + made.warnings[0]
    assert "shuffle_klet" in dict(made.idle)


def test_a_contrast_has_shuffles_where_none_matches():
    made = contrast(RICH, GivenControls(of_gc(500, 0.1, 0.02, seed=9)))
    assert (made.n_targets, made.n_controls) == (600, 2400)
    assert made.source == "2,400 shuffles of the targets that keep the counts of words of 2 bases"


def test_length_matters_as_gc_does():
    longer = Sequences.from_codes([RICH[i][: 60 + i % 60] for i in range(600)])
    assert told_apart(RICH, longer).startswith("length alone")
    for length in (119, 115):  # a twentieth of 115 is 5.75
        slightly = Sequences.from_codes([RICH[i][:length] for i in range(600)])
        assert told_apart(RICH, slightly) is None
    made = contrast(RICH, GivenControls(slightly))
    assert (made.n_targets, made.n_controls) == (600, 600)
    shorter = Sequences.from_codes([RICH[i][:114] for i in range(600)])
    assert told_apart(RICH, shorter) == "length alone tells targets from them with an AUROC of 1.00"


def test_all_follows_from_the_seed():
    one, again, other = (compose({"a": RICH}, GivenControls(POOR), seed=seed).dataset for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.sequences.codes, again.sequences.codes)
    assert one.sequences.names != other.sequences.names


def test_where_there_is_nothing_to_compare_with():
    rigid = Sequences.from_text(["G" * n for n in range(20, 60)])
    poor = Sequences.from_text(["AT" * n for n in range(10, 30)])
    with pytest.raises(
        TooFewControls,
        match=r"None of the 20 controls of the control file is used, .*And without --control: shuffled "
        r"controls: 0 sequences; .*--no-match-controls takes all",
    ):
        contrast(rigid, GivenControls(poor))


def test_the_sentence_names_the_share():
    (warning,) = contrast(RICH, GivenControls(POOR, "bg.fa")).warnings
    assert re.match(r"The controls of bg[.]fa are of another composition, since GC content alone", warning)
    assert warning.endswith("--no-match-controls compares with all that were given.")
