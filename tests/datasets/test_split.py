"""Groups never straddle, shares are near those asked for, and errors say what is wrong."""

import numpy as np
import pytest
from alike import near_copies, random_codes
from hypothesis import given, settings
from hypothesis import strategies as st

from motifnet.config.train import SplitOptions
from motifnet.datasets.dealing import folds
from motifnet.datasets.split import (
    TEST,
    TRAIN,
    VALIDATION,
    split,
    split_by_chromosome,
    split_by_similarity,
)
from motifnet.errors import InvalidValue, TooFewSequences, UnknownName
from motifnet.symbols import Interval, Sequences

HUMAN = [
    248,
    242,
    198,
    190,
    181,
    170,
    159,
    145,
    138,
    133,
    135,
    133,
    114,
    107,
    101,
    90,
    83,
    80,
    58,
    64,
    46,
    50,
    156,
]


def on_chromosomes(counts):
    return [
        Interval(f"chr{i + 1}", 10 * j, 10 * j + 10) for i, count in enumerate(counts) for j in range(count)
    ]


SHARES = (0.6, 0.1, 0.3)  # of training, validation and test by default


def shares(part):
    return np.bincount(part, minlength=3) / len(part)


def test_shares_over_human_chromosomes_are_those_asked_for():
    found = split_by_chromosome(on_chromosomes(HUMAN), SplitOptions())
    np.testing.assert_allclose(shares(found.part), SHARES, atol=0.02)
    assert found.method.startswith("whole chromosomes: ")


@given(st.lists(st.integers(1, 40), min_size=3, max_size=12), st.integers(0, 5))
@settings(deadline=None)
def test_chromosomes_are_whole_and_no_part_is_empty(counts, seed):
    intervals = on_chromosomes(counts)
    found = split_by_chromosome(intervals, SplitOptions(), seed=seed)
    parts = {}
    for where, part in zip(intervals, found.part.tolist(), strict=True):
        assert parts.setdefault(where.chrom, part) == part
    assert parts == found.part_of_chromosome
    assert set(parts.values()) == {TRAIN, VALIDATION, TEST}


def test_the_seed_decides_only_between_equals():
    uneven = on_chromosomes([50, 31, 17, 9, 5])
    first = split_by_chromosome(uneven, SplitOptions(), seed=0).part
    assert all((split_by_chromosome(uneven, SplitOptions(), seed=s).part == first).all() for s in range(10))
    even = on_chromosomes([10] * 10)
    assert len({split_by_chromosome(even, SplitOptions(), seed=s).part.tobytes() for s in range(10)}) > 1


def test_chromosomes_that_are_named_go_where_they_are_named():
    options = SplitOptions(validation_chroms=("chr1",), test_chroms=("chr2", "chr3"))
    found = split_by_chromosome(on_chromosomes([10, 10, 10, 10, 10]), options)
    assert found.part_of_chromosome == {"chr1": 1, "chr2": 2, "chr3": 2, "chr4": 0, "chr5": 0}


def test_the_part_that_is_not_named_gets_its_share_of_the_rest():
    options = SplitOptions(test_chroms=("chr1",))
    found = split_by_chromosome(on_chromosomes([30, 40, 20, 10]), options)
    assert found.part_of_chromosome == {"chr1": TEST, "chr2": TRAIN, "chr3": TRAIN, "chr4": VALIDATION}


def test_chromosomes_with_controls_alone_are_dealt_by_controls():
    intervals = on_chromosomes([60, 30, 10, 60, 30, 10])
    strata = np.repeat([1, 0], 100)
    found = split_by_chromosome(intervals, SplitOptions(), strata=strata)
    np.testing.assert_allclose(shares(found.part[strata == 0]), SHARES)
    np.testing.assert_allclose(shares(found.part[strata == 1]), SHARES)


def test_a_chromosome_without_sequences_cannot_be_named():
    with pytest.raises(UnknownName, match="no chromosome with sequences named 'chr33'; did you mean 'chr3'"):
        split_by_chromosome(on_chromosomes([5, 5, 5]), SplitOptions(test_chroms=("chr33",)))


def test_a_chromosome_cannot_be_named_twice():
    with pytest.raises(InvalidValue, match="test_chroms is 'chr1'; expected a chromosome that is not in"):
        split_by_chromosome(
            on_chromosomes([5, 5, 5]), SplitOptions(test_chroms=("chr1",), validation_chroms=("chr1",))
        )


def test_something_must_be_left_to_train_on():
    options = SplitOptions(test_chroms=("chr1",), validation_chroms=("chr2",))
    with pytest.raises(InvalidValue, match="a split that leaves train a chromosome with targets"):
        split_by_chromosome(on_chromosomes([5, 5]), options)


def with_places(intervals, seed=0):
    placed = Sequences.from_codes(random_codes(len(intervals), 60, seed))
    return Sequences(placed.codes, placed.offsets, placed.names, intervals)


def test_auto_takes_chromosomes_where_they_are_known():
    found = split(with_places(on_chromosomes([70, 20, 10])), SplitOptions())
    assert found.group_names == ("chr1", "chr2", "chr3")


