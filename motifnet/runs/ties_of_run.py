"""The ties that a training run can ask of its own sequences and motifs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from motifnet.config.tie_tests import TieTestOptions
from motifnet.config.train import TrainConfig
from motifnet.datasets.compose import Dataset
from motifnet.discovery.results import FoundMotif
from motifnet.hypotheses import palindrome_test, position_test, strand_test
from motifnet.hypotheses.judging import Answer, Asking, judge
from motifnet.motifs import Motif
from motifnet.progress import Progress
from motifnet.runs.tie_tests import TargetSet, asking, sets_of_dataset, too_few_told
from motifnet.strand import Strand
from motifnet.ties.tested import TieTest

Question = Callable[[], list[Answer]]


def tested_ties(
    dataset: Dataset, found: Sequence[FoundMotif], config: TrainConfig, *, progress: Progress
) -> list[TieTest]:
    """Ask of each task whether the strand and the place matter, and which of its motifs are palindromes.

    What is held out judges, as far as the run has it; of all tests together the q-values decide. A set that
    is too small for a test says so, and the run goes on.

    Parameters
    ----------
    dataset : Dataset
    found : sequence of FoundMotif
    config : TrainConfig
    progress : Progress
    """
    usual, answers = TieTestOptions(), list[Answer]()
    for one in sets_of_dataset(dataset, config):
        how = asking(one, usual, progress)
        motifs = [each.motif for each in found if each.counts and each.task == one.name]
        for name, question in _questions(one, motifs, config.model.settled_strand, how, len(dataset.tasks)):
            with too_few_told(name, one, answers, alone=False):
                answers += question()
    return judge(answers, usual.alpha)


def _questions(
    one: TargetSet, motifs: list[Motif], reading: Strand, how: Asking, n_tasks: int
) -> Iterator[tuple[str, Question]]:
    yield "strand", lambda: [strand_test.asked(one.targets, one.controls, how)]
    yield (
        "position",
        lambda: [position_test.asked(one.targets, one.controls, how, origin=None, strand=reading)],
    )
    if motifs and reading.reads_both:
        of_motifs = how if n_tasks > 1 else how._replace(subject="")
        yield "palindrome", lambda: palindrome_test.asked(motifs, one.targets, of_motifs)
