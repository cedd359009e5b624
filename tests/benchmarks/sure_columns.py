"""Columns that are said to be sure and are wrong: what are they?

``MOTIFNET_DATA=... python -m tests.benchmarks.sure_columns``; ``--only pieces/dog`` measures a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_align import align
from tests.benchmarks.aligners import learnt
from tests.benchmarks.alignment import true_pairs
from tests.benchmarks.benchmark import Benchmark, Case, Row, command_line
from tests.benchmarks.markdown import table
from tests.benchmarks.pair_simulation import Truth

_SURE = 0.99  # posterior from which on a match is looked at: the last bin of the tables of reliability
_EACH = 3  # of the pieces, each third teaches
_STRETCH = 10  # wrong columns in a row, at most so far apart and at least so many, that are a stretch
_CASES = {"pieces/dog": "dog", "pieces/mouse": "mouse", "whole/dog": "dog"}
_OF_COPIES = ("of copies", "copies alike", "of a copy", "copy alike", "right but for copies")
_COLUMNS = ("case", "sure", "said", "right", "wrong", *_OF_COPIES)
_PREFACE = f"""
Matches of a posterior of at least {_SURE} in the pieces of [the mammals'
alignments](#true-alignments-of-mammals), and in two whole loci, under models with two classes of gaps that
are learnt from each third piece. `wrong` are those whose bases do not face each other in the true
alignment. `of copies`: stretches of {_STRETCH} and more of them whose bases have no partner at all in the
true alignment, neither that of x nor that of y, and yet are as alike as the others or more (`copies alike`:
the share that is the same). They are what copies of one repeat look like that both lineages got on their own
at the same place. `of a copy`: the same of which either x or y has no partner, and the other one has one
elsewhere: what a copy looks like that one lineage got near an older one. No annotation of repeats was looked
at. Copies are homologous, and that they are not orthologous is nothing that two sequences show. Which
stretches these are is known from the true alignment alone: `right but for copies` explains errors, and is
nothing that a user can have.
"""


def cases() -> Iterator[Case]:
    """Pieces of two species, and whole loci of one."""
    for name, species in _CASES.items():
        kind = name.split("/")[0]
        yield Case(name, lambda _, kind=kind, species=species: _measured(kind, species))


def _measured(kind: str, species: str) -> Row:
    pieces = true_pairs("pieces", species).pairs
    model = learnt(pieces.select(np.arange(0, len(pieces), _EACH)), n_classes=2).model
    truth = true_pairs(kind, species)
    found = [_of_pair(model, truth, i) for i in range(len(truth.pairs))]
    sure, said, wrong, *of_copies = np.sum(found, 0)
    copies, both_alike, copy, one_alike = of_copies
    return {
        "sure": int(sure),
        "said": round(said / sure, 4),
        "right": round(1 - wrong / sure, 4),
        "wrong": int(wrong),
        "of copies": int(copies),
        "copies alike": round(both_alike / copies, 3) if copies else None,
        "of a copy": int(copy),
        "copy alike": round(one_alike / copy, 3) if copy else None,
        "right but for copies": round(1 - (wrong - copies - copy) / (sure - copies - copy), 4),
    }


def _of_pair(model: PairHmm, truth: Truth, i: int) -> np.ndarray:
    """Sure matches, their posteriors, those that are wrong; of two kinds of copies, all and those alike."""
    x, y = truth.pairs[i]
    posterior = align(model, x, y).posterior
    sure = posterior.probability >= _SURE
    of_x, of_y = posterior.x_position[sure], posterior.column[sure]
    partner, has_partner = np.full(len(x), -1), np.zeros(len(y), bool)
    partner[truth.matches[i][:, 0]] = truth.matches[i][:, 1]
    has_partner[truth.matches[i][:, 1]] = True
    is_wrong = partner[of_x] != of_y
    n_alone = (partner[of_x] < 0).astype(int) + ~has_partner[of_y]
    counts = [sure.sum(), posterior.probability[sure].sum(), is_wrong.sum()]
    for is_kind in (n_alone == 2, n_alone == 1):
        stretch = _in_stretches(of_x, is_wrong & is_kind)
        counts += [len(stretch), (x[of_x[stretch]] == y[of_y[stretch]]).sum()]
    return np.array(counts, np.float64)


def _in_stretches(of_x: np.ndarray, is_chosen: np.ndarray) -> np.ndarray:
    """Those of some matches that follow each other closely, many in a row."""
    chosen = np.flatnonzero(is_chosen)
    stretches = np.split(chosen, np.flatnonzero(np.diff(of_x[chosen]) > _STRETCH) + 1)
    return np.concatenate([one for one in stretches if len(one) >= _STRETCH] or [np.zeros(0, np.int64)])


def tables(rows: Sequence[Row]) -> str:
    """How many are wrong, and what these are."""
    return table(list(rows), _COLUMNS) if rows else "Sure columns: nothing measured yet."


SURE_COLUMNS = Benchmark("sure_columns", "Sure columns that are wrong", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(SURE_COLUMNS)
