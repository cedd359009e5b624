"""Discovery on real data: does the main job find the motif that is known to be there?

``MOTIFNET_DATA=... python -m tests.benchmarks.discovery`` runs ``motifnet train`` with its defaults on every
set; ``--only ^tf/`` on the sequence sets, ``^yeast/``, ``^human/`` and ``^windows/`` on the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from motifnet.io import Genome, Peak, write_bed
from motifnet.symbols import Interval
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import found_motifs, model_auroc, rank_of_family, row_of_run, train
from tests.benchmarks.markdown import table, verdict

_COLUMNS = (
    "case",
    "n_significant",
    "top",
    "top_match",
    "rank",
    "family_q",
    "model_auroc",
    "motif_auroc",
    "log10_p",
    "seconds",
    "cpu_seconds",
    "peak_mb",
)
_GROUPS = {
    "tf": "Sequence sets of transcription factors, against shuffles (or the set's own controls)",
    "yeast": "Yeast ChIP-exo, BED and genome, against matched windows",
    "human": "Human ChIP-seq, narrowPeak and a piece of genome, against matched windows",
    "windows": "Nothing to find: random windows of the yeast genome against matched windows",
}
_N_WINDOW_SETS = 10
_LEAST_CONTIG, _END = 100_000, 500  # random windows lie on large contigs, away from the ends
_Q_BAR = 0.01

# CPU seconds of STREME 5.5.8 (`--dna`, otherwise defaults) on the same sets, taken earlier on one busy core.
_STREME_CPU_SECONDS = {
    "MYC_H1-hESC_ENCODE": 128.7,
    "SRF_H1-hESC_ENCODE": 155.2,
    "REST_GM12878_ENCODE": 150.4,
    "GATA1_K562_YAMDA": 40.8,
    "USF2_H1-hESC_ENCODE": 253.2,
    "POU5F1_hESC_motifcounter": 270.3,
    "TP73_gimme": 31.7,
    "CTCF_GM12878_gimme": 5.4,
    "KLF1_MEME": 30.6,
    "TCF12_H1-hESC_ENCODE": 244.9,
    "CTCFL_K562_ENCODE": 216.6,
    "SUZ12_H1-hESC_ENCODE": 77.2,
}
_PREFACE = """
Each set in a process of its own, with one thread and otherwise the default settings. `rank` is the rank of
the first significant motif of which a best known match (Tomtom, q < 0.05) belongs to the expected family,
and `family_q` the smallest q-value of a match of the top motif that does; `model_auroc` and `motif_auroc`
are held-out, of the network and of the top motif alone; `log10_p` is the top motif's on sequences that did
not shape it. Read `cpu_seconds`, which include the start of Python, reading, the report and all, rather
than `seconds`, which depend on what else the machine does. `peak_mb` is the largest resident set.
"""
_STREME = """### Time beside STREME

