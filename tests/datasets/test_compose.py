"""Clean, labelled, controlled, split: laws that hold for every kind of controls, and the errors."""

import numpy as np
import pytest
from fake_genome import FakeGenome

from motifnet.config.train import SplitOptions
from motifnet.datasets.compose import compose
from motifnet.datasets.controls import GenomeControls, GivenControls, ShuffledControls
from motifnet.datasets.split import TEST, TRAIN, VALIDATION
from motifnet.errors import InvalidValue, TooFewControls, TooFewSequences
from motifnet.strand import Strand
from motifnet.symbols import Interval, Sequences

HELD_OUT = SplitOptions(cross_fit_below=0)  # parts as they are split, however few targets there are


CHROMS = {f"c{i}": 40_000 for i in range(1, 9)}


def random_sequences(n, length=80, seed=0, name="seq"):
    codes = np.random.default_rng(seed).integers(0, 4, (n, length), dtype=np.uint8)
    return Sequences.from_codes(list(codes), [f"{name}{i}" for i in range(n)])


@pytest.fixture(scope="module")
def genome():
    return FakeGenome.random(CHROMS)


@pytest.fixture(scope="module")
def peaks(genome):
    rng = np.random.default_rng(5)
    starts = rng.permutation(190)[:160] * 200
    return genome.fetch([Interval(f"c{i % 8 + 1}", int(s), int(s) + 120) for i, s in enumerate(starts)])


def makers(genome):
    return [
        ShuffledControls(),
        GivenControls(random_sequences(400, seed=9, name="control")),
        GenomeControls(genome),
    ]


@pytest.mark.parametrize("which", range(3))
def test_laws_of_every_kind_of_controls(genome, peaks, which):
    made = compose({"a": peaks}, makers(genome)[which], HELD_OUT, min_length=20, seed=1)
    data, summary = made.dataset, made.summary
    n = len(data)
    assert n == len(data.labels) == len(data.part) == len(data.groups) == len(data.is_target)
    assert data.is_target.sum() == 160 == summary.targets_by_task["a"]
    np.testing.assert_array_equal(data.labels[:, 0], data.is_target)
    np.testing.assert_array_equal(data.sequences.select(data.is_target).codes, peaks.codes)
    parts_of_group = {}
    for group, part in zip(data.groups.tolist(), data.part.tolist(), strict=True):
        assert parts_of_group.setdefault(group, part) == part
    assert [row.part for row in summary.parts] == ["train", "validation", "test"]
    for part, row in enumerate(summary.parts):
        assert row.n_targets == len(data.target_indices(part, 0)) > 0
        assert row.n_controls == len(data.control_indices(part, 0)) > 0
        assert row.n_targets + row.n_controls == len(data.indices(part))
    assert summary.n_controls == n - 160 == len(summary.control_gc) == len(summary.control_lengths)
    assert summary.background.sum() == pytest.approx(1)
    assert summary.background[0] == pytest.approx(summary.background[3])


def test_a_shuffle_is_in_the_part_of_its_target():
    made = compose({"a": random_sequences(30)}, ShuffledControls(per_target=3))
    data = made.dataset
    place = {name: i for i, name in enumerate(data.sequences.names)}
    for name, i in place.items():
        if "_shuf" in name:
            target = place[name.split("_shuf")[0]]
            assert data.part[i] == data.part[target]
            assert data.groups[i] == data.groups[target]
    assert made.summary.n_controls == 90
    assert made.notes[0].startswith(
        "Shuffled controls are the easy task: they keep the counts of words of 2 bases"
    )
    assert (
        made.summary.control_source == "90 shuffles of the targets that keep the counts of words of 2 bases"
    )


@pytest.mark.parametrize(("n", "n_controls"), [(40, 800), (300, 2100), (2500, 7500), (20_000, 20_000)])
def test_the_number_of_shuffles_follows_the_number_of_targets(n, n_controls):
    assert compose({"a": random_sequences(n)}, ShuffledControls()).summary.n_controls == n_controls


def test_genomic_controls_keep_to_the_chromosomes_of_their_part(genome, peaks):
    made = compose({"a": peaks}, GenomeControls(genome, exclude=[Interval("c1", 0, 5000)]))
    data = made.dataset
    chrom_part = {}
    for where, part in zip(data.sequences.intervals, data.part.tolist(), strict=True):
        assert chrom_part.setdefault(where.chrom, part) == part
    for where in data.sequences.intervals[160:]:
        assert not any(where.overlaps(peak) for peak in [*peaks.intervals, Interval("c1", 0, 5000)])
    assert sorted(name for row in made.summary.parts for name in row.groups) == sorted(CHROMS)
    assert made.summary.split_method.startswith("whole chromosomes")
    assert "Controls differ from their targets by" in made.notes[0]


