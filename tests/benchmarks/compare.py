"""Comparison of motifs: beside the program of the MEME Suite, and all of JASPAR against itself.

``MOTIFNET_DATA=... python -m tests.benchmarks.compare`` compares with the rows of the program that are kept
with the tests.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from motifnet.io import read_motifs
from motifnet.motifs.tomtom import Comparison, compare
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import row_of_run, run
from tests.benchmarks.markdown import met, shown, table

_GOLDEN = Path(__file__).parents[1] / "motifs" / "golden"
_SMALLEST = 1e-44  # the program rounds smaller p-values to single precision, or to 0
_SURE = 1e-3  # p-value below which offset, overlap and orientation are compared
_WANTED = 0.999
_PREFACE = """
Tomtom's statistic as motifnet has it beside the
program of the MEME Suite 5.5.8, on ten queries and 200 targets of JASPAR 2022; p-values below 1e-44 count as
that, since the program rounds them. Offsets, overlaps and orientations are compared where its p-value is
below 0.001. The job is `motifnet compare` of JASPAR 2022 CORE (all taxa) with itself, from files to the
table, with one thread.
"""


def cases() -> Iterator[Case]:
    """The program, and the whole of a database."""
    yield Case("program", _beside_the_program)
    yield Case("jaspar", _whole_database)


def _beside_the_program(context: Context) -> Row:
    targets = read_motifs(_GOLDEN / "targets.meme.gz")
    with gzip.open(_GOLDEN / "matches.tsv.gz", "rt") as handle:
        rows = {(row["Query_ID"], row["Target_ID"]): row for row in csv.DictReader(handle, delimiter="\t")}
    queries = [motif for motif in targets if (motif.name, motif.name) in rows]
    of_program = [[rows[query.name, target.name] for target in targets] for query in queries]
    return _agreement(of_program, compare(queries, targets))


def _agreement(rows: Sequence[Sequence[dict[str, str]]], ours: Comparison) -> Row:
    theirs = np.array([[float(row["p-value"]) for row in line] for line in rows])
    logs = [np.log10(np.maximum(values, _SMALLEST)).ravel() for values in (theirs, ours.p_values)]
    sure = theirs < _SURE
    same = {
        "same_offset": ours.offsets == [[-int(row["Optimal_offset"]) for row in line] for line in rows],
        "same_overlap": ours.overlaps == [[int(row["Overlap"]) for row in line] for line in rows],
        "same_orientation": ours.reverses == [[row["Orientation"] == "-" for row in line] for line in rows],
    }
    return {
        "pairs": theirs.size,
        "log_p_correlation": round(float(np.corrcoef(*logs)[0, 1]), 6),
        "median_log10_difference": float(f"{np.median(np.abs(logs[0] - logs[1])):.2g}"),
        "sure": int(sure.sum()),
        **{name: round(float(values[sure].mean()), 4) for name, values in same.items()},
    }


def _whole_database(context: Context) -> Row:
    path, output = str(sets.data() / "motifdb/JASPAR2022.pfm.gz"), str(context.scratch / "matches.tsv")
    command = [sys.executable, "-m", "motifnet", "compare", path, path, "-o", output]
    job = run(command, context.scratch)
    return row_of_run(job, {} if job.error else {"pairs": len(read_motifs(path)) ** 2})


def tables(rows: Sequence[Row]) -> str:
    """Agreement with the program, and what a whole database costs."""
    done = {row["case"]: row for row in rows if "error" not in row}
    parts = []
    if "program" in done:
        value = done["program"]["log_p_correlation"]
        columns = ("pairs", "log_p_correlation", "median_log10_difference", "sure", "same_offset",
                   "same_overlap", "same_orientation")  # fmt: skip
        parts.append(f"Correlation of log p: {value} (wanted: above {_WANTED}; {met(value > _WANTED)})")
        parts.append(table([{name: done["program"][name] for name in columns}], columns))
    if "jaspar" in done:
        row = done["jaspar"]
        parts.append(
            f"JASPAR 2022 against itself, {row['pairs']:,} pairs: {shown(row['cpu_seconds'])} CPU s, "
            f"{row['peak_mb']} MB."
        )
    return "\n\n".join(parts) or "Comparison: nothing measured yet."


COMPARE = Benchmark("compare", "Comparison of motifs", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(COMPARE)
