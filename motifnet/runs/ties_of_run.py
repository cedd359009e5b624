"""The ties that a training run can ask of its own sequences and motifs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from motifnet.config.tie_tests import TieTestOptions
from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Dataset
from motifnet.discovery.results import FoundMotif
from motifnet.hypotheses.palindrome_test import palindrome
from motifnet.hypotheses.position_test import position
from motifnet.hypotheses.strand_test import strand
from motifnet.motifs import Motif
from motifnet.progress import Progress
from motifnet.runs.tie_tests import TargetSet, sets_of_dataset, too_few_told
from motifnet.strand import Strand
from motifnet.ties.tested import TieTest

Asked = Callable[[], TieTest | list[TieTest]]


def tested_ties(
    dataset: Dataset, found: Sequence[FoundMotif], config: TrainConfig, *, progress: Progress
) -> list[TieTest]:
    """Ask of each task whether the strand and the place matter, and which of its motifs are palindromes.

    What is held out judges, as far as the run has it. A set that is too small for a test says so, and the run
    goes on.

    Parameters
    ----------
    dataset : Dataset
    found : sequence of FoundMotif
    config : TrainConfig
    progress : Progress
    """
    usual, tests = TieTestOptions(), list[TieTest]()
    for one in sets_of_dataset(dataset, config):
        how = {
            "subject": one.name,
            "held_out": one.held_out,
            "seed": one.seed,
            "alpha": usual.alpha,
            "margin": usual.margin,
            "progress": progress,
        }
        motifs = [each.motif for each in found if each.counts and each.task == one.name]
        for name, asked in _questions(one, motifs, config.model.settled_strand, how, len(dataset.tasks)):
            with too_few_told(name, one, tests, alone=False):
                told = asked()
                tests += told if isinstance(told, list) else [told]
    return tests


def _questions(
    one: TargetSet, motifs: list[Motif], reading: Strand, how: dict[str, Any], n_tasks: int
) -> Iterator[tuple[str, Asked]]:
    yield "strand", lambda: strand(one.targets, one.controls, **how)
    yield "position", lambda: position(one.targets, one.controls, strand=reading, **how)
    if motifs and reading.reads_both:
        of_motifs = how | {"subject": one.name if n_tasks > 1 else ""}
        yield "palindrome", lambda: palindrome(motifs, one.targets, **of_motifs)
