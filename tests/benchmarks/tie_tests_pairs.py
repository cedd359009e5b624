"""Tests of ties between pairs of sequences: how often they reject what holds, and find what does not.

``python -m tests.benchmarks.tie_tests_pairs``; ``--only '^indel/level/power law/60'`` measures a
part of it. It takes hours, and can be stopped and gone on with.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

import numpy as np

from motifnet.hmm.pair_align import align
from motifnet.hmm.pair_curvature import curvature
from motifnet.hmm.pair_fit import FitOptions, PairFit, fit
from motifnet.hmm.pair_ties import PairTies
from motifnet.hypotheses.indel_test import exchange_p, indel, score_test, symmetric_fit
from motifnet.hypotheses.rate_test import rate
from motifnet.io.alignments import read_alignments
from motifnet.kernels.pair_hmm.cpu import DEFAULT_BAND
from motifnet.progress import Silent
from motifnet.stats.likelihood_ratio import likelihood_ratio
from motifnet.stats.sign_flip import sign_flip
from motifnet.symbols.alignment import MATCH, X_ONLY, Y_ONLY, Alignment, Runs
from motifnet.symbols.pairs import PairedSequences
from motifnet.ties.tested import Effect
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.gapped_pairs import Law, drawn
from tests.benchmarks.markdown import table
from tests.benchmarks.pair_simulation import truth_of

_BOTH = ("open", "extend")
_LEVEL = {
    "the model": Law(),
    "power law": Law(power=1.7),
    "rates vary": Law(shape=0.5),
    "times vary": Law(spread=0.5),
    "bases of y drift": Law(power=1.7, gc=0.15),
}
_POWER = {
    "gaps of y 1.7 times": Law(opening=(0.015, 0.025)),
    "gaps of y 1.7 times, power law": Law(opening=(0.015, 0.025), power=1.7),
    "gaps of y 1.5 times as long": Law(extend=(0.5, 2 / 3)),
}
_RATE_LEVEL = {
    "the model": Law(),
    "power law": Law(power=1.7),
    "rates vary": Law(shape=0.5),
    "power law, rates vary": Law(power=1.7, shape=0.5),
}
_RATE_POWER = {f"times spread by {spread:g}": Law(spread=spread) for spread in (0.2, 0.4)}
_SIZES = (60, 200)
_BATCHES, _BATCH = 10, 10
_METHODS = ("score test", "exchange of x and y", "likelihood ratio", "held-out flip", "one alignment")
_RATE_METHODS = ("deal of pieces",)
_LIMIT = 0.05
_SHORT = 1.0  # nats by which pseudocounts may leave an untied fit short of the tied one
_SPECIES, _LOCI = ("CHIMP", "DOG", "MOUSE"), range(30)
_PLACES, _COLUMNS = (0.2, 0.4, 0.6, 0.8), 400  # where pieces of a locus begin, and their columns
_PREFACE = """
Pairs of 50 to 300 matched columns, 20 % of which differ, with gaps that open at 0.02 before a column and are
extended at 0.6: drawn from the model; with lengths of gaps by a power law (Zipf, 1.7, up to 200 bases), where
gaps of both sequences may touch; with rates that vary among columns (gamma, shape 0.5); with times that vary
among pairs (log-normal, 0.5); and with a drift of the bases of y to G and C. Share of tests that reject at
5 %, with its standard error. The score test and the exchange are those of `motifnet test indel`; the
likelihood ratio has the tied and the untied fit of the same classes of gaps, its chi-square as many degrees
of freedom as these; the flip fits an untied model to half of the pairs and asks it of the other half;
`one alignment` counts the gaps of both sequences in the most probable alignments (binomial test).

