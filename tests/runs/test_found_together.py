"""Which motifs of a run have companions: all that count, of their own task, and no others."""

from dataclasses import replace
from math import comb

import numpy as np
import pytest

from motifnet.datasets.simulate import motif_from_word
from motifnet.discovery.kinds import Kind
from motifnet.discovery.results import FoundMotif
from motifnet.motifs import Sites
from motifnet.runs.companions import with_companions
from motifnet.stats.enrichment import fisher
from motifnet.strand import Strand
from tests.discovery.planted import composed

WORDS = ("CCGGAAGTGA", "GATAAGRC", "TGASTCAT")


@pytest.fixture(scope="module")
def dataset():
    """Two tasks, each with the words of its own."""
    return composed(list(WORDS), list(WORDS), n=150, share=0.5)


def found(rank, dataset, **told):
    """A motif as a run has it."""
    test = fisher(70, 150, 3, 300)
    motif = motif_from_word(WORDS[rank - 1])
    nowhere = np.zeros(0, np.int64)
    made = FoundMotif(
        motif=replace(motif, name=f"{rank}-{motif.consensus}"),
        enrichment=test,
        net=test,
        n_tests=3,
        significant=True,
        auroc=0.8,
        task="task1",
        by_task={},
        weight_by_task={},
        threshold=8.0,
        filters=(f"filter{rank}",),
        sites=Sites(dataset.sequences, motif.width, nowhere, nowhere, nowhere > 0, np.zeros(0)),
    )
    return replace(made, **told)


def names_of(told):
    return [{one.name.partition("-")[0] for one in motif.companions} for motif in told]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("kept", [False, True], ids=["", "--keep-repeats"])
def test_what_counts_has_companions_whatever_it_is(kind, kept, dataset):
    motifs = [found(1, dataset), found(2, dataset, kind=kind, kept=kept), found(3, dataset)]
    told = with_companions(motifs, dataset, strand=Strand.BOTH)
    counts = kind is Kind.MOTIF or kept
    assert names_of(told) == ([{"2", "3"}, {"1", "3"}, {"1", "2"}] if counts else [{"3"}, set(), {"1"}])
    assert {one.n_pairs for motif in told for one in motif.companions} == {comb(3 if counts else 2, 2)}


def test_what_is_not_significant_is_no_companion(dataset):
    motifs = [found(1, dataset), found(2, dataset, significant=False), found(3, dataset)]
    assert names_of(with_companions(motifs, dataset, strand=Strand.BOTH)) == [{"3"}, set(), {"1"}]


def test_motifs_of_two_tasks_are_no_companions_and_pairs_of_both_are_tried(dataset):
    of_one = [found(rank, dataset) for rank in (1, 2)]
    of_other = [
        found(3, dataset, task="task2"),
        found(1, dataset, task="task2", motif=motif_from_word("CACGTG")),
    ]
    told = with_companions([*of_one, *of_other], dataset, strand=Strand.BOTH)
    assert names_of(told)[:3] == [{"2"}, {"1"}, {"CACGTG"}]
    assert {one.n_pairs for motif in told for one in motif.companions} == {2}


def test_targets_are_those_of_the_task_that_tests_count(dataset):
    counted = dataset.counted.copy()
    counted[np.flatnonzero(dataset.labels[:, 0] == 1)[:40], 0] = False
    told = with_companions(
        [found(1, dataset), found(2, dataset)], replace(dataset, counted=counted), strand=Strand.BOTH
    )
    assert [one.together.n_sequences for motif in told for one in motif.companions] == [110, 110]
