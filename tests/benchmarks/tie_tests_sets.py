"""Tests of ties of whole sets: strand, position and experiments, on sequences simulated and real.

``MOTIFNET_DATA=... python -m tests.benchmarks.tie_tests_sets``; ``--only calibration`` measures a part of it.
"""

from __future__ import annotations

import csv
import gzip
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from motifnet.datasets.clean import clean
from motifnet.datasets.independent import independent
from motifnet.discovery.scored import Scored
from motifnet.hypotheses.experiments_test import experiments
from motifnet.hypotheses.position_test import position
from motifnet.hypotheses.sought import SITE, SoughtMotif, seek
from motifnet.hypotheses.strand_test import strand
from motifnet.io import read_fasta
from motifnet.strand import Strand
from motifnet.symbols import DNA, Sequences
from motifnet.ties.tested import TieTest
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.markdown import table
from tests.hypotheses.processes import KINDS, made

_SIZES = (200, 1_000)
_REPEATS = {
    ("strand", 200): 150, ("strand", 1_000): 40, ("experiments", 200): 150, ("experiments", 1_000): 40,
    ("position", 200): 200, ("position", 1_000): 60,
}  # fmt: skip
_N_POWER = 8
_MOST = 1_000  # sequences of a real set, drawn by chance
_LEVELS = (0.05, 0.01)
_PASS = [name for name in sets.PASS if name != "ABF2_Arabidopsis_DAP"]
_RBPS = ("pum2", "nova", "qki")
_ORIENTED = ("SPI1_StarkDemo", "GATA1_K562_YAMDA", "HNF4A_HepG2_YAMDA")
_SUMMITS = (
    "CTCF_StarkDemo",
    "SPI1_StarkDemo",
    "GATA1_K562_YAMDA",
    "SRF_H1-hESC_ENCODE",
    "REST_GM12878_ENCODE",
)
_HALVES = ("CTCF_StarkDemo", "SPI1_StarkDemo", "GATA1_K562_YAMDA")
_PROBES = ("Egr2", "Tcf3")
_BRIGHTEST = 500  # probes of an array
_START = 200  # base of the mouse promoters at which transcription starts
_JITTER = 60  # bases by which windows that are cut from longer ones are shorter; their offset is drawn
_PREFACE = f"""
`motifnet test strand`, `position` and `experiments` on sequences of processes that are none of the models
that they fit: words of three bases that are not as frequent on both strands (every sequence turned at
random), a GC content of each sequence, sites that overlap each other, and windows that share most of their
bases. With `share`, one of two experiments has sites in 90 % of its sequences and the other in 30 %. Rows say
how many repeats there were: few, so that standard errors (SE) are large; a share is to be about the level,
within two SE. Power is beside the naive way for the same motif: a binomial test of the strands of the best
windows, and a Mann-Whitney test of the distances of best windows from the centre, of targets and of their
shuffles. Real sets are {_MOST:,} sequences at most, drawn by chance, without duplicates and overlaps;
jittered ones are windows {_JITTER} bases shorter, at random offsets in five times as many.
"""


def cases() -> Iterator[Case]:
    """Nulls, power, then real data."""
    for hypothesis, test in _OF_NULL.items():
        for kind in (*KINDS, "share") if hypothesis == "experiments" else KINDS:
            for n in _SIZES:
                name = f"calibration/{hypothesis}/{kind}/{n}"
                yield Case(name, partial(_calibrated, test, kind, n, _REPEATS[hypothesis, n]))
    for forward in (0.8, 0.65, 0.55):
        for n in (200, 500):
            yield Case(f"power/strand/{forward:.0%}/{n}", partial(_power_of_strand, forward, n))
    for scatter in (15, 30):
        yield Case(f"power/position/sd {scatter}/200", partial(_power_of_position, scatter, 200))
    for name in _PASS:
        yield Case(f"real/strand/TF/{name}", partial(_real, strand, partial(_tf, name)))
    for name in _RBPS:
        yield Case(f"real/strand/RBP/{name}", partial(_real, strand, partial(_rbp, name)))
    for name in _ORIENTED:
        for share in (0.8, 0.65, 0.55):
            case = f"real/strand/oriented {share:.0%}/{name}"
            yield Case(case, partial(_real, strand, partial(_oriented, name, share)))
    for name in ("Ecoli_prom", "Mouse_tata"):
        yield Case(f"real/strand/promoters/{name}", partial(_real, strand, partial(_promoters, name)))
    for name in _SUMMITS:
        yield Case(f"real/position/summits/{name}", partial(_real, position, partial(_tf, name)))
        yield Case(f"real/position/jittered/{name}", partial(_real, position, partial(_jittered, name)))
    of_start = partial(position, origin=_START)
    yield Case(
        "real/position/promoters/Mouse_tata", partial(_real, of_start, partial(_promoters, "Mouse_tata"))
    )
    for name in _HALVES:
        yield Case(f"real/experiments/halves/{name}", partial(_real, experiments, partial(_halves, name)))
    for one, other in (
        ("GATA1_K562_YAMDA", "SRF_H1-hESC_ENCODE"),
        ("REST_GM12878_ENCODE", "REST_HeLaS3_YAMDA"),
        ("USF1_HepG2_ENCODE", "USF2_H1-hESC_ENCODE"),
        ("USF1_HepG2_ENCODE", "MYC_H1-hESC_ENCODE"),
    ):
        case = f"real/experiments/pairs/{one} and {other}"
        yield Case(case, partial(_real, experiments, partial(_pair, one, other)))
    for name in _PROBES:
        single = partial(experiments, strand=Strand.SINGLE)
        yield Case(f"real/experiments/arrays/{name}", partial(_real, single, partial(_arrays, name)))
        yield Case(
            f"real/experiments/arrays, both strands/{name}",
            partial(_real, experiments, partial(_arrays, name)),
        )


