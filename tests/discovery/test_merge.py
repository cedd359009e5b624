"""Merging: one motif in several filters becomes one, whatever their order and orientation."""

from itertools import permutations

import numpy as np
import pytest
from planted import BACKGROUND, scored

from motifnet.datasets.simulate import Planted, motif_from_word, simulate
from motifnet.discovery.judge import judge
from motifnet.discovery.kinds import Kind
from motifnet.discovery.merge import merge_filters
from motifnet.discovery.readout import ReadMotif
from motifnet.discovery.scored import Scored
from motifnet.motifs import Motif
from motifnet.strand import Strand
from motifnet.symbols.background import Background

WORD = "CCGGAAGTGA"


def read_motif(name, word, z, *, turned=False, threshold=None):
    motif = Motif(name, motif_from_word(word).counts, BACKGROUND)
    motif = motif.reverse_complement() if turned else motif
    best = motif.log_odds().max(0).sum()
    return ReadMotif(motif, 0.9 * best if threshold is None else threshold, z, 0, (name,))


@pytest.fixture(scope="module")
def targets():
    return [scored([WORD])[0]]


MOTIFS = [
    read_motif("filter1", WORD, 9.0),
    read_motif("filter2", "CGGAAGTGA", 12.0),
    read_motif("filter3", "GATAAGG", 7.0),
    read_motif("filter4", "GATWAGG", 5.0),
]


def summary(merged):
    return {read.filters for read in merged.kept}, merged.into


@pytest.mark.parametrize("turned", [(), (1,), (0, 3), (0, 1, 2, 3)])
def test_neither_order_nor_orientation_matters(targets, turned):
    expected = merge_filters(MOTIFS, targets, strand=Strand.BOTH)
    assert [read.filters for read in expected.kept] == [("filter2", "filter1"), ("filter3", "filter4")]
    assert expected.into == {"filter1": "filter2", "filter4": "filter3"}
    versions = [
        read._replace(motif=read.motif.reverse_complement()) if i in turned else read
        for i, read in enumerate(MOTIFS)
    ]
    for order in permutations(versions):
        found = merge_filters(order, targets, strand=Strand.BOTH)
        assert summary(found) == summary(expected)
        assert [read.z for read in found.kept] == [12.0, 7.0]


def test_the_best_stands_for_all_as_it_is(targets):
    kept = merge_filters(MOTIFS, targets, strand=Strand.BOTH).kept[0]
    np.testing.assert_array_equal(kept.motif.counts, MOTIFS[1].motif.counts)
    assert kept.threshold == MOTIFS[1].threshold


def test_equals_are_told_apart_by_name(targets):
    twins = [read_motif(name, WORD, 9.0) for name in ("filter2", "filter1")]
    for order in permutations(twins):
        assert merge_filters(order, targets, strand=Strand.BOTH).into == {"filter2": "filter1"}


def test_halves_of_a_motif_are_one_because_they_share_its_sites(targets):
    # Seven of ten columns each, four of which both have: too little likeness to merge by itself.
    halves = [read_motif("filter1", WORD[:7], 9.0), read_motif("filter2", WORD[3:], 8.0)]
    assert merge_filters(halves, targets, strand=Strand.BOTH).into == {"filter2": "filter1"}
    elsewhere = [scored(["CCGGAAGCCTT", "ATTTCGAAGTGA"], share=0.5)[0]]
    apart = [halves[0], read_motif("filter2", WORD[3:], 8.0)]
    assert merge_filters(apart, elsewhere, strand=Strand.BOTH).into == {}


def test_unlike_motifs_stay_apart_even_side_by_side():
    targets = [scored(["CCGGAAGTGATAAGG"])[0]]
    neighbours = [read_motif("filter1", "CCGGAAGT", 9.0), read_motif("filter2", "GATAAGG", 8.0)]
    assert merge_filters(neighbours, targets, strand=Strand.BOTH).into == {}


def test_the_other_strand_is_another_motif_where_strands_differ(targets):
    both = [read_motif("filter1", WORD, 9.0), read_motif("filter2", WORD, 8.0, turned=True)]
    assert merge_filters(both, targets, strand=Strand.BOTH).into == {"filter2": "filter1"}
    assert merge_filters(both, targets, strand=Strand.SINGLE).into == {}


def test_nothing_merges_to_nothing(targets):
    assert merge_filters([], targets, strand=Strand.BOTH) == ([], {})


WHOLE = "CCGGAAGTGACATAGG"


@pytest.mark.parametrize(("z", "stands"), [(8.0, WHOLE), (5.0, WORD)])
def test_the_whole_stands_for_its_part_if_it_separates_nearly_as_well(targets, z, stands):
    motifs = [read_motif("filter1", WORD, 9.0), read_motif("filter2", WHOLE, z)]
    for order in permutations(motifs):
        kept = merge_filters(order, targets, strand=Strand.BOTH).kept
        assert kept[0].motif.consensus == stands
        assert kept[0].z == 9.0
        if stands == WHOLE:
            assert [(relation, one.motif.consensus) for relation, one in kept[0].members] == [("part", WORD)]
        else:
            assert [(one.motif.consensus, one.extends) for one in kept[1:]] == [(WHOLE, "filter1")]


def test_a_half_is_a_part_wherever_it_stands(targets):
    elsewhere = [scored([WHOLE, "ATTCCGGAAGTGATTA"], share=0.5)[0]]
    motifs = [read_motif("filter1", WHOLE, 9.0), read_motif("filter2", WORD, 8.0)]
    for where in (targets, elsewhere):
        (kept,) = merge_filters(motifs, where, strand=Strand.BOTH).kept
        assert [(relation, one.motif.consensus) for relation, one in kept.members] == [("part", WORD)]


