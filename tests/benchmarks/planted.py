"""Planted motifs: are both found, once each, and nothing else?

``python -m tests.benchmarks.planted`` plants two motifs in random sequences of four numbers and runs
``motifnet train`` on them, with controls that are drawn from the same chain and with its own shuffles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from motifnet.datasets.simulate import Planted, Simulated, simulate
from motifnet.io import write_fasta
from motifnet.motifs import Motif, compare
from motifnet.symbols.background import Background
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import matrices, row_of_run, train
from tests.benchmarks.markdown import table, verdict

_NUMBERS = (200, 1000, 5000, 20000)
_SEEDS = range(3)
_CONTROLS = ("drawn", "shuffled")
_LENGTH = 200
_FOUND, _SAME = 0.9, 0.6  # similarity of a motif that is found, and of one that is the same motif again

# Percent of A, C, G, T, a line a column; the first is like AP-1, the second has no symmetry.
_AP1_LIKE = """
    55 15 22  8
     4  3  3 90
     3  4 90  3
    92  3  2  3
     6 44 44  6
     3  2  3 92
     4 88  4  4
    92  2  3  3
     8 24 14 54
"""
_DEGENERATE = """
    20 10 60 10
     5 80  5 10
    70 10 10 10
     5  5 85  5
     5 45  5 45
     5 80 10  5
    75  5 15  5
    40 10 10 40
     5  5 85  5
    10  5 80  5
     5 75  5 15
    15 55 15 15
"""
# Counts of dinucleotides in about 1,000, rows first base: 41 % G and C, few CpG, the same on both strands.
_DINUCLEOTIDES = np.array([[98, 50, 70, 77], [73, 52, 10, 70], [60, 43, 52, 50], [66, 60, 73, 98]], float)
_COLUMNS = (
    "case",
    "similarity_1",
    "rank_1",
    "similarity_2",
    "rank_2",
    "n_significant",
    "passed",
    "cpu_seconds",
    "peak_mb",
)
_PREFACE = f"""
Sequences of {_LENGTH} bases from a chain of order 1 with 41 % of G and C and few CpG; motif 1, like AP-1
and 9 columns wide, in 60 % of them, motif 2, degenerate and 12 columns wide, in 25 %. A case is named by
the number of sequences, its controls (`drawn`: as many sequences of the same chain, given with `--control`;
`shuffled`: those that `motifnet train` makes) and the seed of the data. `similarity` is that of the nearest
significant motif (cosine of the deviations from equal bases at the best offset and strand; columns without
a partner count against it). A case has passed if both motifs are found with a similarity of {_FOUND} or
more by two different motifs and nothing else is significant.
"""


def planted_motifs() -> list[Planted]:
    """The two motifs and the share of the sequences that gets each."""
    return [
        Planted(Motif("ap1_like", _matrix(_AP1_LIKE)), share=0.60),
        Planted(Motif("degenerate", _matrix(_DEGENERATE)), share=0.25),
    ]


def _matrix(percent: str) -> np.ndarray:
    return np.array([line.split() for line in percent.strip().splitlines()], float).T


def chain() -> Background:
    """The Markov chain of order 1 that the sequences are drawn from."""
    rows = _DINUCLEOTIDES.sum(1)
    probabilities = rows / rows.sum()
    return Background(probabilities, probabilities, _DINUCLEOTIDES / rows[:, None])


def cases() -> Iterator[Case]:
    """Every number of sequences, with both kinds of controls and all seeds of the data."""
    for n in _NUMBERS:
        for controls in _CONTROLS:
            for seed in _SEEDS:
                yield Case(
                    f"{n}/{controls}/{seed}",
                    lambda context, n=n, controls=controls, seed=seed: _measure(context, n, controls, seed),
                )


def _measure(context: Context, n: int, controls: str, seed: int) -> Row:
    made = simulate(planted_motifs(), chain(), n_targets=n, n_controls=n, length=_LENGTH, seed=seed)
    folder, job = train(context, _written(context, made, given=controls == "drawn"))
    return row_of_run(job, {} if job.error else recovered(matrices(folder)))


def _written(context: Context, made: Simulated, *, given: bool) -> list[str]:
    """Write the sequences; returns what ``motifnet train`` takes."""
    targets, controls = context.scratch / "targets.fa", context.scratch / "controls.fa"
    write_fasta(targets, made.targets)
    write_fasta(controls, made.controls)
    return [str(targets), *(["--control", str(controls)] if given else [])]


def recovered(found: Sequence[Motif]) -> Row:
    """How well the significant motifs of a run bring back the two that were planted.

    Parameters
    ----------
    found : sequence of Motif
        Best first.
    """
    row: Row = {"n_significant": len(found)}
    places = []
    for number, planted in enumerate(planted_motifs(), 1):
        alike = [compare.similarity(one.probabilities, planted.motif.probabilities) for one in found]
        best = int(np.argmax(alike)) if alike else None
        row[f"similarity_{number}"] = round(max(alike, default=0.0), 4)
        row[f"rank_{number}"] = None if best is None or alike[best] < _SAME else best + 1
        places.append(best if best is not None and alike[best] >= _FOUND else None)
    row["passed"] = None not in places and len(set(places)) == len(found) == len(places)
    return row


def tables(rows: Sequence[Row]) -> str:
    """All cases and how many passed."""
    passed = sum(row.get("passed", False) for row in rows)
    return f"{table(rows, _COLUMNS)}\n\n{verdict('Passed', passed, len(rows))}"


PLANTED = Benchmark("planted", "Two planted motifs", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(PLANTED)