def _strand_of_null(kind: str, n: int, seed: int) -> float:
    return strand(made(kind, n, np.random.default_rng(seed), forward=0.8), seed=seed).p


def _position_of_null(kind: str, n: int, seed: int) -> float:
    return position(made(kind, n, np.random.default_rng(seed)), seed=seed).p


def _experiments_of_null(kind: str, n: int, seed: int) -> float:
    rng = np.random.default_rng(seed)
    shares = (0.9, 0.3) if kind == "share" else (0.7, 0.7)
    process = "GC varies" if kind == "share" else kind
    some = {name: made(process, n // 2, rng, share=share) for name, share in zip("ab", shares, strict=True)}
    return experiments(some, seed=seed).p


_OF_NULL: Mapping[str, Callable[[str, int, int], float]] = {
    "strand": _strand_of_null, "position": _position_of_null, "experiments": _experiments_of_null,
}  # fmt: skip


def _calibrated(
    test: Callable[[str, int, int], float], kind: str, n: int, repeats: int, context: Context
) -> Row:
    """Shares of small p-values, and whether they are smaller than uniform ones."""
    from scipy.stats import kstest

    began = time.process_time()
    p = np.array([test(kind, n, seed) for seed in range(repeats)])
    p = p[np.isfinite(p)]  # a test that does not apply, for want of sites, rejects nothing
    row: Row = {"repeats": len(p), **{f"p <= {level:g}": float((p <= level).mean()) for level in _LEVELS}}
    row["SE at 0.05"] = round((0.05 * 0.95 / len(p)) ** 0.5, 4)
    row["KS p"] = float(kstest(p, "uniform", alternative="greater").pvalue)
    return row | {"cpu_seconds": round((time.process_time() - began) / repeats, 2)}


def _best_of_first(motifs: Sequence[SoughtMotif], some: Sequences) -> tuple[SoughtMotif, Scored]:
    return next(one for one in motifs if not one.is_palindrome), Scored.of(some)


def _power_of_strand(forward: float, n: int, context: Context) -> Row:
    from scipy.stats import binomtest

    ours, naive = [], []
    for seed in range(_N_POWER):
        some = made("GC varies", n, np.random.default_rng(seed), forward=forward, turned=False)
        ours.append(strand(some, seed=seed).p)
        motif, scored = _best_of_first(seek(some, seed=seed), some)
        naive.append(binomtest(int(motif.best(scored).reverse.sum()), n).pvalue)
    return _powers(ours, naive)


def _power_of_position(scatter: float, n: int, context: Context) -> Row:
    from scipy.stats import mannwhitneyu

    from motifnet.datasets.shuffle import shuffle

    ours, naive = [], []
    for seed in range(_N_POWER):
        some = made("GC varies", n, np.random.default_rng(seed), scatter=scatter)
        ours.append(position(some, seed=seed).p)
        motif, scored = _best_of_first(seek(some, seed=seed), some)
        distances = [
            np.abs(motif.best(one).position + motif.width / 2 - one.sequences.lengths / 2)
            for one in (scored, Scored.of(shuffle(some, 2, seed)))
        ]
        naive.append(mannwhitneyu(*distances).pvalue)
    return _powers(ours, naive)


def _powers(ours: Sequence[float], naive: Sequence[float]) -> Row:
    return {
        "repeats": len(ours),
        **{f"power at {level:g}": float((np.array(ours) <= level).mean()) for level in _LEVELS},
        **{f"naive at {level:g}": float((np.array(naive) <= level).mean()) for level in _LEVELS},
    }


def _real(test: Callable[..., TieTest], read: Callable[[], object], context: Context) -> Row:
    began = time.process_time()
    found = test(read())
    return {
        "n": found.n,
        "verdict": found.verdict.value,
        "p": found.p if found.p == found.p else None,
        "effect": None if found.effect is None else round(found.effect.value, 3),
        "gain at most": None if found.gain is None else round(found.gain.high, 4),
        "sentence": found.sentence,
        "notes": list(found.notes),
        "cpu_seconds": round(time.process_time() - began, 1),
    }


def _some(path: Path, most: int = _MOST, *, strand: Strand = Strand.BOTH) -> Sequences:
    """Sequences of a file that share no place, drawn by chance."""
    read = read_fasta(path)
    read = read.select(np.random.default_rng(1).permutation(len(read))[: 2 * most])
    read = read.select(clean(read, strand=strand).kept)
    return read.select(np.flatnonzero(independent(read, strand=strand))[:most])


def _tf(name: str, most: int = _MOST) -> Sequences:
    return _some(sets.targets(name), most)


def _rbp(name: str) -> Sequences:
    return _some(sets.data() / f"rbp/{name}.train.positive.fasta.gz", strand=Strand.SINGLE)


def _promoters(name: str) -> Sequences:
    return _some(sets.data() / f"promoters/{name}.fa.gz", strand=Strand.SINGLE)


def _oriented(name: str, share: float) -> Sequences:
    """A set of which a share of the sequences with a site is turned so that it lies on the given strand."""
    some, rng = _tf(name), np.random.default_rng(2)
    motif, scored = _best_of_first(seek(some), some)
    side = motif.side(scored)
    forward = np.where(np.abs(side) > SITE, rng.random(len(some)) < share, rng.random(len(some)) < 0.5)
    turned = np.where(np.abs(side) > SITE, (side > 0) != forward, forward)
    codes = [DNA.reverse_complement(some[i]) if turn else some[i] for i, turn in enumerate(turned.tolist())]
    return Sequences.from_codes(codes, some.names)


def _jittered(name: str) -> Sequences:
    """Windows that begin anywhere in those of a set."""
    some, rng = _tf(name, 5 * _MOST), np.random.default_rng(3)
    width = int(some.lengths.min()) - _JITTER
    start = rng.integers(0, _JITTER + 1, len(some))
    return Sequences.from_codes([some[i][at : at + width] for i, at in enumerate(start.tolist())], some.names)


def _halves(name: str) -> dict[str, Sequences]:
    some = _tf(name, 2 * _MOST)
    return {
        "one half": some.select(range(0, len(some), 2)),
        "other half": some.select(range(1, len(some), 2)),
    }


def _pair(one: str, other: str) -> dict[str, Sequences]:
    return {name: _tf(name) for name in (one, other)}


def _arrays(name: str) -> dict[str, Sequences]:
    """The brightest probes of two designs of an array."""
    return {design: _brightest(sets.data() / f"pbm/{name}_{design}.txt.gz") for design in ("HK", "ME")}


def _brightest(path: Path) -> Sequences:
    with gzip.open(path, "rt") as handle:
        rows = [(float(row[1]), row[0]) for row in csv.reader(handle, delimiter="\t")]
    return Sequences.from_text([text for _, text in sorted(rows, reverse=True)[:_BRIGHTEST]])


def tables(rows: Sequence[Row]) -> str:
    """Calibration, power, and what is said of real data."""
    parts = []
    for begin, columns in (
        ("calibration", ("repeats", *(f"p <= {level:g}" for level in _LEVELS), "SE at 0.05", "KS p")),
        ("power", ("repeats", *(f"{who} at {level:g}" for level in _LEVELS for who in ("power", "naive")))),
        ("real/strand", ("n", "verdict", "p", "effect", "gain at most")),
        ("real/position", ("n", "verdict", "p", "effect", "gain at most")),
        ("real/experiments", ("n", "verdict", "p", "effect", "gain at most")),
    ):
        chosen = [
            {**row, "case": row["case"].removeprefix(f"{begin}/")}
            for row in rows
            if row["case"].startswith(begin)
        ]
        if chosen:
            parts.append(table(chosen, ("case", *columns)))
    return "\n\n".join(parts) or "Tests of ties of sets: nothing measured yet."


TIE_TESTS_SETS = Benchmark("tie_tests_sets", "Tests of ties of sets", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(TIE_TESTS_SETS)