def test_chromosomes_of_a_part_are_told_with_their_number(genome, peaks):
    chosen = SplitOptions(validation_chroms=("c1",), test_chroms=("c2",), cross_fit_below=0)
    made = compose({"a": peaks}, GenomeControls(genome), split=chosen)
    told = [text.rpartition(", ")[2] for text in made.sentences() if text.startswith("  ")]
    assert sorted(told) == ["1 chromosome", "1 chromosome", "6 chromosomes"]


@pytest.mark.parametrize("below", [0, 10_000], ids=["part", "folds"])
def test_sizes_say_what_tests_count_where_that_is_less(below):
    genome = np.random.default_rng(0).integers(0, 4, (90, 160), dtype=np.uint8)
    tiles = [row[start : start + 80] for row in genome for start in (0, 40)]
    made = compose({"a": tiles}, ShuffledControls(per_target=1), SplitOptions(cross_fit_below=below))
    *others, last = made.summary.parts
    inside = np.ones(len(made.dataset), bool) if below else made.dataset.part == TEST
    is_target, counted = made.dataset.is_target[inside], made.dataset.counted[inside, 0]
    assert (last.n_targets, last.n_controls) == (is_target.sum(), (~is_target).sum())
    assert last.n_tested == last.tested_apart == (counted[is_target].sum(), counted[~is_target].sum())
    assert last.n_tested[0] == last.n_targets / 2
    told = [text for text in made.sentences() if "tests count" in text]
    assert [text.partition("; ")[2] for text in told] == [
        "tests count {:,} and {:,} of these".format(*last.n_tested)
    ]
    assert all(one.n_tested is one.tested_apart is None for one in others)
    alone = compose({"a": list(genome)}, ShuffledControls(per_target=1), SplitOptions(cross_fit_below=below))
    assert not any("tests count" in text for text in alone.sentences())
    assert alone.summary.parts[-1].tested_apart is None


def test_warnings_are_told_with_the_results_and_not_before(peaks):
    made = compose({"a": Sequences.concatenate([peaks, peaks])}, ShuffledControls(per_target=1))
    assert made.warnings
    assert not set(made.warnings) & set(made.sentences())


def test_genomic_controls_of_one_chromosome_are_split_by_similarity(genome, peaks):
    alone = peaks.select(np.array([where.chrom == "c1" for where in peaks.intervals]))
    made = compose({"a": alone}, GenomeControls(genome, per_target=2))
    assert "since the targets lie on one chromosome" in made.summary.split_method
    assert all(row.groups == () for row in made.summary.parts)


def test_no_control_overlaps_a_peak_of_another_task(genome, peaks):
    half = np.arange(160) < 80
    made = compose({"a": peaks.select(half), "b": peaks.select(~half)}, GenomeControls(genome, per_target=2))
    controls = np.array(made.dataset.sequences.intervals, object)[~made.dataset.is_target]
    assert not any(Interval(*one).overlaps(peak) for one in controls for peak in peaks.intervals)


def test_a_sequence_of_two_tasks_is_kept_once_with_both_labels():
    all_ = random_sequences(60)
    tasks = {"a": all_.select(np.arange(40)), "b": all_.select(np.arange(20, 60))}
    made = compose(tasks, ShuffledControls(per_target=1))
    labels = made.dataset.labels
    np.testing.assert_array_equal(labels[:20], [[1, np.nan]] * 20)
    np.testing.assert_array_equal(labels[20:40], [[1, 1]] * 20)
    np.testing.assert_array_equal(labels[40:60], [[np.nan, 1]] * 20)
    np.testing.assert_array_equal(labels[60:], [[0, 0]] * 60)
    assert made.summary.targets_by_task == {"a": 40, "b": 40}
    assert made.summary.removed == {"merged with the same sequence of another task": 20}
    for part in (TRAIN, VALIDATION, TEST):
        assert len(made.dataset.target_indices(part, 0)) > 0
        assert len(made.dataset.target_indices(part, 1)) > 0


def test_duplicates_are_removed_counted_and_warned_of():
    doubled = Sequences.concatenate([random_sequences(30), random_sequences(30)])
    made = compose({"a": doubled}, ShuffledControls())
    assert made.summary.removed == {"duplicate": 30}
    assert made.warnings == ("30 of 60 targets were duplicates and are left out.",)


def test_controls_that_are_targets_are_removed():
    targets = random_sequences(30)
    given = Sequences.concatenate([random_sequences(100, seed=3), targets])
    made = compose({"a": targets}, GivenControls(given, "bg.fa"))
    assert made.summary.n_controls == 100
    assert made.summary.control_source == "100 sequences of bg.fa"
    removed, places = made.notes
    assert removed == "Controls removed: 30 duplicate."
    assert places.startswith("Places are within the sequence for ")


def test_controls_of_other_gc_are_noted():
    rng = np.random.default_rng(0)
    given = Sequences.from_codes(list(rng.choice(4, (50, 80), p=[0.4, 0.1, 0.1, 0.4]).astype(np.uint8)))
    note, _ = compose({"a": random_sequences(40)}, GivenControls(given, match=False)).notes
    assert note.startswith("Targets have 49% GC and controls 20%: a network may learn that")


