"""Gaps of two mammals and a third: in which lineage did each come about, and how sure can one be?

``MOTIFNET_DATA=... python -m tests.benchmarks.outgroup``; ``--only gaps/human-mouse`` measures a part of it.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from motifnet.config.align import AlignConfig
from motifnet.hmm.gap_origins import GapOrigin, GapOrigins
from motifnet.hmm.outgroup import gap_origins
from motifnet.hmm.pair_align import align
from motifnet.hmm.pair_alignments import PairAlignments, learn_and_align
from motifnet.hmm.pair_learn import candidate_ties
from motifnet.hmm.pair_orient import orient
from motifnet.symbols import Sequences
from motifnet.symbols.alignment import MATCH, Y_ONLY
from motifnet.symbols.alphabet import DNA
from motifnet.symbols.pairs import PairedSequences
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Row, command_line
from tests.benchmarks.markdown import table

_CLADES = [
    {"human"}, {"chimp"}, {"baboon"}, {"mouse"}, {"rat"}, {"dog"}, {"cat"}, {"pig"}, {"cow"},
    {"human", "chimp"}, {"human", "chimp", "baboon"}, {"mouse", "rat"}, {"dog", "cat"}, {"pig", "cow"},
    {"human", "chimp", "baboon", "mouse", "rat"}, {"dog", "cat", "pig", "cow"},
]  # fmt: skip
_PIECE = 2000  # bases of the first sequence
_NEAR = 3  # bases beside a gap within which it is right where it is


class _Triple(NamedTuple):
    """Three species, and how much of them is measured."""

    species: tuple[str, str, str]
    n_loci: int
    n_pieces: int  # of each locus


_TRIPLES = {
    "human-chimp, baboon": _Triple(("human", "chimp", "baboon"), 30, 3),
    "human-baboon, dog": _Triple(("human", "baboon", "dog"), 15, 1),
    "mouse-rat, human": _Triple(("mouse", "rat", "human"), 15, 1),
    "dog-cow, human": _Triple(("dog", "cow", "human"), 15, 1),
    "human-mouse, dog": _Triple(("human", "mouse", "dog"), 15, 1),
}
_BINS = (0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0)
_COLUMNS = (
    "species",
    "gaps",
    "real",
    "said to be real",
    "told",
    "right of told",
    "right of all",
    "naive: right of all",
    "naive: right of told",
    "cpu_s",
)
_PREFACE = f"""
Gaps of two species in simulated loci of nine mammals whose true alignment is known
(`align/blanchette_true`), with a third species as outgroup. Pieces of {_PIECE:,} bases from loci 00 on (of
human and chimp three from each of 30 loci, else one from each of 15), aligned by `motifnet align
--gap-classes 2 --outgroup`, models learnt from the same pieces.