STREME 5.5.8 (`--dna`, otherwise with its defaults) on the same sets, taken earlier on one busy core: an
order of magnitude, not a race. Its time is that of the search alone; ours holds the whole job, a network
and a report included, and a search that is repeated for every fold on the small sets.
"""


def cases() -> Iterator[Case]:
    """All sets, group by group."""
    for name, expected in sets.TF_SETS.items():
        counts = name in sets.PASS or name in sets.TRAPS
        yield _case(f"tf/{name}", sets.arguments(name), expected, counts=counts)
    yield from _yeast("bed", "yeast/", sets.YEAST_RELATIVES)
    yield from _yeast("bed_no_motif_controls", "yeast/no motif: ", None)
    known = sets.data() / "motifdb/JASPAR2022.pfm.gz"
    for path in sorted((sets.data() / "human_encode/bed").glob("*.narrowPeak")):
        expected = sets.HUMAN.get(path.stem, "")
        yield _case(
            f"human/{path.stem}", sets.human_arguments(path, known), expected, counts=path.stem in sets.HUMAN
        )
    for number in range(_N_WINDOW_SETS):
        yield Case(f"windows/{number}", lambda context, number=number: _random_windows(context, number))


def _yeast(folder: str, prefix: str, relatives: dict[str, str] | None) -> Iterator[Case]:
    """The proteins of a folder of BED files; nothing is expected where there are no relatives."""
    genome = ("--genome", str(sets.data() / "yeast/sacCer3.fa.gz"), "--window", "100")
    known = ("--motif-db", str(sets.data() / "motifdb/JASPAR2022_fungi.pfm.gz"))
    for path in sorted((sets.data() / "yeast" / folder).glob("*.bed")):
        protein = path.stem.split("_")[0]
        expected = "" if relatives is None else relatives.get(protein, protein.upper())
        yield _case(f"{prefix}{protein}", (str(path), *genome, *known), expected, counts=True)


def _case(name: str, arguments: Sequence[str], expected: str, *, counts: bool) -> Case:
    return Case(name, lambda context: {**_judged(context, arguments, expected), "counts": counts})


def _judged(context: Context, arguments: Sequence[str], expected: str) -> Row:
    """Rank of the expected family and figures of the top motif."""
    folder, job = train(context, arguments)
    if job.error:
        return row_of_run(job, {"expected": expected})
    found = [motif for motif in found_motifs(folder) if motif.significant]
    top = found[0] if found else None
    columns = {
        "n_significant": len(found),
        "top": top.consensus if top else "",
        "top_match": top.known[0].name if top and top.known else "",
        "rank": rank_of_family(expected, found),
        "family_q": _family_q(expected, top.known) if top else None,
        "expected": expected,
        "model_auroc": model_auroc(folder),
        "motif_auroc": top.auroc if top else None,
        "log10_p": top.log10_p if top else None,
    }
    return row_of_run(job, columns)


def _family_q(expected: str, known: Sequence) -> float | None:
    """The smallest q-value of a match of the expected family."""
    return min((one.q_value for one in known if expected and re.search(expected, one.name)), default=None)


def _random_windows(context: Context, number: int) -> Row:
    """A run on random places of the yeast genome, 200 to 2,000 of them."""
    bed, genome = context.scratch / "random.bed", sets.data() / "yeast/sacCer3.fa.gz"
    write_bed(bed, _random_places(genome, 200 * (1 + number), np.random.default_rng(number)))
    return {**_judged(context, (str(bed), "--genome", str(genome)), ""), "counts": True}


def _random_places(path: Path, n: int, rng: np.random.Generator) -> list[Peak]:
    with Genome(path) as genome:
        contigs = [(name, length) for name, length in genome.contigs.items() if length > _LEAST_CONTIG]
    drawn = [contigs[k] for k in rng.integers(len(contigs), size=n)]
    starts = [int(rng.integers(_END, length - _END)) for _, length in drawn]
    return [Peak(Interval(name, start, start + 1)) for (name, _), start in zip(drawn, starts, strict=True)]


def tables(rows: Sequence[Row]) -> str:
    """A table for each group, what it says in short, and the times beside STREME's."""
    parts = []
    for group, heading in _GROUPS.items():
        own = [row for row in rows if row["case"].split("/")[0] == group]
        if own:
            shown = [{**row, "case": row["case"].partition("/")[2]} for row in own]
            parts += [f"### {heading}", table(shown, _COLUMNS), totals(own)]
    return "\n\n".join(part for part in [*parts, _beside_streme(rows)] if part)


def totals(rows: Sequence[Row]) -> str:
    """How often the expected family is on top, and how often nothing is found where nothing is."""
    wanted = [row for row in rows if row.get("counts") and row.get("expected")]
    silent = [row for row in rows if row.get("counts") and not row.get("expected")]
    lines = []
    if wanted:
        on_top = sum(row.get("rank") == 1 for row in wanted)
        near = sum(row.get("family_q") is not None and row["family_q"] < _Q_BAR for row in wanted)
        lines += [
            verdict("Expected family on top", on_top, len(wanted)),
            verdict(f"Of it, with a q-value below {_Q_BAR}", near, len(wanted)),
        ]
    if silent:
        nothing = sum(row.get("n_significant") == 0 for row in silent)
        lines.append(verdict("Nothing significant where nothing is expected", nothing, len(silent)))
    return "\n".join(f"- {line}" for line in lines)


def _beside_streme(rows: Sequence[Row]) -> str:
    """CPU seconds of both tools where both are known."""
    times = [
        {"set": name, "motifnet, CPU s": row["cpu_seconds"], "STREME, CPU s": _STREME_CPU_SECONDS[name]}
        for row in rows
        if (name := row["case"].removeprefix("tf/")) in _STREME_CPU_SECONDS and "cpu_seconds" in row
    ]
    return _STREME + "\n" + table(times, ("set", "motifnet, CPU s", "STREME, CPU s"))


DISCOVERY = Benchmark("discovery", "The expected motif on real data", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(DISCOVERY)