def test_what_is_no_motif_comes_last_and_is_no_variant(targets):
    runs = [scored(["AAAAAAAAAAAAAA", WORD])[0]]
    run = read_motif("filter1", "AAAAAAAAAA", 20.0)._replace(kind=Kind.LOW_COMPLEXITY)
    motifs = [run, read_motif("filter2", WORD, 5.0)]
    merged = merge_filters(motifs, runs, strand=Strand.BOTH)
    assert [read.filters[0] for read in merged.kept] == ["filter2", "filter1"]
    assert [read.kind.value for read in merged.kept] == ["motif", "low complexity"]


def test_stretches_of_one_repeat_are_one_finding():
    rng = np.random.default_rng(0)
    repeat = "".join(rng.choice(list("ACGT"), 90))
    made = scored([repeat], n=200, length=200)[0]
    motifs = [read_motif("filter1", repeat[25:45], 9.0), read_motif("filter2", repeat[46:66], 8.0)]
    motifs = [read._replace(kind=Kind.REPEAT) for read in motifs]
    (kept,) = merge_filters(motifs, [made], strand=Strand.BOTH).kept
    assert kept.kind is Kind.REPEAT
    assert kept.filters == ("filter1", "filter2")


FIRST, SECOND = "AGATAAGA", "CAGCTGTT"
DIMER = FIRST + "CC" + SECOND


def dimers(second=SECOND, *, share=0.2):
    """Targets with the first motif, the second and the dimer of both, each by itself; and controls."""
    shares = {FIRST: 0.6, second: share, FIRST + "CC" + second: 0.15}
    planted = [Planted(motif_from_word(word), share) for word, share in shares.items() if share]
    made = simulate(planted, Background.from_gc(0.4), n_targets=1000, n_controls=2000, length=150, seed=0)
    return [Scored.of(made.targets)], [Scored.of(made.controls)]


def three(z_second, second=SECOND):
    return [
        read_motif("first", FIRST, 41.0),
        read_motif("second", second, z_second),
        read_motif("dimer", DIMER, 18.8),
    ]


# The second motif is better than the dimer, which would be its whole; or worse, and a part of that; or worse,
# with flanks that the dimer has not, so that shared sites decide.
@pytest.mark.parametrize(("z", "second"), [(20.4, SECOND), (18.0, SECOND), (18.0, SECOND + "GA")])
def test_two_motifs_and_their_dimer_are_three_findings(z, second):
    parts = dimers(second)
    for order in permutations(three(z, second)):
        merged = merge_filters(order, parts[0], strand=Strand.BOTH)
        assert {(read.filters, read.extends) for read in merged.kept} == {
            (("first",), ""),
            (("second",), ""),
            (("dimer",), "first"),
        }
    verdicts = judge(merged.kept, *parts, strand=Strand.BOTH)
    told = {read.filters[0]: one.settled().net[0] for read, one in zip(merged.kept, verdicts, strict=True)}
    assert max(test.log10_p for test in told.values()) < -30
    without = [read for read in merged.kept if read.filters[0] != "dimer"]
    alone = judge(without, *parts, strand=Strand.BOTH)
    assert alone[1].net[0] == told["second"]


def test_what_is_at_sites_of_a_composite_alone_is_a_part_of_it():
    targets, _ = dimers(share=0)
    for order in permutations(three(18.0)):
        kept = merge_filters(order, targets, strand=Strand.BOTH).kept
        assert [(read.filters, read.extends) for read in kept] == [
            (("first",), ""),
            (("dimer", "second"), "first"),
        ]


def test_a_whole_stands_for_all_its_parts():
    targets, _ = dimers()
    motifs = [motif._replace(z=20.0 - i) for i, motif in enumerate(three(20.4))]
    for order in permutations(motifs):
        (kept,) = merge_filters(order, targets, strand=Strand.BOTH).kept
        assert (kept.filters[0], kept.z, kept.extends) == ("dimer", 20.0, "")
        assert {(relation, one.filters) for relation, one in kept.members} == {
            ("part", ("first",)),
            ("part", ("second",)),
        }


def test_a_longer_reading_of_a_composite_stands_for_it():
    targets, _ = dimers()
    motifs = [
        read_motif("first", FIRST, 41.0),
        read_motif("shorter", DIMER[:-3], 19.0),
        read_motif("dimer", DIMER, 18.8),
    ]
    for order in permutations(motifs):
        kept = merge_filters(order, targets, strand=Strand.BOTH).kept
        assert [(read.filters, read.extends) for read in kept] == [
            (("first",), ""),
            (("dimer", "shorter"), "first"),
        ]


def test_each_motif_is_scored_once_in_a_task(monkeypatch):
    targets, _ = dimers()
    score, scored_motifs = Scored.best_known, []

    def counted(self, log_odds, **options):
        scored_motifs.append((id(self), log_odds.tobytes()))
        return score(self, log_odds, **options)

    monkeypatch.setattr(Scored, "best_known", counted)
    # Related to each other, so that shared sites decide.
    readings = [DIMER[start : start + 10] for start in range(0, 9, 2)]
    motifs = [read_motif(f"filter{i}", word, 9.0 - i) for i, word in enumerate(readings)]
    merge_filters(motifs, targets, strand=Strand.BOTH)
    assert len(scored_motifs) > 1
    assert len(set(scored_motifs)) == len(scored_motifs)