Human beside another mammal: four pieces of 400 columns of each of 30 loci whose true alignment is known
(`align/blanchette_true`), of which the tests are given the bases alone. The true ratio is that of stretches
of the other species alone to stretches of human alone.
"""


def cases() -> Iterator[Case]:
    """Batches of sets: test, what is asked, law, number of pairs, number of the batch."""
    for batch in range(_BATCHES):
        for test, laws, measure in (
            ("indel/level", _LEVEL, _indel),
            ("indel/power", _POWER, _indel),
            ("rate/level", _RATE_LEVEL, _rate),
            ("rate/power", _RATE_POWER, _rate),
        ):
            for name, law in laws.items():
                for n in _SIZES:
                    yield Case(f"{test}/{name}/{n}/{batch}", partial(_batch, measure, law, n, batch))
    for species in _SPECIES:
        yield Case(f"real/{species}", partial(_real, species))


def _real(species: str, _: Context) -> Row:
    """Human beside another mammal: what the true alignments count, and what a test says of the bare bases."""
    parts = [part for locus in _LOCI for part in _pieces(locus, species)]
    number, bases = np.zeros(3), np.zeros(3)
    for part in parts:
        runs = Runs.of(part.columns)
        number += np.bincount(runs.kind, minlength=3)
        bases += np.bincount(runs.kind, runs.length, minlength=3)
    pairs = truth_of(parts).pairs
    found, rates = indel(pairs), rate(pairs)
    length = bases / number
    return {
        "species": species,
        "pairs": len(pairs),
        "true ratio": round(float(number[Y_ONLY] / number[X_ONLY]), 3),
        "ratio": _with_ends(found.effect),
        "true ratio of lengths": round(float(length[Y_ONLY] / length[X_ONLY]), 3),
        "p of gaps": float(f"{found.p:.2g}"),
        "gaps": str(found.verdict),
        "p of rates": float(f"{rates.p:.2g}"),
        "spread of rates": _with_ends(rates.effect),
        "rates": str(rates.verdict),
    }


def _with_ends(effect: Effect) -> str:
    return f"{effect.value:.2f} ({effect.low:.2f} to {effect.high:.2f})"


def _pieces(locus: int, species: str) -> Iterator[Alignment]:
    """Some pieces of a true alignment, from a match to a match."""
    path = sets.data() / f"align/blanchette_true/{locus:02d}.true.mfa.gz"
    whole = read_alignments(path, species=("HUMAN", species))[0]
    columns = whole.columns
    is_match = np.flatnonzero(columns == MATCH)
    x, y = (np.concatenate([[0], np.cumsum(columns != other)]) for other in (Y_ONLY, X_ONLY))
    for share in _PLACES:
        start = is_match[np.searchsorted(is_match, int(len(columns) * share))]
        stop = is_match[min(np.searchsorted(is_match, start + _COLUMNS), len(is_match) - 1)] + 1
        parts = whole.x[x[start] : x[stop]], whole.y[y[start] : y[stop]]
        yield Alignment("x", "y", *parts, columns[start:stop])


def _batch(measure, law: Law, n: int, batch: int, _: Context) -> Row:
    """P-values of the sets of a batch, by method."""
    found = [measure(drawn(law, n, seed), seed) for seed in range(batch * _BATCH, (batch + 1) * _BATCH)]
    return {"p": {name: [float(f"{one[name]:.3g}") for one in found] for name in found[0]}}


def _indel(pairs: PairedSequences, seed: int) -> dict[str, float]:
    symmetric = symmetric_fit(pairs, "auto", DEFAULT_BAND, Silent())
    n_classes, clusters = symmetric.model.n_classes, np.arange(len(pairs))
    ties, free = PairTies.of(_BOTH, n_classes=n_classes), PairTies.none(n_classes)
    tied = fit(pairs, ties, FitOptions(), start=symmetric.model)
    untied = fit(pairs, free, FitOptions(), start=tied.model)
    df = free.n_free - ties.n_free
    ratio = likelihood_ratio(tied.log_likelihood, untied.log_likelihood, df, noise=_SHORT)
    test = score_test(tied.model, curvature(tied.model, pairs), ties, _BOTH, clusters)
    return {
        "score test": 10**test.log10_p,
        "exchange of x and y": exchange_p(symmetric.model, pairs, _BOTH, clusters, DEFAULT_BAND, seed),
        "likelihood ratio": 10**ratio.log10_p,
        "held-out flip": _flip(pairs, symmetric, free, seed),
        "one alignment": _counted(pairs, symmetric),
    }


def _flip(pairs: PairedSequences, symmetric: PairFit, free: PairTies, seed: int) -> float:
    """Half of the pairs fit an untied model; are the others likelier under it as they stand, or exchanged?"""
    order = np.random.default_rng(seed).permutation(len(pairs))
    some, others = (pairs.select(part) for part in np.array_split(order, 2))
    model = fit(some, free, FitOptions(), start=symmetric.model).model
    return sign_flip(model.log_likelihood(others) - model.log_likelihood(others.swapped()), seed=seed).p


def _counted(pairs: PairedSequences, symmetric: PairFit) -> float:
    """Are gaps of x as many as gaps of y in the most probable alignments?"""
    from scipy.stats import binomtest

    n_gaps = {X_ONLY: 0, Y_ONLY: 0, MATCH: 0}
    for i in range(len(pairs)):
        kinds = Runs.of(align(symmetric.model, *pairs[i], method="viterbi").alignment.columns).kind
        for kind in n_gaps:
            n_gaps[kind] += int((kinds == kind).sum())
    n_of_x, n_of_y = n_gaps[X_ONLY], n_gaps[Y_ONLY]
    return float(binomtest(n_of_x, n_of_x + n_of_y).pvalue) if n_of_x + n_of_y else 1.0


def _rate(pairs: PairedSequences, seed: int) -> dict[str, float]:
    found = rate(pairs, seed=seed)
    return {"deal of pieces": found.p}


def tables(rows: Sequence[Row]) -> str:
    """Shares of tests that reject, by law and size, of either test."""
    parts = []
    for title, test, methods in (
        ("### Do both lineages gain and lose alike? Where they do", "indel/level", _METHODS),
        ("### Where they do not", "indel/power", _METHODS),
        ("### One rate for all pairs? Where there is one", "rate/level", _RATE_METHODS),
        ("### Where times vary", "rate/power", _RATE_METHODS),
    ):
        own = sorted((row for row in rows if row["case"].startswith(test) and "p" in row), key=_set_of)
        lines = [_line(key, list(group), methods) for key, group in groupby(own, _set_of)]
        if lines:
            parts += [title, table(lines, ("pairs", "number", "sets", *methods))]
    real = [row for row in rows if row["case"].startswith("real/") and "error" not in row]
    if real:
        parts += ["### Human beside another mammal", table(real, [*real[0]][1:])]
    return "\n\n".join(parts) or "Ties between pairs: nothing measured yet."


def _set_of(row: Row) -> tuple[str, int]:
    _, _, law, n, _ = row["case"].split("/")
    return law, int(n)


def _line(key: tuple[str, int], rows: Sequence[Row], methods: Sequence[str]) -> Row:
    line: Row = {"pairs": key[0], "number": key[1]}
    for method in methods:
        p = np.array([value for row in rows for value in row["p"].get(method, [])])
        line["sets"] = max(line.get("sets", 0), len(p))
        if len(p):
            share = float((p <= _LIMIT).mean())
            error = math.sqrt(share * (1 - share) / len(p))
            line[method] = f"{share:.3f} ± {error:.3f}"
    return line


TIE_TESTS_PAIRS = Benchmark("tie_tests_pairs", "Ties between pairs of sequences", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(TIE_TESTS_PAIRS)