@pytest.mark.parametrize(
    ("sequences", "reason"),
    [
        (Sequences.from_codes(random_codes(50)), "since the coordinates of the sequences are not known"),
        (
            with_places(on_chromosomes([30, 20])),
            "since the targets lie on 2 chromosomes and three parts need three",
        ),
        (
            with_places(on_chromosomes([50])),
            "since the targets lie on one chromosome and three parts need three",
        ),
        (
            with_places(on_chromosomes([98, 1, 1])),
            "since whole chromosomes would give validation 1.0% of the targets instead of 10%",
        ),
    ],
    ids=["no coordinates", "two chromosomes", "one chromosome", "one large chromosome"],
)
def test_auto_falls_to_similarity_and_says_why(sequences, reason):
    found = split(sequences, SplitOptions())
    assert found.group_names == ()
    assert found.part_of_chromosome == {}
    assert reason in found.method


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(2, "give validation no targets of task 2"), (0, "give validation no controls")],
    ids=["task", "controls"],
)
def test_auto_needs_every_task_and_the_controls_in_every_part(kind, reason):
    intervals = on_chromosomes([30] * 12)
    strata = np.ones(360, np.int64)
    planned = split_by_chromosome(intervals, SplitOptions()).part
    strata[np.flatnonzero(planned == TRAIN)[:20]] = kind
    strata[np.flatnonzero(planned == TEST)[:10]] = kind
    sequences = with_places(intervals)
    assert split(sequences, SplitOptions()).group_names
    forced = split(sequences, SplitOptions(split="chromosome"), strata=strata)
    found = split(sequences, SplitOptions(), strata=strata)
    assert forced.group_names
    assert (forced.part[strata == kind] != VALIDATION).all()
    assert reason in found.method
    assert set(found.part[strata == kind].tolist()) == {TRAIN, VALIDATION, TEST}


def test_what_little_a_task_does_not_share_may_miss_a_part():
    intervals = on_chromosomes([30] * 12)
    strata = np.where(np.arange(360) < 2, 2, 1)
    assert split(with_places(intervals), SplitOptions(), strata=strata).group_names


def test_chromosomes_that_cannot_be_had_are_an_error_where_they_are_asked_for():
    nowhere = Sequences.from_codes(random_codes(50))
    with pytest.raises(InvalidValue, match="split is 'chromosome'; expected 'similarity', since the coord"):
        split(nowhere, SplitOptions(split="chromosome"))
    with pytest.raises(InvalidValue, match="since the coordinates"):
        split(nowhere, SplitOptions(test_chroms=("chr1",)))
    with pytest.raises(InvalidValue, match="where chromosomes are named"):
        split(nowhere, SplitOptions(split="similarity", test_chroms=("chr1",)))


def test_similarity_gives_every_kind_its_shares():
    sequences = Sequences.from_codes(random_codes(1000))
    strata = np.repeat([0, 1, 2], [500, 400, 100])
    found = split_by_similarity(sequences, SplitOptions(), strata=strata)
    for kind in range(3):
        np.testing.assert_allclose(shares(found.part[strata == kind]), SHARES, atol=0.011)


def test_near_duplicates_fall_on_one_side():
    found = split_by_similarity(near_copies(), SplitOptions())
    assert (found.part.reshape(4, 60) == found.part[:60]).all()
    assert (found.groups.reshape(4, 60) == np.arange(60)).all()


def with_family(n_alone, n_copies, length=200):
    """Random sequences, then some that have most of one more in their midst."""
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 4, (n_alone + n_copies, length), dtype=np.uint8)
    codes[n_alone:, 30:-30] = codes[n_alone, 30:-30]
    return Sequences.from_codes(list(codes))


@pytest.mark.parametrize("n_copies", [20, 32, 33, 60, 100])
def test_a_family_stays_together_however_many_a_part_can_hold(n_copies):
    found = split_by_similarity(with_family(400, n_copies), SplitOptions())
    assert len(set(found.groups[400:].tolist())) == 1
    assert len(set(found.groups[:400].tolist())) == 400
    assert found.warnings == ()
    np.testing.assert_allclose(shares(found.part), SHARES, atol=0.01)
    fold = folds(found.groups, 5)
    assert len(set(fold[400:].tolist())) == 1
    assert np.bincount(fold).max() - np.bincount(fold).min() <= 1


def test_a_family_larger_than_the_test_part_is_cut_and_warned_of():
    found = split_by_similarity(with_family(200, 200), SplitOptions())
    sizes = np.bincount(found.groups)
    assert 50 < sizes.max() <= SHARES[2] * 400
    np.testing.assert_allclose(shares(found.part), SHARES, atol=0.01)
    dominant, cut = found.warnings
    assert dominant.startswith("200 of 400 targets are linked by stretches of 31 bases or more, more than")
    assert cut.startswith("200 of 400 sequences share stretches of 31 bases or more (repeats or copies) and")


def test_a_family_is_weighed_within_its_own_stratum():
    strata = np.repeat([0, 1], [1900, 100])
    found = split_by_similarity(with_family(1920, 80), SplitOptions(), strata=strata)
    assert np.bincount(found.groups).max() <= SHARES[2] * 100
    np.testing.assert_allclose(shares(found.part[strata == 1]), SHARES, atol=0.03)
    assert [warning.split(" ")[:3] for warning in found.warnings] == [
        ["80", "of", "100"],
        ["80", "of", "2,000"],
    ]


def test_copies_that_tests_count_once_are_not_warned_of():
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 4, (400, 200), dtype=np.uint8)
    codes[200:] = np.where(rng.random((200, 200)) < 0.01, codes[200:], codes[200])
    found = split_by_similarity(Sequences.from_codes(list(codes)), SplitOptions())
    assert not any("count as independent ones" in sentence for sentence in found.warnings)


def test_sequences_that_are_all_alike_are_too_few():
    one = random_codes(1)[0]
    with pytest.raises(TooFewSequences, match="clusters of similar sequences: 1 sequence; at least 3"):
        split_by_similarity(Sequences.from_codes([one] * 5), SplitOptions())
