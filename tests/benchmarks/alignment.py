"""True alignments of mammals: which bases face each other, and how sure can one be?

``MOTIFNET_DATA=... python -m tests.benchmarks.alignment``; ``--only pieces/dog`` measures a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from motifnet.hmm.pair_fit import PairFit
from motifnet.io.alignments import read_alignments
from tests.benchmarks import sets
from tests.benchmarks.aligners import (
    GAMMA,
    PEERS,
    SCORES,
    accuracy_table,
    estimates,
    learnt,
    measured,
    motifnet,
    reliability_table,
)
from tests.benchmarks.benchmark import Benchmark, Case, Row, command_line
from tests.benchmarks.markdown import table
from tests.benchmarks.pair_simulation import Truth, piece_of, truth_of

_SPECIES = ("chimp", "dog", "mouse")
_LOCI, _WHOLE = range(30), range(0, 30, 15)
_PIECE = 2000  # bases of human
_METHODS = {
    "motifnet, MEA": ("mea", 1),
    "motifnet, Viterbi": ("viterbi", 1),
    "motifnet, MEA, two classes of gaps": ("mea", 2),
}
_CLASSES = (1, 2)
_MODEL_COLUMNS = (
    "species",
    "open",
    "open_error",
    "extend",
    "extend_error",
    "open_2",
    "extend_2",
    "identity",
    "log_likelihood",
    "rounds",
)
_PREFACE = f"""
Human against chimp, dog and mouse in simulated loci of nine mammals whose true alignment is known
(`align/blanchette_true`, loci 00 to 29; 21 to 66 thousand bases each). `pieces`: of every locus, from its
middle on, {_PIECE:,} bases of human and what they are aligned with, from a match to a match; every program
aligns them. `whole`: {len(_WHOLE)} loci as they are, for programs whose memory does not grow with the
product of the lengths. motifnet learns a model for each species from the pieces alone (ties `lineages`, one
class of gaps or two), and aligns the whole loci with it too; MEA is maximum expected accuracy with gamma
{GAMMA:g}. Biopython and parasail have the scores {SCORES} (match, mismatch, first base of a gap, further
ones), MAFFT is `--auto`, LAST is `last-train` and `lastal | last-split`, ProbCons is `probcons-RNA`, FSA
has its defaults. LAST aligns locally: what it leaves out lowers its recall. Recall, precision and F1 are of
pairs of bases that face each other, all loci together. A program that is not installed is not measured.
"""


def cases() -> Iterator[Case]:
    """Every species, pieces and whole loci, with every program."""
    for kind in ("pieces", "whole"):
        for species in _SPECIES:
            for name in _METHODS:
                yield Case(
                    f"{kind}/{species}/{name}",
                    lambda _, kind=kind, species=species, name=name: _ours(kind, species, name),
                )
            for arm in PEERS:
                if kind == "pieces" or not arm.is_quadratic:
                    yield Case(
                        f"{kind}/{species}/{arm.name}",
                        lambda context, kind=kind, species=species, arm=arm: measured(
                            arm, true_pairs(kind, species), context.scratch
                        ),
                    )
    for species in _SPECIES:
        for n_classes in _CLASSES:
            yield Case(
                f"model/{species}/{n_classes}",
                lambda _, species=species, n_classes=n_classes: {
                    "species": species,
                    **estimates(_learnt(species, n_classes)),
                },
            )


def _ours(kind: str, species: str, name: str) -> Row:
    method, n_classes = _METHODS[name]
    return motifnet(_learnt(species, n_classes).model, true_pairs(kind, species), method)


@cache
def _learnt(species: str, n_classes: int) -> PairFit:
    return learnt(true_pairs("pieces", species).pairs, n_classes=n_classes)


@cache
def true_pairs(kind: str, species: str) -> Truth:
    """Human and another species: pieces of all loci, or whole loci, and what truly faces each other there."""
    loci = _LOCI if kind == "pieces" else _WHOLE
    alignments = [
        read_alignments(
            sets.data() / f"align/blanchette_true/{locus:02d}.true.mfa.gz", species=("HUMAN", species.upper())
        )[0]
        for locus in loci
    ]
    return truth_of([piece_of(one, _PIECE) for one in alignments] if kind == "pieces" else alignments)


def tables(rows: Sequence[Row]) -> str:
    """F1 of every program, recall and precision, the models, and the posteriors beside the truth."""
    if not rows:
        return "Accuracy: nothing measured yet."
    of_kind = {
        kind: [row for row in rows if row["case"].startswith(f"{kind}/")]
        for kind in ("pieces", "whole", "model")
    }
    sections = {
        "Pieces of all loci": (of_kind["pieces"], accuracy_table),
        "Whole loci": (of_kind["whole"], accuracy_table),
        "What was learnt": (of_kind["model"], lambda some: table(some, _MODEL_COLUMNS)),
        **{
            f"A match said to be so sure is right so often: {name}": (
                [
                    row
                    for row in of_kind["pieces"]
                    if row["case"].endswith(f"/{name}") and "reliability" in row
                ],
                reliability_table,
            )
            for name, (method, _) in _METHODS.items()
            if method == "mea"
        },
    }
    return "\n\n".join(
        f"### {title}\n\n{show(some) if some else 'Nothing measured yet.'}"
        for title, (some, show) in sections.items()
    )


ALIGNMENT = Benchmark("alignment", "True alignments of mammals", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(ALIGNMENT)
