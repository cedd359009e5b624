"""Known motifs: is the right family on top, are p-values what they say, and what does it cost?

``MOTIFNET_DATA=... python -m tests.benchmarks.enrich``; ``--only sets`` measures a part of it.
"""

from __future__ import annotations

import csv
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from motifnet.datasets.shuffle import shuffle
from motifnet.datasets.simulate import motif_from_word
from motifnet.io import read_fasta, read_motifs, write_fasta
from motifnet.io.motif_files import write_meme
from motifnet.motifs.matrix import trim
from motifnet.scanning.best_sites import Scorer
from motifnet.scanning.enriched import Enriched, rank_by_enrichment
from motifnet.scanning.spaced import spacings
from motifnet.strand import Strand
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import Job, row_of_run, run
from tests.benchmarks.markdown import met, table, verdict

_SETS = [name for name in sets.PASS if not name.startswith("ABF2")]  # a plant's motif is not in the database
_N_NULLS, _N_NULL_MOTIFS, _N_NULL_SEQUENCES = 20, 50, 2000
_FEWEST_SITES = 20  # so that a test has enough different p-values to be uniform
_TESTS = ("threshold", "ranks", "centre", "centre against controls")
_LIMIT = 0.05
_GAP, _N_PAIRS = 7, (10, 20, 40)
_NAIVE_MOTIFS, _NAIVE_SEQUENCES = 20, 200
_WEAK = 0.5  # bits below which columns at the ends of motifs are cut, for the composite of SOX and OCT4
_SPACING = ("gap", "strand", "side", "sites", "E")
_PREFACE = f"""
JASPAR 2022 for vertebrates (838 motifs) on open sets, against the controls that come with a set or else
dinucleotide shuffles. The rank is that of the first motif of the family that the set is known to hold. Other
families may be on top for good reasons: promoters hold many motifs, and shuffles none.

Nulls are {_N_NULL_SEQUENCES:,} shuffled sequences of REST, a random half of which are called targets,
{_N_NULLS} times, with {_N_NULL_MOTIFS} motifs: if p-values are what they say, a share of x is at most x.
Tests of sites are counted where there are {_FEWEST_SITES} or more, of targets and of controls for those of
the centre. That of spacings is corrected by Bonferroni, so its share may be smaller. (Shuffles of the
targets themselves, the default, are paired with them, which makes p-values larger.)

The planted gap is of {_GAP} bases between two motifs, on opposite strands, in some of 1,000 random sequences
of 200 bases, of which 300 more hold both motifs at any distance up to 60. The composite is that of SOX and
OCT4, which bind side by side: what keeps a distance to the motif of SOX21, among all motifs, cut at the ends
where columns have less than {_WEAK} bits.

Times are CPU seconds in one thread of the whole job, with reading and report; the naive scan is numpy, a
sum of looked-up scores for every window, on both strands, of a part, and a multiple of that.
"""


def cases() -> Iterator[Case]:
    """Real sets, nulls, planted gaps, and the time of the scan alone."""
    for name in _SETS:
        yield Case(f"sets/{name}", lambda context, name=name: _on_set(context, name))
    yield Case("nulls", lambda context: _nulls())
    for n_pairs in _N_PAIRS:
        yield Case(f"gap/{n_pairs}", lambda context, n_pairs=n_pairs: _planted_gap(context, n_pairs))
    yield Case("composite", _composite)
    yield Case("naive", lambda context: _beside_naive())


def _database() -> Path:
    return sets.data() / "motifdb/JASPAR2022_vertebrates.pfm.gz"


def _on_set(context: Context, name: str) -> Row:
    arguments = sets.arguments(name)
    given = arguments[1 : arguments.index("--motif-db")]
    job, out = _enrich(context, _database(), sets.targets(name), *given)
    if job.error:
        return row_of_run(job)
    tested, central = (_rows(out / file) for file in ("enrichment.tsv", "central.tsv"))
    wanted = re.compile(sets.TF_SETS[name])
    first = next(row for row in tested if wanted.search(row["ID"]))
    centre = next(row for row in central if row["ID"] == first["ID"])
    columns = {
        "rank": int(first["RANK"]),
        "motif": first["ID"],
        "best": tested[0]["ID"],
        "targets": float(first["TP%"]) / 100,
        "controls": float(first["FP%"]) / 100,
        "log10 E": float(first["LOG_PVALUE"]) + float(np.log10(len(tested))),
        "auroc": float(first["AUROC"]),
        "log10 p of centre": float(centre["LOG_PVALUE"]),
    }
    return row_of_run(job, columns)


