"""Nulls: are E-values what they say where there is nothing to find?

``MOTIFNET_DATA=... python -m tests.benchmarks.nulls --processes 2`` runs ``motifnet train`` on sets of four
kinds that hold no motif; ``--only chains`` measures one kind. It takes long, and can be stopped and gone on
with.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.datasets.baselines import gc_score
from motifnet.datasets.shuffle import shuffle
from motifnet.io import read_fasta, write_fasta
from motifnet.io.text import write_text
from motifnet.symbols import UNKNOWN, Interval, Sequences
from motifnet.symbols.background import Background
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import e_values, found_motifs, row_of_run, train
from tests.benchmarks.markdown import table, verdict

_LIMITS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_QUANTILES = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9)
_WANTED = (0.02, 0.08)  # shares of runs whose smallest E-value is below 0.05
_SHORTEST, _LONGEST = 100, 200  # bases of a window and of a sequence of a chain
_ORDER = 2  # of the chains
_RICH = (0.5, 0.6)  # GC content of targets whose given controls have another one
_POOR, _SPREAD = 0.4, 0.08  # mean GC content of these controls, and its standard deviation among windows
_RICH_WINDOWS = 1500  # that the human regions have at least, however long
_PREFACE = """
Sets of four kinds that hold no motif, of sizes that are evenly spread:

- shuffles: sequences of one of the open sets in turn, whose dinucleotide shuffles are run against other
  shuffles of the same sequences;
- windows: random windows of a genome, of yeast and of two human regions in turn, as a BED file with the
  genome, so that controls are matched windows;
- chains: sequences of a Markov chain of order 2 that was learnt from one of the open sets, against others of
  the same chain, which are given;
- given: sequences of 50 to 60 % GC against given controls of about 40 %, out of which `motifnet train` takes
  those that match: of a chain of order 2 whose G and C are made more or less likely, and windows of the human
  regions.

