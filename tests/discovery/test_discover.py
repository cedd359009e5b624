"""Discovery end to end on planted truth: found where it is, nothing where there is nothing."""

import dataclasses

import numpy as np
import pytest
import torch
from planted import BACKGROUND, Memory, composed, likeness, sequences, small_config

from motifnet.datasets.compose import compose
from motifnet.datasets.controls import GivenControls
from motifnet.datasets.split import TEST, TRAIN, VALIDATION
from motifnet.discovery import discover as module
from motifnet.discovery.discover import discover
from motifnet.discovery.evaluate import hold_out
from motifnet.discovery.kinds import Kind
from motifnet.models.build import MODELS
from motifnet.strand import Strand
from motifnet.symbols import DNA, Interval

WORD = "CCGGAAGTGA"
WAYS = {"hold-out": 0, "cross-fit": 10_000}


def discovered(dataset, **config):
    return discover(dataset, BACKGROUND, small_config(**config))


@pytest.fixture(scope="module", params=WAYS)
def found(request):
    """What is found in 300 sequences, six tenths of which hold a word."""
    dataset = composed([WORD], n=300)
    return dataset, discovered(dataset, below=WAYS[request.param])


def assert_same(one, other):
    for name, value in one.model.state_dict().items():
        assert torch.equal(value, other.model.state_dict()[name])
    assert one.dropped == other.dropped
    assert one.evaluation == other.evaluation
    for ours, theirs in zip(one.motifs, other.motifs, strict=True):
        np.testing.assert_array_equal(ours.motif.counts, theirs.motif.counts)
        assert ours.motif.name == theirs.motif.name
        assert ours.enrichment == theirs.enrichment
        assert ours.e_value == theirs.e_value
        assert list(ours.sites) == list(theirs.sites)
    for ours, theirs in zip(one.metrics, other.metrics, strict=True):
        assert (ours["auroc"], ours["auprc"]) == (theirs["auroc"], theirs["auprc"])


def test_a_planted_motif_is_found_once_with_its_consensus_and_is_significant(found):
    _, result = found
    significant = [one for one in result.motifs if one.significant]
    assert len(significant) == 1
    best = result.motifs[0]
    assert best is significant[0]
    assert best.motif.consensus == WORD
    assert best.motif.name == f"1-{WORD}"
    assert best.e_value < 1e-6
    assert best.motif.e_value == pytest.approx(best.e_value)
    assert best.enrichment.target_share == pytest.approx(0.6, abs=0.12)
    assert best.enrichment.control_share < 0.05
    assert best.auroc > 0.7
    assert best.by_task == {"task1": best.enrichment}
    assert best.weight_by_task["task1"] > 0
    assert result.metrics[0]["auroc"] > 0.65


def test_sites_are_those_that_were_planted(found):
    dataset, result = found
    best = result.motifs[0]
    assert len(best.sites) == pytest.approx(180, abs=8)
    by_name = {name: i for i, name in enumerate(dataset.sequences.names)}
    for site, distance in zip(best.sites, best.sites.centre_distances, strict=True):
        codes = dataset.sequences[by_name[site.sequence]]
        text = DNA.decode(codes[site.start : site.end])
        read = text if site.strand == "+" else DNA.decode(DNA.reverse_complement(DNA.encode(text)))
        assert site.text == read
        assert site.score >= best.threshold
        assert site.where is None
        assert distance == (site.start + site.end) / 2 - len(codes) / 2
    assert sum(site.text == WORD for site in best.sites) >= 175
    assert set(dataset.part[best.sites.index]) == {TRAIN, VALIDATION, TEST}


def test_metrics_are_of_sequences_that_were_held_out(found):
    dataset, result = found
    metrics = result.metrics[0]
    held_out = len(dataset.target_indices(TEST, 0))
    assert metrics["n_targets"] == (held_out if "test part" in result.evaluation else 300)
    assert metrics["no_skill_auprc"] == metrics["n_targets"] / (metrics["n_targets"] + metrics["n_controls"])
    assert metrics["gc_auroc"] >= 0.5
    assert metrics["length_auroc"] == 0.5
    roc, *_ = metrics.charts
    assert (roc.lines[0].x[-1], roc.lines[0].y[-1]) == (1, 1)


@pytest.mark.parametrize("below", WAYS.values(), ids=WAYS)
def test_two_runs_are_bit_equal(below):
    dataset = composed([WORD], n=90, length=60)
    torch.manual_seed(5)
    one = discovered(dataset, below=below)
    torch.manual_seed(6)
    np.random.seed(7)
    assert_same(one, discovered(dataset, below=below))


def test_a_run_that_was_interrupted_in_a_fold_ends_as_one_that_was_not():
    dataset = composed([WORD], n=90, length=60)
    config = small_config(below=10_000)
    expected = discover(dataset, BACKGROUND, config)
    workspace = Memory(dies_after=7)
    with pytest.raises(KeyboardInterrupt):
        discover(dataset, BACKGROUND, config, workspace=workspace)
    assert "fold1.candidates" in workspace.pieces
    assert_same(discover(dataset, BACKGROUND, config, workspace=workspace), expected)


