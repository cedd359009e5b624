"""Windows match their targets, keep off peaks and off one another, and stay in their part."""

import numpy as np
import pytest
from fake_genome import FakeGenome

from motifnet.datasets.baselines import gc_score
from motifnet.datasets.negatives import FAR, matched_windows
from motifnet.errors import InvalidValue, TooFewControls
from motifnet.symbols import Interval, Sequences


@pytest.fixture(scope="module")
def genome():
    return FakeGenome.random({"c1": 200_000, "c2": 100_000, "c3": 60_000})


def some_targets(genome, n=120, *, seed=1, lengths=(80, 200), strand="."):
    rng = np.random.default_rng(seed)
    chroms = rng.choice(list(genome.contigs), n, p=[0.6, 0.3, 0.1])
    intervals = []
    for chrom in chroms:
        length = int(rng.integers(*lengths))
        start = int(rng.integers(genome.contigs[chrom] - length))
        intervals.append(Interval(str(chrom), start, start + length, strand))
    return genome.fetch(intervals)


def repeat_shares(genome, intervals):
    return np.array([genome.lowercase(w.chrom)[w.start : w.end].mean() for w in intervals])


def no_overlaps(intervals, others):
    return not any(one.overlaps(other) for one in intervals for other in others if one is not other)


def test_windows_match_their_targets_and_overlap_nothing(genome):
    targets = some_targets(genome)
    blacklist = [Interval("c1", 0, 50_000)]
    found = matched_windows(
        genome=genome, targets=targets, per_target=2, exclude=[*targets.intervals, *blacklist]
    )
    drawn = found.sequences
    assert len(drawn) + found.n_unmatched == 240
    assert found.n_unmatched < 10
    assert no_overlaps(drawn.intervals, [*targets.intervals, *blacklist])
    assert no_overlaps(drawn.intervals, drawn.intervals)
    np.testing.assert_array_equal(drawn.lengths, targets.lengths[found.source])
    gc_off = np.abs(gc_score(drawn) - gc_score(targets)[found.source])
    repeats_off = np.abs(
        repeat_shares(genome, drawn.intervals) - repeat_shares(genome, targets.intervals)[found.source]
    )
    assert gc_off.max() <= FAR[0] + 1e-9
    assert repeats_off.max() <= FAR[1] + 1e-9
    assert gc_off.mean() == pytest.approx(found.gc_difference)
    assert found.gc_difference < 0.01
    np.testing.assert_allclose(
        np.quantile(gc_score(drawn), [0.1, 0.5, 0.9]),
        np.quantile(gc_score(targets), [0.1, 0.5, 0.9]),
        atol=0.01,
    )


def test_codes_are_those_of_the_genome_and_names_those_of_the_targets(genome):
    targets = some_targets(genome, 30, strand="-")
    found = matched_windows(targets, genome, per_target=1, exclude=targets.intervals)
    assert {where.strand for where in found.sequences.intervals} == {"-"}
    np.testing.assert_array_equal(found.sequences.codes, genome.fetch(found.sequences.intervals).codes)
    assert found.sequences.names[0] == f"{targets.names[found.source[0]]}_control1"


def test_windows_stay_on_the_chromosome_of_their_target_where_there_is_room(genome):
    targets = some_targets(genome)
    found = matched_windows(targets, genome, per_target=1, exclude=targets.intervals)
    chroms = [where.chrom for where in found.sequences.intervals]
    assert chroms == [targets.intervals[i].chrom for i in found.source]


def test_without_room_at_home_windows_come_from_the_same_part(genome):
    targets = some_targets(genome)
    exclude = [*targets.intervals, Interval("c1", 0, 200_000)]
    found = matched_windows(targets, genome, per_target=1, exclude=exclude, parts={"c1": 0, "c2": 1, "c3": 0})
    for where, i in zip(found.sequences.intervals, found.source, strict=True):
        home = targets.intervals[i].chrom
        assert where.chrom == {"c1": "c3"}.get(home, home)
    assert no_overlaps(found.sequences.intervals, found.sequences.intervals)


def test_windows_follow_from_the_seed(genome):
    targets = some_targets(genome, 20)
    first, again, other = (
        matched_windows(targets, genome, per_target=1, exclude=[], seed=seed).sequences.intervals
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_masked_bases_of_windows_are_unknown_where_those_of_targets_were(genome):
    targets = some_targets(genome, 30)
    masked = genome.fetch(targets.intervals, mask_lowercase=True)
    found = matched_windows(masked, genome, per_target=1, exclude=[], mask_lowercase=True)
    unknown = np.array([(found.sequences[i] > 3).mean() for i in range(len(found.sequences))])
    np.testing.assert_allclose(unknown, repeat_shares(genome, found.sequences.intervals))


def test_windows_hold_no_gap_of_the_genome():
    text = ("ACGT" * 500 + "N" * 500) * 4
    genome = FakeGenome(c1=text)
    targets = genome.fetch([Interval("c1", start, start + 100) for start in range(0, 1000, 100)])
    found = matched_windows(targets, genome, per_target=3, exclude=targets.intervals)
    assert (found.sequences.codes < 4).all()


def test_a_genome_without_matches_is_an_error_before_training():
    genome = FakeGenome(c1="G" * 1000 + "A" * 100_000)
    targets = genome.fetch([Interval("c1", start, start + 50) for start in range(0, 1000, 50)])
    with pytest.raises(
        TooFewControls, match=r"0 sequences; at least 18 are needed[.] Give controls of your own"
    ):
        matched_windows(targets, genome, per_target=1, exclude=targets.intervals)


def test_targets_need_places_in_the_genome(genome):
    with pytest.raises(InvalidValue, match="an interval for each"):
        matched_windows(Sequences.from_text(["ACGT"]), genome, per_target=1, exclude=[])
    off = Sequences.from_text(["ACGT"])
    off = Sequences(off.codes, off.offsets, off.names, [Interval("c3", 59_998, 60_002)])
    with pytest.raises(InvalidValue, match="'c3:59998-60002'; expected a place within the genome"):
        matched_windows(off, genome, per_target=1, exclude=[])