What came about is counted from all nine rows: a base that two lineages away from each other have was in
every ancestor between them. So a stretch that x has and y has not was lost by y if any species that is not
on x's side of the point where the third one left has it, and gained by x otherwise. `real`: gaps at which,
within {_NEAR} bases, half as many bases or more have truly no partner; only of these is there a truth.
`told`: the share of them that is told as an insertion or a deletion (a probability of 0.9, and `real` at
least 0.5). The naive rule tells all: a gap is a deletion if most of its bases have a partner in the third
species, in the pair's alignment of maximum expected accuracy with it, under the same model. Counts are of
real gaps, beside what `lineages.tsv` says with its interval of 95%.
"""


def cases() -> Iterator[Case]:
    """Every triple of species."""
    for name in _TRIPLES:
        yield Case(f"gaps/{name}", lambda _, name=name: _measured(_TRIPLES[name]))


class _Truth(NamedTuple):
    """Pieces of three species: the sequences, and of each base of x and of y what became of it."""

    pairs: PairedSequences
    third: Sequences
    fates: list[tuple[np.ndarray, np.ndarray]]  # 0: gained, 1: the other lost it, 2: the other has it


@cache
def _rows(locus: int) -> dict[str, np.ndarray]:
    """The rows of a true alignment, as bytes."""
    with gzip.open(sets.data() / f"align/blanchette_true/{locus:02d}.true.mfa.gz", "rt") as file:
        records = (record.split("\n", 1) for record in file.read().split(">")[1:])
        return {
            name.strip().lower(): np.frombuffer("".join(rest.split()).upper().encode(), np.uint8)
            for name, rest in records
        }


def _side(one: str, *others: str) -> set[str]:
    """All species on the side of one of three, seen from where their lineages meet."""
    return max((clade for clade in _CLADES if one in clade and not clade & set(others)), key=len)


def _truth(triple: _Triple) -> _Truth:
    bases: list[list[np.ndarray]] = [[], [], []]
    fates = []
    for locus in range(triple.n_loci):
        rows = _rows(locus)
        has = {name: row != ord("-") for name, row in rows.items()}
        three = np.stack([has[name] for name in triple.species])
        for k in range(triple.n_pieces):
            part = _piece(three, (k + 1) / (triple.n_pieces + 1))
            for side, name in enumerate(triple.species):
                row = rows[name][part]
                bases[side].append(DNA.encode(row[row != ord("-")].tobytes().decode()))
            fates.append((_fate(has, part, triple.species), _fate(has, part, _swapped(triple.species))))
    x, y, third = (Sequences.from_codes(several) for several in bases)
    return _Truth(PairedSequences(x, y, [f"piece{i}" for i in range(len(x))]), third, fates)


def _swapped(species: tuple[str, str, str]) -> tuple[str, str, str]:
    return species[1], species[0], species[2]


def _piece(three: np.ndarray, share: float) -> slice:
    """Columns from a share of the alignment on, from one of all three to another."""
    whole = np.flatnonzero(three.all(0))
    first = whole[np.searchsorted(whole, int(three.shape[1] * share))]
    of_x = np.flatnonzero(three[0, first:])
    stop = first + of_x[min(_PIECE, len(of_x)) - 1] + 1
    return slice(int(first), int(whole[np.searchsorted(whole, stop) - 1]) + 1)


def _fate(has: dict[str, np.ndarray], part: slice, species: tuple[str, str, str]) -> np.ndarray:
    """Of each base of the first of three, what became of it."""
    mine = _side(species[0], species[1], species[2])
    elsewhere = np.any([row[part] for name, row in has.items() if name not in mine], 0)
    fate = np.where(has[species[1]][part], 2, elsewhere.astype(int))
    return fate[has[species[0]][part]]


def _measured(triple: _Triple) -> Row:
    truth = _truth(triple)
    config = AlignConfig().with_options("pair_model", gap_classes="2")
    oriented = orient(truth.pairs, config)
    run = learn_and_align(oriented, candidate_ties(config.pair_model), config)
    clock = time.process_time()
    origins = gap_origins(oriented.pairs, run, truth.third, config)
    seconds = time.process_time() - clock
    happened = [_happened(gap, truth, run) for gap in origins.gaps]
    naive = _naive(origins, truth, run)
    real = np.array([one is not None for one in happened])
    is_insertion = np.array([bool(one) for one in happened])
    chance = np.array([gap.insertion for gap in origins.gaps])
    told = np.array([gap.event not in ("", "undecided", "no gap") for gap in origins.gaps]) & real
    known = real & ~np.isnan(chance)
    right = (chance > 0.5) == is_insertion
    return {
        "species": ", ".join(triple.species),
        "gaps": len(real),
        "real": int(real.sum()),
        "said to be real": round(float(np.nansum([gap.real for gap in origins.gaps])), 1),
        "told": _share(told, real),
        "right of told": _share(right, told),
        "right of all": _share(right, known),
        "naive: right of all": _share(naive == is_insertion, known),
        "naive: right of told": _share(naive == is_insertion, told),
        "calibration": _calibration(chance[known], is_insertion[known]),
        "counts": _counts(origins, happened),
        "cpu_s": round(seconds, 1),
    }


def _share(what: np.ndarray, among: np.ndarray) -> float | None:
    return round(float(what[among].mean()), 4) if among.any() else None


def _matched_beside(gap: GapOrigin, run: PairAlignments) -> tuple[int, int]:
    """Columns of matches before and behind a gap."""
    runs = run.pairs[gap.pair].alignment.runs()
    of_side = np.cumsum(np.where(runs.kind == (Y_ONLY if gap.side == 0 else 1), 0, runs.length))
    k = int(np.searchsorted(of_side, (gap.x, gap.y)[gap.side][1]))
    beside = [k - 1, k + 1]
    return tuple(  # type: ignore[return-value]  # two of them
        int(runs.length[i]) if 0 <= i < len(runs.kind) and runs.kind[i] == MATCH else 0 for i in beside
    )


def _happened(gap: GapOrigin, truth: _Truth, run: PairAlignments) -> bool | None:
    """Whether the bases of a gap were gained; ``None`` where it is none in truth."""
    start, stop = (gap.x, gap.y)[gap.side]
    before, behind = _matched_beside(gap, run)
    near = truth.fates[gap.pair][gap.side][start - min(_NEAR, before, start) : stop + min(_NEAR, behind)]
    n_gained, n_lost = int((near == 0).sum()), int((near == 1).sum())
    return None if n_gained + n_lost < gap.length / 2 else n_gained > n_lost


def _naive(origins: GapOrigins, truth: _Truth, run: PairAlignments) -> np.ndarray:
    """Whether most bases of each gap have no partner in the third species, in an alignment of two."""
    found = []
    partners: dict[tuple[int, int], np.ndarray] = {}
    for gap in origins.gaps:
        key = gap.pair, gap.side
        if key not in partners:
            codes = (run.pairs[gap.pair].alignment.x, run.pairs[gap.pair].alignment.y)[gap.side]
            aligned = align(origins.with_outgroup, codes, truth.third[gap.pair]).alignment
            partners[key] = np.isin(np.arange(len(codes)), aligned.matches[:, 0])
        found.append(partners[key][slice(*(gap.x, gap.y)[gap.side])].mean() < 0.5)
    return np.array(found)


def _calibration(chance: np.ndarray, is_insertion: np.ndarray) -> list[Row]:
    place = np.clip(np.searchsorted(_BINS, chance, side="right") - 1, 0, len(_BINS) - 2)
    return [
        {
            "from": _BINS[k],
            "to": _BINS[k + 1],
            "n": int((place == k).sum()),
            "said": round(float(chance[place == k].mean()), 4),
            "true": round(float(is_insertion[place == k].mean()), 4),
        }
        for k in range(len(_BINS) - 1)
        if (place == k).any()
    ]


def _counts(origins: GapOrigins, happened: Sequence[bool | None]) -> list[Row]:
    """Of each event, what is expected of it and what is true."""
    true = {
        f"{kind} in {letter}": sum(
            one is (kind == "insertion") and "xy"[gap.side ^ (kind == "deletion")] == letter
            for gap, one in zip(origins.gaps, happened, strict=True)
        )
        for kind in ("insertion", "deletion")
        for letter in "xy"
    }
    return [
        {
            "event": one.event,
            "expected": round(one.expected, 1),
            "low": one.low,
            "high": one.high,
            "true": true[one.event],
        }
        for one in origins.counts
    ]


def tables(rows: Sequence[Row]) -> str:
    """Shares told and right, calibration, and counts."""
    if not rows:
        return "Gaps by lineage: nothing measured yet."
    bins: dict[str, Row] = {}
    for row in rows:
        for one in row.get("calibration", ()):
            line = bins.setdefault(f"{one['from']:g} to {one['to']:g}", {"from": one["from"]})
            line |= {f"{row['species']}: {what}": one[what] for what in ("n", "said", "true")}
    lines = [
        {"insertion": name, **line} for name, line in sorted(bins.items(), key=lambda item: item[1]["from"])
    ]
    columns = [
        f"{row['species']}: {what}" for row in rows if "calibration" in row for what in ("n", "said", "true")
    ]
    counts = [{"species": row["species"], **one} for row in rows for one in row.get("counts", ())]
    return "\n\n".join(
        [
            table(list(rows), _COLUMNS),
            "### An insertion said to be so probable is one so often",
            table(lines, ("insertion", *columns)),
            "### Insertions and deletions, counted",
            table(counts, ("species", "event", "expected", "low", "high", "true")),
        ]
    )


OUTGROUP = Benchmark("outgroup", "In which lineage gaps came about", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(OUTGROUP)