def _enrich(context: Context, motifs: Path, targets: Path, *options: str) -> tuple[Job, Path]:
    out = context.scratch / "run"
    command = [
        "motifnet",
        "enrich",
        str(motifs),
        str(targets),
        "-o",
        str(out),
        "-q",
        "--threads",
        "1",
        *options,
    ]
    return run([sys.executable, "-m", *command], context.scratch), out


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open() as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def _nulls() -> Row:
    """Share of p-values at most 0.05, and p-values of Kolmogorov and Smirnov's test, of each test."""
    from scipy.stats import kstest

    motifs = read_motifs(_database())[:: 838 // _N_NULL_MOTIFS][:_N_NULL_MOTIFS]
    real = read_fasta(sets.targets("REST_GM12878_ENCODE")).select(np.arange(_N_NULL_SEQUENCES))
    found: dict[str, list[float]] = {name: [] for name in (*_TESTS, "spacing")}
    for seed in range(_N_NULLS):
        shuffled = shuffle(real, 2, seed)
        scorer = Scorer(motifs, Background.fit(shuffled), strand=Strand.BOTH)
        is_target = np.random.default_rng(seed).permutation(len(shuffled)) < len(shuffled) // 2
        ranked = rank_by_enrichment(scorer, shuffled, is_target)
        for one in ranked:
            for name, log10_p in _log10_p(one):
                found[name].append(10**log10_p)
        primary = max(ranked, key=lambda one: one.enrichment.target_hits)
        spaced = spacings(scorer, primary, ranked, shuffled.select(is_target), max_gap=100)
        found["spacing"] += [10**one.best.log10_p for one in spaced]
    shares = {f"{name} share": float(np.mean(np.array(p) <= _LIMIT)) for name, p in found.items()}
    tests = {f"{name} ks": float(kstest(found[name], "uniform").pvalue) for name in _TESTS}
    return {**shares, **tests, "n": len(found["ranks"])}


def _log10_p(one: Enriched) -> Iterator[tuple[str, float]]:
    """The p-values of a motif, by test; of sites, where there are enough."""
    counts, central = one.enrichment, one.central
    if counts.target_hits + counts.control_hits >= _FEWEST_SITES:
        yield "threshold", counts.log10_p
    yield "ranks", one.ranks.log10_p
    if min(central.n_sites, central.n_control_sites) >= _FEWEST_SITES:
        yield "centre", central.log10_p
        yield "centre against controls", central.control_log10_p


def _planted_gap(context: Context, n_pairs: int) -> Row:
    """What is said of two motifs that stand at one distance in some sequences."""
    words, background = ("AGATAAGA", "TGAGTCACT"), Background.from_gc(0.42)
    rng = np.random.default_rng(n_pairs)
    codes = background.sample(1000, 200, rng)
    first, second = (motif_from_word(word).probabilities.argmax(0) for word in words)
    for i in range(n_pairs + 300):
        gap = _GAP if i < n_pairs else int(rng.integers(0, 61))
        site = np.concatenate([first, background.sample(1, gap, rng)[0], 3 - second[::-1]])
        start = int(rng.integers(0, 200 - len(site) + 1))
        codes[i, start : start + len(site)] = site if rng.random() < 0.5 else 3 - site[::-1]
    targets, motifs = context.scratch / "targets.fa", context.scratch / "motifs.meme"
    write_fasta(targets, Sequences.from_codes(list(codes)))
    write_meme(motifs, [motif_from_word(word) for word in words])
    job, out = _enrich(context, motifs, targets, "--primary", words[0])
    if job.error:
        return row_of_run(job)
    spaced = next(row for row in _rows(out / "spacing.tsv") if row["SECONDARY_ID"] == words[1])
    return row_of_run(job, _spacing(spaced))


def _composite(context: Context) -> Row:
    """The motif of all that keeps a distance to that of a SOX protein, where OCT4 binds."""
    motifs = [one.columns(trim(one.information, _WEAK, 4)) for one in read_motifs(_database())]
    write_meme(context.scratch / "motifs.meme", motifs)
    (primary,) = (one.name for one in motifs if one.name.endswith("SOX21"))
    targets = sets.targets("POU5F1_hESC_motifcounter")
    job, out = _enrich(context, context.scratch / "motifs.meme", targets, "--primary", primary)
    if job.error:
        return row_of_run(job)
    best, second = _rows(out / "spacing.tsv")[:2]
    columns = {"motif": best["SECONDARY_ID"], **_spacing(best), "E of the next": float(second["EVALUE"])}
    return row_of_run(job, columns)


def _spacing(row: dict[str, str]) -> Row:
    return {
        "gap": int(row["GAP"]),
        "strand": row["STRAND"],
        "side": row["SIDE"],
        "sites": int(row["NUM"]),
        "E": float(row["EVALUE"]),
    }


def _beside_naive() -> Row:
    """CPU seconds of the best windows alone, for all motifs and sequences."""
    motifs, real = read_motifs(_database()), read_fasta(sets.targets("REST_HeLaS3_YAMDA"))
    scorer = Scorer(motifs, Background.fit(real), strand=Strand.BOTH)
    for _ in scorer.best(real.select(np.arange(2))):  # compiles the loops
        pass
    ours = _cpu_seconds(lambda: [None for _ in scorer.best(real)])
    some = list(range(0, len(motifs), len(motifs) // _NAIVE_MOTIFS))[:_NAIVE_MOTIFS]
    part = real.select(np.arange(_NAIVE_SEQUENCES))
    naive = _cpu_seconds(lambda: [_naive(scorer.scores[i].steps, part) for i in some])
    times = len(motifs) / len(some) * len(real) / len(part)
    return {"motifs": len(motifs), "sequences": len(real), "motifnet_s": ours, "numpy_s": naive * times}


def _cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _naive(steps: np.ndarray, sequences: Sequences) -> np.ndarray:
    """The best score of every sequence, on both strands."""
    columns = np.arange(steps.shape[1])
    best = []
    for i in range(len(sequences)):
        windows = np.lib.stride_tricks.sliding_window_view(np.minimum(sequences[i], 3), len(columns))
        best.append(max(one[windows, columns].sum(1).max() for one in (steps, steps[::-1, ::-1])))
    return np.array(best)


def tables(rows: Sequence[Row]) -> str:
    """Ranks on real sets, shares of small p-values, the planted gap, the time."""
    done = {row["case"]: row for row in rows if "error" not in row}
    parts = [*_of_sets(done), *_of_nulls(done), *_of_gaps(done), *_of_time(done)]
    return "\n\n".join(parts) or "Known motifs: nothing measured yet."


def _of_sets(done: dict[str, Row]) -> Iterator[str]:
    chosen = [{"set": name[5:], **row} for name, row in done.items() if name.startswith("sets/")]
    if chosen:
        on_top = sum(row["rank"] <= 3 for row in chosen)
        yield verdict("The right family among the first three", on_top, len(chosen))
        names = ("rank", "motif", "best", "targets", "controls", "log10 E", "auroc", "log10 p of centre")
        yield table(chosen, ("set", *names, "cpu_seconds", "peak_mb"))


def _of_nulls(done: dict[str, Row]) -> Iterator[str]:
    if "nulls" in done:
        row = done["nulls"]
        share, ks = f"p at most {_LIMIT}", "Kolmogorov-Smirnov p"
        lines = [
            {"test": name, share: row[f"{name} share"], ks: row.get(f"{name} ks")}
            for name in (*_TESTS, "spacing")
        ]
        yield table(lines, ("test", share, ks))


def _of_gaps(done: dict[str, Row]) -> Iterator[str]:
    lines = [{"pairs": name[4:], **row} for name, row in done.items() if name.startswith("gap/")]
    if lines:
        yield table(lines, ("pairs", *_SPACING))
    if "composite" in done:
        yield table([done["composite"]], ("motif", *_SPACING, "E of the next"))


def _of_time(done: dict[str, Row]) -> Iterator[str]:
    if "naive" in done:
        row = done["naive"]
        times = row["numpy_s"] / row["motifnet_s"]
        yield (
            f"Best windows of {row['sequences']:,} sequences for {row['motifs']:,} motifs: "
            f"{row['motifnet_s']:.1f} CPU s, {times:.0f} times as fast as numpy ({met(times > 1)})."
        )


ENRICH = Benchmark("enrich", "Known motifs", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(ENRICH)
