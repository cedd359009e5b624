"""Two boxes at varying distance: are those of promoters where they should be, and planted ones found?

``MOTIFNET_DATA=... python -m tests.benchmarks.promoters`` learns profiles of promoters of *E. coli*, of
sequences with planted boxes, and of sequences without any.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from motifnet.datasets.shuffle import shuffle
from motifnet.hmm.profile import ProfileHmm, Spacer
from motifnet.hmm.profile_columns import some_of
from motifnet.hmm.profile_search import ProfileChoice, learn
from motifnet.io import read_fasta
from motifnet.symbols import DNA, Sequences
from motifnet.symbols.background import Background
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.markdown import table

_START = 60  # of transcription, from the first base of a sequence
_BOX = _START - 12  # first base of the -10 box, whose name is that of its middle
_NEAR = 1
_NUMBERS = (839, 400, 200)
# Percent of the base of the consensus in each column of the two boxes of E. coli (Harley and Reynolds 1987),
# and the share of each distance between them, as a scan that knows them has it.
_CONSENSUS = {"TTGACA": (78, 82, 68, 58, 52, 54), "TATAAT": (82, 89, 52, 59, 49, 89)}
_KNOWN = Spacer(6, 15, np.array([0.1, 0.2, 0.4, 0.2, 0.1]))
# As sigma-A of Bacillus: flanks with 39 % of G and C, in runs; the share of bases that boxes keep.
_AT_RICH = np.array([0.305, 0.195, 0.195, 0.305])
_RUNS = 0.1  # chance that a base is repeated, beyond that of drawing it again
_KEPT = (0.9, 0.8, 0.7, 0.6)
_SPACINGS = {"17": (17,), "16-18": (16, 17, 18), "14-20": tuple(range(14, 21))}
_PLANTED, _LENGTH, _NULLS = 200, 80, 10
_PREFACE = """
`motifnet profile` on promoters, cut from 60 bases before the start of transcription to 20 behind it,
without telling it that the start is always at the same place. `near` is the share of promoters whose -10
box begins within one base of 12 before the start; in truth the distance varies by more, so that it cannot
be 1. `spacer` is the profile with two blocks; `gapless` and `shared` (gaps anywhere, tied) are those that
it is compared with; `known boxes` is a scan that is told the two boxes (Harley and Reynolds 1987) and how
often each distance is, and takes the best pair. `warned` says whether the run told that there may be no
common motif.

`planted`: 200 sequences of 80 bases, 39 % G and C in runs, as upstream regions of *Bacillus* (there is no
set of these among the data), with TTGACA and TATAAT, each base of which is kept with the probability that
is told first and left as it was otherwise; then come the distances, all as frequent. `sites` is the share
of sequences in which both boxes are where they were planted, `apart` half of the sum of absolute
differences between the distributions of lengths, learnt and drawn.