@pytest.mark.parametrize("below", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("seed", range(3))
def test_random_targets_have_no_significant_motif(below, seed):
    result = discovered(composed([], n=200, seed=50 + seed), below=below)
    assert [one.motif.name for one in result.motifs if one.significant] == []
    assert result.metrics[0]["auroc"] == pytest.approx(0.5, abs=0.15)
    assert len(result.dropped) >= 1


def test_each_task_has_its_own_motif():
    result = discovered(composed([WORD], ["GATAAGRC"], n=200, share=0.7), n_motifs=2)
    significant = [one for one in result.motifs if one.significant]
    assert sorted(one.task for one in significant) == ["task1", "task2"]
    for one in significant:
        word = WORD if one.task == "task1" else "GATAAGRC"
        other = "task2" if one.task == "task1" else "task1"
        assert likeness(one.motif.probabilities, word) > 0.95
        assert one.by_task[one.task].log10_p < one.by_task[other].log10_p - 5
        assert one.weight_by_task[one.task] > one.weight_by_task[other]
    assert [metrics.task for metrics in result.metrics] == ["task1", "task2"]


def test_ten_motifs_asked_for_where_there_are_two_gives_two():
    result = discovered(composed([WORD, "GATAAGRC"], share=0.5), n_motifs=10)
    significant = [one for one in result.motifs if one.significant]
    assert len(significant) == 2
    assert {one.motif.consensus for one in significant} <= {WORD, "GATAAGRC", "GYCTTATC"}


@pytest.mark.parametrize("family", MODELS)
def test_every_family_of_networks_can_be_read(family):
    result = discovered(composed([WORD], n=200), family=family, n_motifs=1)
    assert result.motifs[0].motif.consensus == WORD
    assert bool(result.motifs[0].weight_by_task) == (result.model.filter_weights() is not None)


def test_the_given_strand_alone_is_searched_where_asked():
    result = discovered(composed(["TTCCGGTAAC"], n=200, strand=Strand.SINGLE), strand="single", n_motifs=1)
    assert result.motifs[0].motif.consensus == "TTCCGGTAAC"
    assert {site.strand for site in result.motifs[0].sites} == {"+"}


def test_sites_lie_where_they_are_in_the_genome():
    targets, controls = sequences([WORD], n=200)
    intervals = [Interval(f"c{i % 8}", 1000 * i, 1000 * i + 80, "+-."[i % 3]) for i in range(200)]
    placed = dataclasses.replace(targets, intervals=intervals)
    elsewhere = [Interval(f"c{i % 8}", 300_000 + 100 * i, 300_080 + 100 * i) for i in range(200)]
    against = dataclasses.replace(controls.select(np.arange(200)), intervals=elsewhere)
    dataset = compose({"a": placed}, GivenControls(against), min_length=12).dataset
    best = discovered(dataset, n_motifs=1).motifs[0]
    genome = {where: placed[i] for i, where in enumerate(intervals)}
    assert len(best.sites) > 100
    for site in best.sites:
        peak = next(where for where in genome if where.overlaps(site.where))
        codes = genome[peak]
        forward = DNA.reverse_complement(codes) if peak.strand == "-" else codes
        there = forward[site.where.start - peak.start : site.where.end - peak.start]
        read = DNA.reverse_complement(there) if site.where.strand == "-" else there
        assert DNA.decode(read) == site.text


def test_a_set_in_which_no_filter_reads_as_a_motif_is_well_formed():
    result = discovered(composed([], n=60, seed=1), n_motifs=1)
    assert result.motifs == []
    assert [one.name for one in result.dropped] == [f"filter{i}" for i in range(1, 5)]
    assert np.isfinite(result.metrics[0]["auroc"])


@pytest.mark.parametrize("keep", [False, True], ids=["", "--keep-repeats"])
def test_ranks_are_by_p_value_and_what_is_set_apart_is_last(keep, monkeypatch):
    """Significant or not: a motif that is not comes before a repeat that is."""
    told = [(Kind.MOTIF, -1.0), (Kind.REPEAT, -30.0), (Kind.MOTIF, -20.0), (Kind.COMPOSITION, -0.1)]

    def judged(*arguments, **how):
        found = hold_out(*arguments, **how)
        read, verdict = found.learned.motifs[0], found.verdicts[0]
        motifs = [
            read._replace(kind=kind, filters=(f"filter{i}",), extends="filter3" if i == 1 else "")
            for i, (kind, _) in enumerate(told, 1)
        ]
        verdicts = [verdict._replace(net=(verdict.net[0]._replace(log10_p=p),)) for _, p in told]
        return found._replace(learned=found.learned._replace(motifs=motifs), verdicts=verdicts)

    monkeypatch.setattr(module, "hold_out", judged)
    dataset = composed([WORD], n=200)
    config = small_config(n_motifs=1).with_options("discovery", keep_repeats=keep)
    motifs = discover(dataset, BACKGROUND, config).motifs
    order = "2314" if keep else "3124"
    assert [one.filters for one in motifs] == [(f"filter{i}",) for i in order]
    assert [one.significant for one in motifs] == [told[int(i) - 1][1] < -10 for i in order]
    assert [one.motif.name for one in motifs] == [f"{rank}-{WORD}" for rank in (1, 2, 3, 4)]
    assert [one.motif.alt_name for one in motifs] == [f"motifnet-{rank}" for rank in (1, 2, 3, 4)]
    extending = next(one for one in motifs if one.filters == ("filter1",))
    assert extending.extends == next(one for one in motifs if one.filters == ("filter3",)).motif.name
    assert [one.counts for one in motifs] == [one.significant and not one.is_set_apart for one in motifs]
    assert sum(one.counts for one in motifs) == (2 if keep else 1)
    assert motifs == sorted(motifs, key=lambda one: one.rank_key)
