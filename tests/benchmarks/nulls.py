"""Nulls: are E-values what they say where there is nothing to find?

``MOTIFNET_DATA=... python -m tests.benchmarks.nulls --processes 2`` runs ``motifnet train`` on 100 sets of
shuffles against other shuffles of the same sequences. It takes long, and can be stopped and gone on with.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from motifnet.datasets.shuffle import shuffle
from motifnet.io import read_fasta, write_fasta
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import e_values, found_motifs, row_of_run, train
from tests.benchmarks.markdown import table, verdict

_N_SETS = 100
_FEWEST, _MOST = 100, 5000
_LIMITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_QUANTILES = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9)
_WANTED = (2, 8)
_PREFACE = f"""
{_N_SETS} sets of {_FEWEST} to {_MOST:,} sequences, evenly spread; a set's sequences are drawn from one of
the open sets in turn, and their dinucleotide shuffles are run against other shuffles of the same sequences.
If E-values are what they say, the smallest of a run is at most x in a share of 1 - exp(-x) of the runs
(about x for small x), and p-values are uniform; p-values are discrete, so that they may be somewhat larger
than uniform ones, and those of the motifs that were found and judged are not all tests that could have been
made.
"""


def cases() -> Iterator[Case]:
    """All sets; a name holds the number of sequences and their source."""
    sources = _sources()
    for number, n in enumerate(np.linspace(_FEWEST, _MOST, _N_SETS).round().astype(int)):
        large_enough = [name for name, size in sources.items() if size >= n]
        name = large_enough[number % len(large_enough)]
        yield Case(
            f"{number}/{n}/{name}",
            lambda context, n=n, name=name, number=number: _measure(context, name, n, number),
        )


def _sources() -> dict[str, int]:
    """Number of sequences of each set that holds a motif: real bases, of which shuffles keep the pairs."""
    return {name: _n_records(sets.targets(name)) for name in sets.PASS}


def _n_records(path: Path) -> int:
    """Sequences of a FASTA file, which stays unread: the size of this process goes into that of the runs."""
    with gzip.open(path, "rb") as handle:
        return sum(line.startswith(b">") for line in handle)


def _measure(context: Context, name: str, n: int, seed: int) -> Row:
    real = read_fasta(sets.targets(name))
    drawn = real.select(np.random.default_rng(seed).choice(len(real), n, replace=False))
    paths = [context.scratch / "targets.fa", context.scratch / "controls.fa"]
    for which, path in enumerate(paths):
        write_fasta(path, shuffle(drawn, 2, 2 * seed + which))
    folder, job = train(context, (str(paths[0]), "--control", str(paths[1])))
    if job.error:
        return row_of_run(job)
    columns = {
        "smallest_e": min(e_values(folder), default=None),
        "p_values": [float(f"{10**found.log10_p:.3g}") for found in found_motifs(folder)],
    }
    return row_of_run(job, columns)


def tables(rows: Sequence[Row]) -> str:
    """How often the smallest E-value lies below some limits, quantiles of p-values, and the smallest runs."""
    run = [row for row in rows if "error" not in row]
    smallest = np.array([np.inf if row["smallest_e"] is None else row["smallest_e"] for row in run])
    p_values = np.array([p for row in run for p in row["p_values"]])
    below = int((smallest < 0.05).sum())
    parts = [
        _of_limits(smallest),
        verdict("Smallest E-value below 0.05", below, len(run), least=_WANTED[0], most=_WANTED[1]),
        _of_quantiles(p_values),
        f"{len(p_values)} p-values of {len(run)} runs; {sum(not row['p_values'] for row in run)} have none. "
        f"CPU seconds of all runs: {sum(row['cpu_seconds'] for row in run):.0f}.",
    ]
    return "\n\n".join(parts)


def _of_limits(smallest: np.ndarray) -> str:
    """Runs whose smallest E-value is at most each limit, and how many a calibrated one would have."""
    rows = [
        {
            "smallest E at most": str(limit),
            "runs": int((smallest <= limit).sum()),
            "expected": round(len(smallest) * -np.expm1(-limit), 1),
        }
        for limit in _LIMITS
    ]
    return table(rows, ("smallest E at most", "runs", "expected"))


def _of_quantiles(p_values: np.ndarray) -> str:
    """Quantiles of p-values, which of uniform ones are the levels themselves."""
    if not len(p_values):
        return "No p-values."
    rows = [{"quantile": str(level), "p-value": float(np.quantile(p_values, level))} for level in _QUANTILES]
    return table(rows, ("quantile", "p-value"))


NULLS = Benchmark("nulls", "Nothing to find", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(NULLS)
