"""Long pairs: what ``motifnet align`` costs with its defaults, learning included.

``MOTIFNET_DATA=... python -m tests.benchmarks.long_pairs``; ``--only mitochondria`` measures a part of it.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np

from motifnet.io import read_fasta, write_fasta
from motifnet.kernels.pair_hmm.anchors import words_once
from motifnet.symbols import Sequences
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import Job, row_of_run, run
from tests.benchmarks.markdown import met, table

_MITOCHONDRIA = {"chimp": "chimp_MT.fasta", "orang": "MT-orang.fa", "mouse": "mouse.fa"}
_FIRST = 600_000  # base of the first species at which loci begin
_LOCI = {
    "chimp, baboon, 60 kb": ("chimp", "baboon", _FIRST, 60_000),
    "human, dog, 60 kb": ("human", "dog", _FIRST, 60_000),
    "human, mouse, 60 kb": ("human", "mouse", _FIRST, 60_000),
    "human, dog, 200 kb": ("human", "dog", _FIRST, 200_000),
    "human, chimp, 1 Mb": ("human", "chimp", 400_000, 1_000_000),
}
_MOST_CPU = {"mitochondria": 3, "60 kb": 15, "1 Mb": 60}
_WORD = 16  # bases of a word that tells where the counterpart of a locus is
_NEAR = 20_000  # bases by which such words may be off the middle one: what is farther is another copy
_PREFACE = f"""
`motifnet align` with its defaults and one thread, the second of two runs, which has all kernels: reading,
learning with one class of gaps and two, the alignment, the posteriors, the report. `mitochondria`: human with
others, `--circular`. `loci`: stretches of ENm001 (ENCODE pilot), from base {_FIRST:,} of the first species
on (human with chimp: {_LOCI["human, chimp, 1 Mb"][2]:,}), and what lies between the first and the last word
of {_WORD} bases of it that the second has, too. `edge` is the most that a block at the edge of the cells that
were worked on holds. A locus that does not end in ten minutes has an error.
"""


def cases() -> Iterator[Case]:
    """Mitochondria, then loci."""
    for other, name in _MITOCHONDRIA.items():
        yield Case(f"mitochondria/human, {other}", partial(_mitochondria, name))
    for name, locus in _LOCI.items():
        yield Case(f"loci/{name}", partial(_locus, *locus))


def _mitochondria(other: str, context: Context) -> Row:
    folder = sets.data() / "align/mito"
    return _aligned(context, folder / "MT-human.fa", folder / other, "--circular")


def _locus(first: str, second: str, start: int, length: int, context: Context) -> Row:
    paths = [context.scratch / f"{name}.fa" for name in ("x", "y")]
    for path, codes in zip(paths, _counterparts(first, second, start, length), strict=True):
        write_fasta(path, Sequences.from_codes([codes], [path.stem]))
    return _aligned(context, *paths)


def _aligned(context: Context, x: Path, y: Path, *options: str) -> Row:
    folder = context.scratch / "run"
    command = [sys.executable, "-m", "motifnet", "align", str(x), str(y), *options]
    command += ["--threads", "1", "-o", str(folder), "--overwrite", "-q"]
    run(["timeout", "600", *command], context.scratch)
    job = run(["timeout", "600", *command], context.scratch)
    return row_of_run(job) if job.error else _measured(folder, job)


def _measured(folder: Path, job: Job) -> Row:
    with open(folder / "pairs.tsv", newline="") as handle:
        (pair,) = csv.DictReader(handle, delimiter="\t")
    columns = {name: int(pair[name]) for name in ("x_length", "y_length")}
    columns |= {name: float(pair[name]) for name in ("identity", "x_coverage", "edge")}
    return row_of_run(job, columns)


@cache
def _longest(species: str) -> np.ndarray:
    """The longest contig of a species."""
    contigs = read_fasta(sets.data() / f"align/encode_ENm001/{species}.ENm001.fa.gz")
    return contigs[int(contigs.lengths.argmax())]


def _counterparts(first: str, second: str, start: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """A stretch of one species, and what faces it in another."""
    x, y = _longest(first), _longest(second)
    of_x, of_y = (words_once(codes, _WORD) for codes in (x[start : start + length], y))
    _, in_x, in_y = np.intersect1d(of_x[0], of_y[0], assume_unique=True, return_indices=True)
    at_x, at_y = of_x[1][in_x] + start, of_y[1][in_y]
    diagonal = at_y - at_x
    near = np.abs(diagonal - np.median(diagonal)) < _NEAR
    at_x, at_y = at_x[near], at_y[near]
    begin, end = int(at_x.argmin()), int(at_x.argmax())
    return x[at_x[begin] : at_x[end] + _WORD], y[at_y[begin] : at_y[end] + _WORD]


def tables(rows: Sequence[Row]) -> str:
    """All pairs, and whether they stay within bounds."""
    if not rows:
        return "Long pairs: nothing measured yet."
    columns = ("x_length", "y_length", "identity", "x_coverage", "edge", "seconds", "cpu_seconds", "peak_mb")
    return "\n\n".join([table(rows, ("case", *columns, "error")), "\n".join(_bounds(rows))])


def _bounds(rows: Sequence[Row]) -> Iterator[str]:
    for what, most in _MOST_CPU.items():
        done = [row for row in rows if what in row["case"]]
        if done:
            within = sum("error" not in row and row["cpu_seconds"] < most for row in done)
            wanted = f"(wanted: all; {met(within == len(done))})"
            yield f"- {what}: {within} of {len(done)} under {most} CPU s {wanted}."


LONG_PAIRS = Benchmark("long_pairs", "Long pairs", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(LONG_PAIRS)
