"""Do tests of ties of motifs keep their level, and what do they see?"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest, chi2, kstest

from motifnet.hypotheses import palindrome_test as palindromes
from motifnet.hypotheses.emissions_test import emissions
from motifnet.hypotheses.halves import HalfPairs, Mixture
from motifnet.hypotheses.orientation_test import orientation
from motifnet.hypotheses.palindrome_test import palindrome
from motifnet.motifs import Motif, matrix
from motifnet.symbols import Interval, Sequences
from motifnet.ties.tested import TieVerdict
from tests.benchmarks.benchmark import Benchmark, Case, Row, command_line
from tests.benchmarks.markdown import table

_LENGTH = 101
# Repeats of each null by test and number of sequences: as many as take a quarter of an hour of one core.
_OF_NULLS = {
    ("palindrome", 200): 400,
    ("palindrome", 1000): 100,
    ("emissions", 200): 1000,
    ("emissions", 1000): 300,
    ("orientation", 200): 1000,
    ("orientation", 1000): 1000,
}
_PREFACE = """
Sequences are 101 bases of a chain in which a base depends on the one before it, with as little CpG as
vertebrates have (`pairs`), or of which a third of the bases is drawn anew with a content of G and C that
varies from sequence to sequence (`GC varies`). Four of five have a site; matrices are drawn anew for each
repeat. `KS p` is of Kolmogorov and Smirnov's test, one-sided: small where p-values are smaller than uniform
ones. Nulls are not what is fitted: of `overlapping` sites each has another one that begins three bases
later; of `few sites` the matrix was learnt from 30 of these sites; `soft` ones are bound the more the higher
their score, half of them at a score that a tenth of all words of the motif falls short of. Share rejected at
5%, its standard error, and what the usual way makes of the same sites: for palindromes a likelihood ratio of
the mixture against chi-square, for orientations a binomial test against one half. Power: to the share that is
told, one half is another half-site, or the matrix of one strand another matrix.
"""


class _Tried(NamedTuple):
    """One repeat."""

    p: float
    usual: float
    n: int
    verdict: TieVerdict


def _background(rng: np.random.Generator, n: int, kind: str) -> np.ndarray:
    steps = np.array(
        [
            [0.32, 0.18, 0.28, 0.22],
            [0.34, 0.27, 0.06, 0.33],
            [0.28, 0.22, 0.27, 0.23],
            [0.21, 0.21, 0.28, 0.30],
        ]
    )
    cumulated = np.cumsum(steps, 1)[:, :3]
    codes = np.zeros((n, _LENGTH), np.uint8)
    codes[:, 0] = rng.integers(0, 4, n)
    for j in range(1, _LENGTH):
        codes[:, j] = (rng.random(n)[:, None] > cumulated[codes[:, j - 1]]).sum(1)
    if kind == "GC varies":
        gc = rng.beta(4, 4, n)[:, None]
        anew = np.where(
            rng.random(codes.shape) < gc, rng.integers(1, 3, codes.shape), 3 * rng.integers(0, 2, codes.shape)
        )
        codes = np.where(rng.random(codes.shape) < 1 / 3, anew, codes).astype(np.uint8)
    turned = rng.random(n) < 0.5
    return np.where(turned[:, None], 3 - codes[:, ::-1], codes).astype(np.uint8)


def _half(rng: np.random.Generator, width: int) -> np.ndarray:
    return rng.dirichlet(np.full(4, 0.12), width).T * 0.94 + 0.015


def _words(probabilities: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    return (rng.random((n, 1, probabilities.shape[1])) > np.cumsum(probabilities, 0)[None, :-1]).sum(1)


def _either_way(words: np.ndarray, rng: np.random.Generator, share: float = 0.5) -> np.ndarray:
    return np.where(rng.random(len(words))[:, None] < share, words, 3 - words[:, ::-1]).astype(np.uint8)


def _planted(
    codes: np.ndarray, which: np.ndarray, words: np.ndarray, rng: np.random.Generator, *, again: bool = False
) -> None:
    """Put a word into each of some sequences; and before that, the same word three bases later."""
    start = rng.integers(0, _LENGTH - words.shape[1] - 3, len(which))
    for later in (3, 0) if again else (0,):
        codes[which[:, None], start[:, None] + later + np.arange(words.shape[1])] = words


def _palindrome(rng: np.random.Generator, n: int, kind: str, width: int, differs: float) -> _Tried:
    one = _half(rng, width // 2)
    other = (1 - differs) * one + differs * _half(rng, width // 2)
    middle = np.full((4, width % 2), 0.25)
    probabilities = np.concatenate([other, middle, one[::-1, ::-1]], axis=1)
    codes = _background(rng, n, "GC varies" if kind == "GC varies" else "pairs")
    which = np.flatnonzero(rng.random(n) < 0.8)
    if kind == "soft":
        many = _words(probabilities, 20 * n, rng)
        score = np.log2(probabilities / 0.25)[many, np.arange(width)].sum(1)
        bound = rng.random(len(many)) < 1 / (1 + np.exp(-(score - np.quantile(score, 0.1))))
        words = many[bound][: len(which)]
    else:
        words = _words(probabilities, len(which), rng)
    words = _either_way(words, rng)
    _planted(codes, which, words, rng, again=kind == "overlapping")
    counts = 1000 * probabilities
    if kind == "few sites":
        some = words[:30]
        counts = np.stack([(some == base).sum(0) for base in range(4)]).astype(float)
    targets = Sequences.from_codes(list(codes))
    motif = Motif("m", counts)
    (found,) = palindrome([motif], targets)
    return _Tried(found.p, _chi_square(motif, targets), found.n, found.verdict)


def _chi_square(motif: Motif, targets: Sequences) -> float:
    """p-value of the likelihood ratio of the mixture, if it followed its chi-square distribution."""
    places = palindromes._Places.of(targets, None, 0)
    frame = palindromes.centred(matrix.probabilities(motif.counts, places.background, 0.1), places.background)
    sites = palindromes._sites(frame, places, 0).sites
    if len(sites) < palindromes.FEWEST:
        return math.nan
    gain = Mixture(sites, frame.probabilities).fit(HalfPairs.as_found(sites)).gain
    half, odd = divmod(frame.probabilities.shape[1], 2)
    return float(chi2.sf(2 * gain, 3 * half + 2 * odd))


def _emissions(rng: np.random.Generator, n: int, kind: str, given: float, differs: float) -> _Tried:
    one = _half(rng, 8)
    other = (1 - differs) * one + differs * _half(rng, 8)
    codes = _background(rng, n, kind)
    which = np.flatnonzero(rng.random(n) < 0.8)
    on_given = rng.random(len(which)) < given
    words = np.where(
        on_given[:, None], _words(one, len(which), rng), 3 - _words(other, len(which), rng)[:, ::-1]
    )
    _planted(codes, which, words.astype(np.uint8), rng)
    (found,) = emissions([Motif("m", 1000 * one)], Sequences.from_codes(list(codes)))
    return _Tried(found.p, math.nan, found.n, found.verdict)


def _orientation(rng: np.random.Generator, n: int, bound: float, along: float, skew: float) -> _Tried:
    probabilities = _half(rng, 10)
    codes = rng.choice(4, (n, _LENGTH), p=0.25 + skew * np.array([-1, -0.5, 0.5, 1])).astype(np.uint8)
    repeated = rng.random(codes.shape) < 0.2
    for j in range(1, _LENGTH):  # runs of a base, which pairs of bases tell
        codes[:, j] = np.where(repeated[:, j], codes[:, j - 1], codes[:, j])
    which = np.flatnonzero(rng.random(n) < bound)
    _planted(codes, which, _either_way(_words(probabilities, len(which), rng), rng, along), rng)
    forward = rng.random(n) < 0.5
    places = [Interval("c", 5000 * i, 5000 * i + _LENGTH) for i in range(n)]
    anchors = [
        Interval("c", place.start + 50, place.start + 51, "+" if is_forward else "-")
        for place, is_forward in zip(places, forward, strict=True)
    ]
    made = Sequences.from_codes(list(np.where(forward[:, None], codes, 3 - codes[:, ::-1]).astype(np.uint8)))
    targets = Sequences(made.codes, made.offsets, made.names, places)
    (found,) = orientation([Motif("m", 1000 * probabilities)], targets, anchors)
    usual = math.nan
    if found.effect is not None:
        usual = float(binomtest(round(found.effect.value * found.n), found.n).pvalue)
    return _Tried(found.p, usual, found.n, found.verdict)


def _row(number: int, repeats: int, tried: Callable[[np.random.Generator], _Tried]) -> Row:
    began = time.process_time()
    found = [tried(np.random.default_rng([number, repeat])) for repeat in range(repeats)]
    seconds = time.process_time() - began
    tested = [one for one in found if math.isfinite(one.p)]
    if not tested:
        return {"error": "no repeat had sites enough"}
    p_values = np.array([one.p for one in tested])
    rejected = float((p_values <= 0.05).mean())
    usual = [one.usual <= 0.05 for one in tested if math.isfinite(one.usual)]
    return {
        "repeats": len(tested),
        "not tested": repeats - len(tested),
        "sites": int(np.median([one.n for one in tested])),
        "rejected": rejected,
        "at 1%": float((p_values <= 0.01).mean()),
        "KS p": float(kstest(p_values, "uniform", alternative="greater").pvalue),
        "standard error": math.sqrt(rejected * (1 - rejected) / len(tested)),
        "usual way": float(np.mean(usual)) if usual else None,
        "justified": float(np.mean([one.verdict is TieVerdict.JUSTIFIED for one in tested])),
        "CPU s": seconds / repeats,
    }


def cases() -> Iterator[Case]:
    """Nulls and alternatives of each test, of 200 and 1,000 sequences."""
    for number, (name, repeats, tried) in enumerate(_all()):
        yield Case(name, lambda _, number=number, repeats=repeats, tried=tried: _row(number, repeats, tried))


def _all() -> Iterator[tuple[str, int, Callable[[np.random.Generator], _Tried]]]:
    for n in (200, 1000):
        for width, kind in (
            (10, "pairs"),
            (15, "GC varies"),
            (12, "overlapping"),
            (12, "few sites"),
            (12, "soft"),
        ):
            name = f"palindrome/null/{kind}/{n}"
            null = partial(_palindrome, n=n, kind=kind, width=width, differs=0)
            yield name, _OF_NULLS["palindrome", n], null
        for differs in (0.3, 0.6, 1.0):
            name = f"palindrome/{differs:g} of a half/{n}"
            yield name, 100, partial(_palindrome, n=n, kind="pairs", width=12, differs=differs)
        for given, kind in ((0.5, "pairs"), (0.5, "GC varies"), (0.7, "pairs"), (0.8, "pairs")):
            name = f"emissions/null/{kind}, {given:.0%} on the given strand/{n}"
            null = partial(_emissions, n=n, kind=kind, given=given, differs=0)
            yield name, _OF_NULLS["emissions", n], null
        for differs in (0.1, 0.3):
            name = f"emissions/{differs:g} of a matrix/{n}"
            yield name, 100, partial(_emissions, n=n, kind="pairs", given=0.5, differs=differs)
        for bound, skew in ((0.7, 0.0), (0.7, 0.08), (0.0, 0.08)):
            name = f"orientation/null/{bound:.0%} bound, skew {skew:g}/{n}"
            null = partial(_orientation, n=n, bound=bound, along=0.5, skew=skew)
            yield name, _OF_NULLS["orientation", n], null
        for along in (0.6, 0.7):
            name = f"orientation/{along:.0%} along/{n}"
            yield name, 200, partial(_orientation, n=n, bound=0.7, along=along, skew=0.08)


def tables(rows: Sequence[Row]) -> str:
    """Levels and power."""
    if not rows:
        return "Tests of ties of motifs: nothing measured yet."
    columns = (
        "case",
        "repeats",
        "not tested",
        "sites",
        "rejected",
        "standard error",
        "at 1%",
        "KS p",
        "usual way",
    )
    return table(rows, (*columns, "justified", "CPU s"))


TIE_TESTS_MOTIFS = Benchmark(
    "tie_tests_motifs", "Tests of ties of motifs: level and power", _PREFACE, cases, tables
)


if __name__ == "__main__":
    command_line(TIE_TESTS_MOTIFS)