`null`: dinucleotide shuffles of 200 promoters, and of all, and the opposite strand of coding regions. These
have reading frames, which are no Markov chain: triplets in phase are what is found there. `gain` is BIC
without a site less BIC of the profile.
"""


def cases() -> Iterator[Case]:
    """Promoters, planted boxes and nulls."""
    for n in _NUMBERS:
        yield Case(f"ecoli/{n}", partial(_promoters, n))
    for kept in _KEPT:
        for name in _SPACINGS:
            yield Case(f"planted/{kept}/{name}", partial(_planted, kept, name))
    for seed in range(_NULLS):
        yield Case(f"null/shuffled/{seed}", partial(_null, seed))
    yield Case("null/shuffled/839", partial(_null, 839))
    yield Case("null/coding", _coding)


def _read(name: str) -> Sequences:
    return read_fasta(sets.data() / "promoters" / f"{name}.fa.gz")


def _promoters(n: int, _: Context) -> Row:
    sequences, clock = some_of(_read("Ecoli_prom"), n), time.process_time()
    found = learn(sequences)
    row: Row = {"cpu_seconds": round(time.process_time() - clock, 1), **_told(found)}
    for one in found.models:
        row[f"near, {one.model.gap_tie}"] = round(_near(one.model, sequences), 3)
    row["near, known boxes"] = round(_near(_known(found.chosen.model), sequences), 3)
    return row


def _told(found: ProfileChoice) -> Row:
    model = found.chosen.model
    return {
        "chosen": model.gap_tie,
        "motif": model.motif("profile", 1.0).consensus,
        "lengths": "" if model.spacer is None else _lengths(model.spacer),
        "gain": round(-2 * found.no_site - found.chosen.bic, 1),
        "warned": bool(found.warnings) and "no common motif" in found.warnings[0],
    }


def _lengths(spacer: Spacer) -> str:
    told = zip(spacer.lengths.tolist(), spacer.probabilities.tolist(), strict=True)
    return ", ".join(f"{length}: {share:.2f}" for length, share in told)


def _near(model: ProfileHmm, sequences: Sequences) -> float:
    """Share of sequences whose -10 box is where it should be: the columns that are most like TATAAT."""
    columns = model.align(sequences).columns
    word = DNA.encode("TATAAT")
    last = model.width - len(word)
    if last < 0:
        return 0.0
    first = 0 if model.spacer is None else min(model.spacer.before, last)
    likeness = [np.log(model.match[k + np.arange(6), word]).sum() for k in range(first, last + 1)]
    place = columns[:, first + int(np.argmax(likeness))]
    return float((np.abs(place - _BOX)[place >= 0] <= _NEAR).sum() / len(sequences))


def _known(like: ProfileHmm) -> ProfileHmm:
    """The boxes as they are known, among flanks as those of a profile that was learnt."""
    blocks = [
        np.stack(
            [
                np.where(np.arange(4) == base, kept, (100 - kept) / 3)
                for base, kept in zip(DNA.encode(box), percent, strict=True)
            ]
        )
        for box, percent in _CONSENSUS.items()
    ]
    return ProfileHmm.from_matrix(np.concatenate(blocks) / 100, like.flanks).spaced(_KNOWN)


def _planted(kept: float, spacings: str, _: Context) -> Row:
    rng = np.random.default_rng([int(100 * kept), len(_SPACINGS[spacings])])
    chain = Background(_AT_RICH, _AT_RICH, (1 - _RUNS) * _AT_RICH + _RUNS * np.eye(4))
    codes, gaps = chain.sample(_PLANTED, _LENGTH, rng), rng.choice(_SPACINGS[spacings], _PLANTED)
    starts = rng.integers(0, _LENGTH - 12 - gaps + 1)
    for i, (start, gap) in enumerate(zip(starts.tolist(), gaps.tolist(), strict=True)):
        for place, box in ((start, "TTGACA"), (start + 6 + gap, "TATAAT")):
            is_kept = rng.random(6) < kept
            codes[i, place : place + 6][is_kept] = DNA.encode(box)[is_kept]
    sequences, clock = Sequences.from_codes(codes), time.process_time()
    found = learn(sequences)
    row: Row = {"cpu_seconds": round(time.process_time() - clock, 1), **_told(found)}
    spacer = found.chosen.model.spacer
    if spacer is None:
        return {**row, "sites": 0.0, "apart": 1.0}
    columns = found.chosen.model.align(sequences).columns
    shifts = np.stack([columns[:, 0] - starts, columns[:, spacer.before] - starts - 6 - gaps], 1)
    commonest, counts = np.unique(shifts, axis=0, return_counts=True)
    lag = commonest[counts.argmax()]
    return {**row, "sites": round(counts.max() / _PLANTED, 3), "apart": round(_apart(spacer, gaps, lag), 3)}


def _apart(spacer: Spacer, gaps: np.ndarray, lag: np.ndarray) -> float:
    """How far the lengths that were learnt are from those that were drawn."""
    drawn = np.bincount(gaps, minlength=99)[:99] / len(gaps)
    learnt = np.zeros(99)
    block = int(lag[0]) + spacer.before - 6  # how far the first block reaches into the spacer
    learnt[spacer.lengths + block - int(lag[1])] = spacer.probabilities
    return float(np.abs(drawn - learnt).sum() / 2)


def _null(seed: int, _: Context) -> Row:
    promoters = some_of(_read("Ecoli_prom"), 839 if seed == 839 else _PLANTED)
    clock = time.process_time()
    found = learn(shuffle(promoters, 2, seed))
    return {"cpu_seconds": round(time.process_time() - clock, 1), **_told(found)}


def _coding(_: Context) -> Row:
    clock = time.process_time()
    found = learn(some_of(_read("Ecoli_non_prom"), 839))
    return {"cpu_seconds": round(time.process_time() - clock, 1), **_told(found)}


def tables(rows: Sequence[Row]) -> str:
    """A table for each kind of data."""
    if not rows:
        return "Promoters: nothing measured yet."
    told = []
    for heading, start, columns in (
        (
            "Promoters of E. coli",
            "ecoli",
            ("near, spacer", "near, gapless", "near, shared", "near, known boxes", "motif", "lengths"),
        ),
        ("Planted boxes", "planted", ("chosen", "sites", "apart", "motif")),
        ("No motif", "null", ("chosen", "gain", "motif", "warned")),
    ):
        some = [row for row in rows if row["case"].startswith(start)]
        told.append(f"### {heading}\n\n{table(some, ('case', *columns, 'cpu_seconds'))}")
    return "\n\n".join(told)


PROMOTERS = Benchmark("promoters", "Promoters", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(PROMOTERS)
