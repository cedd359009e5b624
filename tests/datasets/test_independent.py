"""No two sequences that tests count are of one place; folds keep places whole; tests see no copy twice."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from fake_genome import FakeGenome
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from motifnet.config.train import SplitOptions
from motifnet.datasets.compose import compose
from motifnet.datasets.contrast import contrast
from motifnet.datasets.controls import GenomeControls, GivenControls, ShuffledControls
from motifnet.datasets.dealing import folds
from motifnet.datasets.independent import chains, independent, told, told_of_targets
from motifnet.datasets.split import split_by_similarity
from motifnet.strand import Strand
from motifnet.symbols import Interval, Sequences

GENOME = FakeGenome.random({f"c{i}": 30_000 for i in range(1, 7)}, seed=4)
N_PLACES, N_WINDOWS = 48, 3


def tiled(*, first=0, n_places=N_PLACES, shift=40, strand="."):
    """Windows of 120 bases, three of each place."""
    return GENOME.fetch(
        [
            Interval(
                f"c{place % 6 + 1}",
                first + 1500 * (place // 6) + shift * k,
                first + 1500 * (place // 6) + shift * k + 120,
                strand,
            )
            for place in range(n_places)
            for k in range(N_WINDOWS)
        ]
    )


def nameless(sequences):
    return replace(sequences, intervals=None)


intervals = st.lists(
    st.one_of(
        st.none(),
        st.builds(
            lambda chrom, start, length, strand: Interval(chrom, start, start + length, strand),
            st.sampled_from("ab"),
            st.integers(0, 60),
            st.integers(1, 15),
            st.sampled_from("+-."),
        ),
    ),
    max_size=25,
)


@given(intervals)
def test_places_are_apart_and_every_other_sequence_is_of_one(places):
    sequences = Sequences.from_codes(
        [np.zeros(1 if where is None else where.length) for where in places], None, places
    )
    counted = independent(sequences)
    chosen = [where for where, one in zip(places, counted, strict=True) if one and where is not None]
    assert not any(a.overlaps(b) for i, a in enumerate(chosen) for b in chosen[:i])
    for where, one in zip(places, counted, strict=True):
        assert one or any(where.overlaps(other) for other in chosen)


def test_what_shares_a_place_by_coordinates_or_by_bases_shares_it_with_one_that_is_counted():
    genome = np.random.default_rng(1).integers(0, 4, (2, 300), dtype=np.uint8)
    # The first overlaps the second by coordinates, the second has the bases of the third.
    codes = [genome[0, :100], genome[1, :100], genome[1, 10:110]]
    places = [Interval("a", 0, 100), Interval("a", 50, 150), Interval("b", 0, 100)]
    sequences = Sequences.from_codes(codes, None, places)
    found = {tuple(independent(sequences, seed=seed).tolist()) for seed in range(40)}
    assert found == {(True, False, True), (False, True, False)}


def test_which_window_of_a_place_is_counted_follows_from_the_seed_and_not_from_its_length():
    starts = range(0, 28_000, 700)
    pairs = GENOME.fetch(
        [Interval("c1", at + shift, at + shift + n) for at in starts for shift, n in ((20, 200), (0, 300))]
    )
    for sequences in (pairs, nameless(pairs)):
        draws = np.array([independent(sequences, seed=seed) for seed in range(50)])
        assert (draws.reshape(50, len(starts), 2).sum(2) == 1).all()
        assert abs(draws[:, ::2].mean() - 0.5) < 5 * 0.5 / np.sqrt(draws[:, ::2].size)
        assert (draws[3] == independent(sequences, seed=3)).all()


def test_controls_of_two_lengths_show_no_difference_where_there_is_none():
    rng = np.random.default_rng(0)
    n_sets, n, word = 150, 200, np.array([0, 2, 1, 3], np.uint8)

    def have_word(sequences):
        return sum(word.tobytes() in sequences.codes[a:b].tobytes() for a, b in pairwise(sequences.offsets))

    small = 0
    for seed in range(n_sets):
        targets = Sequences.from_codes(list(rng.integers(0, 4, (n, 250), dtype=np.uint8)))
        sources = rng.integers(0, 4, (n, 300), dtype=np.uint8)
        controls = Sequences.from_codes([one for source in sources for one in (source[50:250], source)])
        made = contrast(targets, GivenControls(controls), seed=seed)
        assert (made.n_targets, made.n_controls) == (n, n)
        a = have_word(made.sequences.select(made.is_target))
        b = have_word(made.sequences.select(~made.is_target))
        small += fisher_exact([[a, n - a], [b, n - b]]).pvalue < 0.05
    # A share of 0.05 with its binomial error, four times; that of the shortest windows is many times more.
    assert small / n_sets < 0.05 + 4 * np.sqrt(0.05 * 0.95 / n_sets)


def test_controls_of_the_places_of_targets_are_told_with_a_count():
    targets, others = tiled(n_places=24), tiled(first=700, n_places=24)
    shifted = [Interval(w.chrom, w.start + 1, w.end + 1) for w in targets.intervals]
    controls = Sequences.concatenate([GENOME.fetch(shifted), others])
    expected = "72 of 144 controls overlap a target: what is found there is found in both"
    for known in (True, False):
        one, two = (targets, controls) if known else (nameless(targets), nameless(controls))
        for made in (contrast(one, GivenControls(two)), compose({"a": one}, GivenControls(two))):
            assert [w for w in made.warnings if w.startswith(expected)] == [
                w for w in made.warnings if "a target" in w
            ]
            assert sum(w.startswith(expected) for w in made.warnings) == 1
    for maker in (GivenControls(others), ShuffledControls(), GenomeControls(GENOME, 1)):
        for made in (contrast(targets, maker), compose({"a": targets}, maker)):
            assert not any("overlap a target" in sentence for sentence in made.warnings)


def test_a_control_in_the_place_of_a_target_that_is_not_counted_is_told_too():
    targets = nameless(tiled(n_places=24))
    last = targets.select(np.arange(2, 72, 3))
    shifted = Sequences.from_codes([last.codes[a:b][60:] for a, b in pairwise(last.offsets)])
    assert told_of_targets(shifted, targets)[0].startswith("24 of 24 controls overlap a target")


def test_primers_at_both_ends_leave_all_counted():
    rng = np.random.default_rng(6)
    primer, inserts = rng.integers(0, 4, 40, np.uint8), rng.integers(0, 4, (50, 120), np.uint8)
    codes = [np.concatenate([primer, insert, primer]) for insert in inserts]
    assert independent(Sequences.from_codes(codes)).all()


@given(intervals)
def test_chains_hold_what_hangs_together(places):
    chain = chains(places)
    for i, one in enumerate(places):
        for k, other in enumerate(places[:i]):
            if one is None or other is None:
                assert chain[i] != chain[k]
            elif one.overlaps(other):
                assert chain[i] == chain[k]
    for number in np.unique(chain):
        members = sorted(places[i][:3] for i in np.flatnonzero(chain == number) if places[i] is not None)
        reach = members[0][2] if members else 0
        for _, start, end in members[1:]:
            assert start < reach
            reach = max(reach, end)


def test_it_is_the_same_with_and_without_coordinates_on_either_strand():
    forward, backward = tiled(), tiled(strand="-")
    mixed = Sequences.concatenate(
        [forward.select(np.arange(0, 144, 2)), backward.select(np.arange(1, 144, 2))]
    )
    for sequences in (forward, mixed):
        for one in (sequences, nameless(sequences)):
            assert independent(one).sum() == N_PLACES
    assert independent(nameless(mixed), strand=Strand.SINGLE).sum() > N_PLACES


def test_sequences_apart_are_all_counted():
    codes = np.random.default_rng(0).integers(0, 4, (500, 100), dtype=np.uint8)
    assert independent(Sequences.from_codes(list(codes))).all()
    assert told("targets", np.ones(500, bool)) == ()


@pytest.mark.parametrize("known", [True, False])
def test_what_is_compared_is_one_window_of_each_place(known):
    targets, others = tiled(), tiled(first=700)
    if not known:
        targets, others = nameless(targets), nameless(others)
    made = contrast(targets, GivenControls(others))
    assert (made.n_targets, made.n_controls) == (N_PLACES, N_PLACES)
    assert made.warnings == (
        "96 of 144 targets overlap others; they are 48 places, which is what tests count.",
        "96 of 144 controls overlap others; they are 48 places, which is what tests count.",
    )
    shuffled = contrast(targets, ShuffledControls(per_target=2))
    assert (shuffled.n_targets, shuffled.n_controls) == (N_PLACES, 2 * N_PLACES)


def test_no_control_is_drawn_from_a_window_that_is_not_counted():
    targets = tiled()
    made = contrast(targets, GenomeControls(GENOME, 2), seed=1)
    assert made.n_targets == N_PLACES
    drawn = made.sequences.intervals[N_PLACES:]
    assert len(drawn) > N_PLACES
    assert not any(one.overlaps(peak) for one in drawn for peak in targets.intervals)


@pytest.mark.parametrize(
    "maker", [ShuffledControls(per_target=2), GenomeControls(GENOME, 2), GivenControls(tiled(first=700))]
)
@pytest.mark.parametrize("how", ["chromosome", "similarity"])
def test_all_windows_are_learnt_from_and_one_of_each_place_is_counted(maker, how):
    made = compose({"a": tiled()}, maker, SplitOptions(split=how))
    data = made.dataset
    assert data.is_target.sum() == N_PLACES * N_WINDOWS
    assert data.n_counted().tolist() == [N_PLACES]
    assert "96 of 144 targets overlap others; they are 48 places, which is what tests count." in made.warnings
    n_controls, n_counted = (~data.is_target).sum(), data.counted[~data.is_target].sum()
    assert n_counted * 2.5 < n_controls < n_counted * 3.5
    place = chains(data.sequences.intervals if not isinstance(maker, ShuffledControls) else tiled().intervals)
    for number in np.unique(place):
        assert len(np.unique(data.part[: len(place)][place == number])) == 1
    fold = folds(data.groups, 5)
    for number in np.unique(place):
        assert len(np.unique(fold[: len(place)][place == number])) == 1


def of_gc(n, gc, seed):
    rng = np.random.default_rng(seed)
    each = rng.normal(gc, 0.05, n).clip(0.05, 0.95)
    return [
        rng.choice(4, 150, p=[(1 - one) / 2, one / 2, one / 2, (1 - one) / 2]).astype(np.uint8)
        for one in each
    ]


def test_it_is_told_of_which_targets_and_controls_some_overlap():
    """Where tests leave out what has no control of its composition, the others are fewer than are read."""
    rich, poor = of_gc(300, 0.55, 0), of_gc(900, 0.47, 1)
    targets, controls = (
        [one[start : start + 100] for one in side for start in (0, 50)] for side in (rich, poor)
    )
    made = compose({"a": targets}, GivenControls(Sequences.from_codes(controls)))
    data = made.dataset
    matching = re.search(r"([\d,]+) of 600 targets have too few that match", " ".join(made.warnings))[1]
    n_tested = 600 - int(matching)
    of_targets, of_controls = (text for text in made.warnings if "overlap others" in text)
    assert re.search(
        rf"^\d+ of {n_tested} targets with enough matching controls overlap others; ", of_targets
    )
    assert re.search(
        r"^\d+ of [\d,]+ controls of targets with enough matching ones overlap others; ", of_controls
    )
    assert f"they are {data.n_counted()[0]} places" in of_targets
    assert f"they are {data.counted[~data.is_target].sum()} places" in of_controls
    enriched = contrast(targets, GivenControls(Sequences.from_codes(controls))).warnings
    assert any(
        re.match(r"\d+ of \d+ controls of targets with enough matching ones overlap", text)
        for text in enriched
    )


def test_each_task_counts_a_place_that_it_shares_with_another():
    first, second = (tiled().select(np.arange(k, 144, 3)) for k in (0, 1))
    made = compose({"a": first, "b": second}, ShuffledControls(per_target=2))
    assert made.dataset.n_counted().tolist() == [N_PLACES, N_PLACES]
    assert made.dataset.counted[~made.dataset.is_target].all()
    assert not any("overlap" in sentence for sentence in made.warnings)


def test_overlaps_too_short_to_be_seen_in_bases_are_kept_together_by_coordinates():
    windows = tiled(shift=110)
    found = split_by_similarity(windows, SplitOptions())
    by_place = found.part.reshape(N_PLACES, N_WINDOWS)
    assert (by_place == by_place[:, :1]).all()
    assert len(np.unique(found.groups)) == N_PLACES


def test_a_pile_larger_than_a_part_stays_together():
    pile = GENOME.fetch([Interval("c1", 20_000 + k, 20_120 + k) for k in range(60)])
    found = split_by_similarity(Sequences.concatenate([tiled(), pile]), SplitOptions())
    assert len(np.unique(found.groups[-60:])) == 1
    assert not any("linked by stretches" in sentence for sentence in found.warnings)
