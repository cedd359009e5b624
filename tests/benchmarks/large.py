"""Large inputs: a million sequences in one set, and twenty sets in one run.

``MOTIFNET_DATA=... python -m tests.benchmarks.large``; ``--only million`` measures a part of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from motifnet.io import read_fasta, write_fasta
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import found_motifs, row_of_run, run, train
from tests.benchmarks.markdown import met, table

_N_MANY, _LENGTH = 1_000_000, 100
_MOTIF = "WGATAAGR:0.5"
_MOST_CPU, _MOST_MB = 60, 1500
_N_SETS = (1, 5, 20)
_OF_A_SET = 1000  # sequences
_PREFACE = f"""
CPU seconds and peak resident memory of `motifnet train` with its defaults and one thread, kernels compiled
before. `million` is {_N_MANY:,} simulated targets of {_LENGTH} bases, half of which hold a site of WGATAAGR,
against as many shuffles. `sets` are {", ".join(map(str, _N_SETS))} files in one run, each of {_OF_A_SET:,}
sequences of one of the open sets, so that each is a task of its own.
"""


def cases() -> Iterator[Case]:
    """A million sequences, then sets of growing number."""
    yield Case("million", _million)
    for n in _N_SETS:
        yield Case(f"sets/{n}", partial(_sets, n))


def _million(context: Context) -> Row:
    made = context.scratch / "made"
    simulated = f"simulate -o {made} --motif {_MOTIF} --n-targets {_N_MANY} --length {_LENGTH} -q"
    job = run([sys.executable, "-m", "motifnet", *simulated.split()], context.scratch)
    return row_of_run(job) if job.error else _measured(context, [str(made / "targets.fa")])


def _sets(n: int, context: Context) -> Row:
    """Parts of the open sets, one after the other until there are enough."""
    parts = [
        (name, first)
        for name in sets.PASS
        for first in range(0, _N_SETS[-1] * _OF_A_SET, _OF_A_SET)
        if len(read_fasta(sets.targets(name))) >= first + _OF_A_SET
    ]
    parts.sort(key=lambda part: part[1])
    paths = []
    for name, first in parts[:n]:
        path = context.scratch / f"{name}_{first}.fa"
        write_fasta(path, read_fasta(sets.targets(name)).select(np.arange(first, first + _OF_A_SET)))
        paths.append(str(path))
    return _measured(context, paths)


def _measured(context: Context, arguments: Sequence[str]) -> Row:
    folder, job = train(context, arguments)
    if job.error:
        return row_of_run(job)
    n_significant = sum(motif.significant for motif in found_motifs(folder))
    return row_of_run(job, {"n_significant": n_significant})


def tables(rows: Sequence[Row]) -> str:
    """All cases, and whether they stay within bounds."""
    done = {row["case"]: row for row in rows if "error" not in row}
    columns = ("case", "n_significant", "seconds", "cpu_seconds", "peak_mb")
    return "\n\n".join([table(rows, columns), *_of_million(done), *_of_sets(done)])


def _of_million(done: dict[str, Row]) -> Iterator[str]:
    if "million" not in done:
        yield "A million sequences: nothing measured yet."
        return
    cpu, peak = done["million"]["cpu_seconds"], done["million"]["peak_mb"]
    yield (
        f"- A million sequences: {cpu:.0f} CPU s (wanted: under {_MOST_CPU}; {met(cpu < _MOST_CPU)}) and "
        f"{peak:,} MB (wanted: under {_MOST_MB:,}; {met(peak < _MOST_MB)})"
    )


def _of_sets(done: dict[str, Row]) -> Iterator[str]:
    one, most = (done.get(f"sets/{n}") for n in (_N_SETS[0], _N_SETS[-1]))
    if one is not None and most is not None:
        ratio = most["cpu_seconds"] / one["cpu_seconds"]
        wanted = f"(wanted: at most {_N_SETS[-1]}; {met(ratio <= _N_SETS[-1])})"
        yield f"- {_N_SETS[-1]} sets: {ratio:.1f} times the CPU time of one {wanted}"


LARGE = Benchmark("large", "Large inputs", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(LARGE)