def test_all_follows_from_the_seed(genome, peaks):
    for maker in makers(genome):
        one, again, other = (compose({"a": peaks}, maker, seed=seed).dataset for seed in (1, 1, 2))
        np.testing.assert_array_equal(one.sequences.codes, again.sequences.codes)
        np.testing.assert_array_equal(one.part, again.part)
        changed = one.sequences.codes.shape != other.sequences.codes.shape or (
            (one.sequences.codes != other.sequences.codes).any() or (one.part != other.part).any()
        )
        assert changed


def test_strands_are_kept_apart_where_they_differ():
    targets = random_sequences(20)
    turned = Sequences.from_codes([3 - targets[i][::-1] for i in range(20)])
    both = Sequences.concatenate([targets, turned])
    assert compose({"a": both}, ShuffledControls()).summary.targets_by_task == {"a": 20}
    apart = compose({"a": both}, ShuffledControls(), strand=Strand.SINGLE)
    assert apart.summary.targets_by_task == {"a": 40}
    assert apart.summary.removed == {}


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["ACGTACGTACGTACGTACGTACGT"], "targets of a: 1 sequence; at least 10 are needed"),
        ([], "targets of a: 0 sequences; at least 10 are needed"),
        (
            ["N" * 30] * 50,
            "targets of a: 0 sequences; at least 10 are needed. Removed: 50 only unknown bases",
        ),
        (["ACGT"] * 50, "Removed: 50 too short; a sequence needs 20 known bases"),
        (["ACGTACGTACGTACGTACGTACGT"] * 50, "1 sequence; at least 10 are needed. Removed: 49 duplicate"),
    ],
    ids=["one", "none", "unknown", "short", "all the same"],
)
def test_too_few_targets_are_an_error_before_training(texts, sentence):
    with pytest.raises(TooFewSequences, match=sentence):
        compose({"a": Sequences.from_text(texts)}, ShuffledControls(), min_length=20)


def test_controls_are_needed_and_in_every_part():
    targets = random_sequences(30)
    with pytest.raises(TooFewControls, match=r"controls in bg[.]fa: 0 sequences; .* Removed: 30 duplicate"):
        compose({"a": targets}, GivenControls(targets, "bg.fa"))
    with pytest.raises(TooFewControls, match="controls in the validation part: 0 sequences"):
        compose({"a": targets}, GivenControls(random_sequences(2, seed=7)))
    rigid = Sequences.from_text(["A" * n for n in range(20, 60)])
    with pytest.raises(TooFewControls, match="Every shuffle equals its target"):
        compose({"a": rigid}, ShuffledControls())


def test_a_task_needs_targets_in_every_part(peaks):
    only_c1 = peaks.select(np.array([where.chrom == "c1" for where in peaks.intervals]))
    options = SplitOptions(test_chroms=("c2",), validation_chroms=("c3",))
    with pytest.raises(TooFewSequences, match="targets of b in the validation part: 0 sequences"):
        compose({"a": peaks, "b": only_c1}, ShuffledControls(), options)


def test_a_task_on_few_chromosomes_is_split_by_similarity(genome):
    first = genome.fetch([Interval(f"c{i % 8 + 1}", 200 * i, 200 * i + 120) for i in range(120)])
    second = genome.fetch([Interval(f"c{i % 2 + 1}", 200 * i, 200 * i + 120) for i in range(170, 190)])
    for maker in makers(genome)[::2]:
        made = compose({"a": first, "b": second}, maker)
        assert "since whole chromosomes would give" in made.summary.split_method
        assert "targets of task 2" in made.summary.split_method
        assert all(len(made.dataset.target_indices(part, 1)) for part in (TRAIN, VALIDATION, TEST))


def test_given_controls_on_few_chromosomes_are_split_by_similarity(peaks, genome):
    given = genome.fetch([Interval(f"c{i % 2 + 1}", 100 * i, 100 * i + 80) for i in range(60)])
    made = compose({"a": peaks}, GivenControls(given, match=False), HELD_OUT)
    assert made.summary.split_method.endswith("no controls")
    assert all(len(made.dataset.control_indices(part, 0)) for part in (TRAIN, VALIDATION, TEST))


def test_copies_that_cannot_be_kept_together_are_warned_of():
    codes = np.random.default_rng(1).integers(0, 4, (100, 120), dtype=np.uint8)
    codes[60:, :100] = codes[60, :100]
    for maker in (ShuffledControls(), GivenControls(random_sequences(400, length=120, seed=9), match=False)):
        made = compose({"a": Sequences.from_codes(list(codes))}, maker)
        assert made.warnings[0].startswith("40 of 100 targets are linked by stretches of 31 bases or more")
        assert made.warnings[1].startswith("40 of ")
        assert "could not all be kept on one side of the split" in made.warnings[1]


def test_there_must_be_a_task():
    with pytest.raises(InvalidValue, match="one set of sequences or more"):
        compose({}, ShuffledControls())