If E-values are what they say, the smallest of a run is at most x in a share of 1 - exp(-x) of the runs
(about x for small x), and p-values are uniform; p-values are discrete, so that they may be somewhat larger
than uniform ones, and those of the motifs that were found and judged are not all tests that could have been
made.
"""


class Kind(NamedTuple):
    """Sets of one kind.

    Parameters
    ----------
    n_sets, fewest, most : int
        How many sets there are, and the sizes of the smallest and of the largest.
    sources : callable
        What they are made of, each with the size of the largest set that it has.
    arguments : callable
        Makes a set in a folder, of a source, a size and a seed; gives what ``motifnet train`` takes for it.
    """

    n_sets: int
    fewest: int
    most: int
    sources: Callable[[], Mapping[str, int]]
    arguments: Callable[[Path, str, int, int], Sequence[str]]


def cases() -> Iterator[Case]:
    """All sets; a name holds the kind, a number, the number of targets, and what they are made of."""
    for name, kind in KINDS.items():
        sources = kind.sources()
        sizes = np.linspace(kind.fewest, kind.most, kind.n_sets).round().astype(int).tolist()
        for number, n in enumerate(sizes):
            large_enough = [source for source, largest in sources.items() if largest >= n]
            source = large_enough[number % len(large_enough)]
            measure = partial(_measure, kind=kind, source=source, n=n, seed=number)
            yield Case(f"{name}/{number}/{n}/{source}", measure)


def _measure(context: Context, kind: Kind, source: str, n: int, seed: int) -> Row:
    folder, job = train(context, kind.arguments(context.scratch, source, n, seed))
    if job.error:
        return row_of_run(job)
    columns = {
        "smallest_e": min(e_values(folder), default=None),
        "p_values": [float(f"{10**found.log10_p:.3g}") for found in found_motifs(folder)],
    }
    return row_of_run(job, columns)


def _open_sets() -> dict[str, int]:
    """Number of sequences of each set that holds a motif: real bases, of which shuffles keep the pairs."""
    return {name: _n_records(sets.targets(name)) for name in sets.PASS}


def _n_records(path: Path) -> int:
    """Sequences of a FASTA file, which stays unread: the size of this process goes into that of the runs."""
    with gzip.open(path, "rb") as handle:
        return sum(line.startswith(b">") for line in handle)


def _genomes() -> dict[str, Path]:
    return {
        "yeast": sets.data() / "yeast/sacCer3.fa.gz",
        "human": sets.data() / "human_encode/hg_ENm001_ENm002.fa.gz",
    }


def _shuffles(folder: Path, source: str, n: int, seed: int) -> Sequence[str]:
    real = read_fasta(sets.targets(source))
    drawn = real.select(np.random.default_rng(seed).choice(len(real), n, replace=False))
    return _given(folder, *(shuffle(drawn, 2, 2 * seed + which) for which in range(2)))


def _windows(folder: Path, source: str, n: int, seed: int) -> Sequence[str]:
    rng = np.random.default_rng(seed)
    genome, path = _genomes()[source], folder / "targets.bed"
    tiles = _tiles(genome, _length(rng))
    chosen = tiles.select(rng.choice(len(tiles), n, replace=False))
    lines = [f"{where.chrom}\t{where.start}\t{where.end}\n" for where in chosen.intervals]
    write_text(path, "".join(lines))
    return str(path), "--genome", str(genome), "--window", "0"


def _chains(folder: Path, source: str, n: int, seed: int) -> Sequence[str]:
    rng = np.random.default_rng(seed)
    chain, length = Background.fit(read_fasta(sets.targets(source)), _ORDER), _length(rng)
    return _given(folder, *(_drawn(chain, n, length, rng) for _ in range(2)))


def _of_other_gc(folder: Path, source: str, n: int, seed: int) -> Sequence[str]:
    rng = np.random.default_rng(seed)
    length, n_controls = _length(rng), int(n * rng.choice([1, 2, 4]))
    if source in _genomes():
        return _given(folder, *_windows_of_other_gc(_tiles(_genomes()[source], length), n, n_controls, rng))
    chain = Background.fit(read_fasta(sets.targets(source)), _ORDER)
    rich, poor = (tilted(chain, gc, rng) for gc in (rng.uniform(*_RICH), _POOR))
    return _given(folder, _drawn(rich, n, length, rng), _drawn(poor, n_controls, length, rng))


def _windows_of_other_gc(
    tiles: Sequences, n: int, n_controls: int, rng: np.random.Generator
) -> tuple[Sequences, Sequences]:
    """Windows that are rich in GC, and others about a lower mean, as far as there are such."""
    gc = gc_score(tiles)
    rich = rng.permutation(np.flatnonzero((gc >= _RICH[0]) & (gc <= _RICH[1])))[:n]
    is_drawn = rng.random(len(tiles)) < np.exp(-(((gc - _POOR) / _SPREAD) ** 2) / 2)
    is_drawn[rich] = False
    others = rng.permutation(np.flatnonzero(is_drawn))[:n_controls]
    return tiles.select(rich), tiles.select(others)


def _tiles(genome: Path, length: int) -> Sequences:
    """Windows of a genome, one beside the other, without unknown bases."""
    contigs = read_fasta(genome)
    places = [
        Interval(name, start, start + length)
        for name, size in zip(contigs.names, contigs.lengths.tolist(), strict=True)
        for start in range(0, size - length + 1, length)
    ]
    number = {name: i for i, name in enumerate(contigs.names)}
    codes = [contigs[number[where.chrom]][where.start : where.end] for where in places]
    known = [i for i, one in enumerate(codes) if (one < UNKNOWN).all()]
    return Sequences.from_codes([codes[i] for i in known], intervals=[places[i] for i in known])


def tilted(chain: Background, gc: float, rng: np.random.Generator) -> Background:
    """A chain whose G and C are made more likely, or less, such that its sequences have a GC content."""
    low, high = -4.0, 4.0
    for _ in range(12):
        tilt = (low + high) / 2
        transitions = chain.transitions * np.exp([0, tilt, tilt, 0])
        made = Background(chain.probabilities, chain.initial, transitions / transitions.sum(1, keepdims=True))
        is_low = gc_score(_drawn(made, 200, 500, rng)).mean() < gc
        low, high = (tilt, high) if is_low else (low, tilt)
    return made


def _drawn(chain: Background, n: int, length: int, rng: np.random.Generator) -> Sequences:
    return Sequences.from_codes(list(chain.sample(n, length, rng)))


def _length(rng: np.random.Generator) -> int:
    return int(rng.integers(_SHORTEST, _LONGEST + 1))


def _given(folder: Path, targets: Sequences, controls: Sequences) -> Sequence[str]:
    """Targets and given controls as files."""
    paths = folder / "targets.fa", folder / "controls.fa"
    for path, sequences in zip(paths, (targets, controls), strict=True):
        write_fasta(path, sequences)
    return str(paths[0]), "--control", str(paths[1])


KINDS = {
    "shuffles": Kind(200, 100, 5000, _open_sets, _shuffles),
    "windows": Kind(100, 200, 3000, lambda: dict.fromkeys(_genomes(), 3000), _windows),
    "chains": Kind(100, 200, 3000, lambda: dict.fromkeys(sets.PASS, 3000), _chains),
    "given": Kind(
        50, 200, 3000, lambda: {"human": _RICH_WINDOWS, **dict.fromkeys(sets.PASS[:2], 3000)}, _of_other_gc
    ),
}
"""What there is nothing to find in."""


def tables(rows: Sequence[Row]) -> str:
    """For each kind how often the smallest E-value lies below some limits, and the quantiles of p-values."""
    of_kind = {name: [row for row in rows if row["case"].split("/")[0] == name] for name in KINDS}
    return "\n\n".join(_of_kind(name, some) for name, some in of_kind.items())


def _of_kind(name: str, rows: Sequence[Row]) -> str:
    run = [row for row in rows if "error" not in row]
    smallest = np.array([np.inf if row["smallest_e"] is None else row["smallest_e"] for row in run])
    p_values = np.array([p for row in run for p in row["p_values"]])
    below = int((smallest < 0.05).sum())
    least, most = (round(share * len(run)) for share in _WANTED)
    parts = [
        f"### Nothing to find: {name}",
        _of_limits(smallest),
        verdict("Smallest E-value below 0.05", below, len(run), least=least, most=most),
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
