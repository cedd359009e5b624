"""What a scan costs beside peers, and what it finds in E. coli.

``MOTIFNET_DATA=... python -m tests.benchmarks.scan``; ``--only ecoli`` measures a part of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence

from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import row_of_run, run
from tests.benchmarks.markdown import met, shown, table

_TITLES = {
    "yeast": "sacCer3 and 100 motifs at p < 1e-4",
    "genome": "A random genome of 100 million bases, 100 motifs",
    "ecoli": "E. coli: regulators against RegulonDB",
}
_TIMES_FASTEST, _MOST_MB = 6, 1000
_PREFACE = """
Million bases times motifs a second of CPU time, one thread: the least of 5 repeats in one process, everything
compiled and read before. Motifs are the first 100 of JASPAR 2022 for vertebrates, both strands. lightmotif
and MOODS are given our matrices of whole numbers and our thresholds, so they must find as many hits.
memelite, pymemesuite and Biopython have scores and thresholds of their own; the last two are measured once,
on 20 motifs and 200,000 bases.

The genome streams by in pieces of 4 million bases; the minutes for a human genome are extrapolated.

A hit is right if its middle is in a site of RegulonDB; of overlapping hits the best is kept. FIMO's hits are
those of version 5.5.8 with the same matrices, background and threshold. Of CRP, FNR, LexA, PurR and ArgR,
those are shown that the table of sites has.
"""


def cases() -> Iterator[Case]:
    """Yeast with peers, a large genome, and known sites."""
    for name in _TITLES:
        yield Case(name, lambda context, name=name: _measure(context, name))


def _measure(context: Context, name: str) -> Row:
    job = run([sys.executable, "-m", "tests.benchmarks.scan_arms", name], context.scratch)
    return row_of_run(job, {} if job.error else json.loads(job.output))


def tables(rows: Sequence[Row]) -> str:
    """What is wanted, and all that was measured."""
    done = {row["case"]: row for row in rows if "error" not in row}
    parts = [_TABLES[name](done[name]) for name in _TITLES if name in done]
    return "\n\n".join(parts) or "Scans: nothing measured yet."


def _of_yeast(row: Row) -> str:
    tools = [name.removesuffix("_m") for name in row if name.endswith("_m")]
    lines = [{"tool": tool, "rate": row[f"{tool}_m"], "hits": row[f"{tool}_hits"]} for tool in tools]
    fastest = max((row[f"{tool}_m"] for tool in tools if tool != "motifnet"), default=float("nan"))
    times = row["motifnet_m"] / fastest
    same = all(
        row.get(f"{tool}_hits", row["motifnet_hits"]) == row["motifnet_hits"]
        for tool in ("lightmotif", "moods")
    )
    is_fast = f"{shown(times)} (wanted: at least {_TIMES_FASTEST}; {met(times >= _TIMES_FASTEST)})"
    bars = [
        f"- times as fast as the fastest peer: {is_fast}",
        f"- the same hits for the same matrices of whole numbers (wanted: yes; {met(same)})",
    ]
    return "\n\n".join([f"### {_TITLES['yeast']}", "\n".join(bars), table(lines, ("tool", "rate", "hits"))])


def _of_genome(row: Row) -> str:
    most = row["peak_mb"]
    bar = f"- memory of the process, MB: {most:.0f} (wanted: at most {_MOST_MB}; {met(most <= _MOST_MB)})"
    names = ("hits", "seconds_100_mb", "human_genome_minutes", "peak_mb", "beyond_the_first_piece_mb")
    return "\n\n".join([f"### {_TITLES['genome']}", bar, table([{name: row[name] for name in names}], names)])


def _of_ecoli(row: Row) -> str:
    measures = ("average_precision", "recall", "precision")
    motifs = [name.removesuffix("_fimo_recall") for name in row if name.endswith("_fimo_recall")]
    lines = [
        {"motif": motif, "ranked by": tool, **{one: row[f"{motif}_{tool}_{one}"] for one in measures}}
        for motif in motifs
        for tool in ("motifnet", "fimo")
    ]
    return "\n\n".join([f"### {_TITLES['ecoli']}", table(lines, ("motif", "ranked by", *measures))])


_TABLES = {"yeast": _of_yeast, "genome": _of_genome, "ecoli": _of_ecoli}

SCAN = Benchmark("scan", "Scans", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(SCAN)
