"""Seeds: does the result depend on the seed of the training?

``MOTIFNET_DATA=... python -m tests.benchmarks.seeds``: on small and weak sets, is the expected family on
top for every seed; on large ones, are the best motifs the same?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, permutations

import numpy as np

from motifnet.motifs import Motif, compare
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import matrices, rank_of_family, row_of_run, significant, train
from tests.benchmarks.markdown import table, verdict

_WEAK = (
    "CTCF_GM12878_gimme",
    "KLF1_MEME",
    "TP73_gimme",
    "CRP_small_MEME",
    "LEXA_small_MEME",
    "GCN4_small_MEME",
)
_LARGE = (
    "MYC_H1-hESC_ENCODE",
    "SRF_H1-hESC_ENCODE",
    "REST_GM12878_ENCODE",
    "TCF12_H1-hESC_ENCODE",
    "POU5F1_hESC_motifcounter",
)
_WEAK_SEEDS, _LARGE_SEEDS = range(5), range(5)
_N_COMPARED, _SAME = 3, 0.95
_PREFACE = f"""
`motifnet train --seed`, otherwise with its defaults. Weak or small sets: with how many of the
{len(_WEAK_SEEDS)} seeds is a motif of the expected family (Tomtom, q < 0.05) the first of the significant
ones? `ranks` has its rank for every seed, a dash where it is not significant. Large sets: the first
{_N_COMPARED} significant motifs of every seed are laid over those of every other in the way that suits them
best; `least similarity` is the smallest of all pairs so laid (cosine of the deviations from equal bases; 1
for the same motif). Where runs have fewer than {_N_COMPARED} significant motifs, those that there are are
compared, and a motif without a partner has a similarity of 0.
"""


def cases() -> Iterator[Case]:
    """Every set with every seed."""
    for kind, names, seeds in (("weak", _WEAK, _WEAK_SEEDS), ("large", _LARGE, _LARGE_SEEDS)):
        for name in names:
            for seed in seeds:
                yield Case(
                    f"{kind}/{name}/{seed}",
                    lambda context, name=name, seed=seed: _measure(context, name, seed),
                )


def _measure(context: Context, name: str, seed: int) -> Row:
    folder, job = train(context, (*sets.arguments(name), "--seed", str(seed)))
    if job.error:
        return row_of_run(job)
    found = significant(folder)
    columns = {
        "rank": rank_of_family(sets.TF_SETS[name], found),
        "n_significant": len(found),
        "first": [_kept(motif) for motif in matrices(folder)[:_N_COMPARED]],
    }
    return row_of_run(job, columns)


def _kept(motif: Motif) -> dict[str, object]:
    return {"consensus": motif.consensus, "probabilities": motif.probabilities.round(4).tolist()}


def tables(rows: Sequence[Row]) -> str:
    """A table of the weak sets and one of the large ones."""
    weak = [_ranks(name, own) for name, own in _by_set(rows, "weak")]
    large = [_agreement(name, own) for name, own in _by_set(rows, "large")]
    on_top = sum(row["on top"] == len(_WEAK_SEEDS) for row in weak)
    same = sum(row["least similarity"] > _SAME for row in large if row["least similarity"] is not None)
    parts = [
        table(weak, ("set", "on top", "ranks", "significant motifs", "CPU s, mean")),
        verdict(f"On top with all {len(_WEAK_SEEDS)} seeds", on_top, len(weak)),
        table(large, ("set", "seeds", "least similarity", "first motifs")),
        verdict(f"Least similarity above {_SAME}", same, len(large)),
    ]
    return "\n\n".join(parts)


def _by_set(rows: Sequence[Row], kind: str) -> Iterator[tuple[str, list[Row]]]:
    """The rows of each set; rows of one set follow each other."""
    own = (row for row in rows if row["case"].startswith(f"{kind}/") and "error" not in row)
    for name, group in groupby(own, lambda row: row["case"].split("/")[1]):
        yield name, list(group)


def _ranks(name: str, rows: Sequence[Row]) -> Row:
    return {
        "set": name,
        "on top": sum(row["rank"] == 1 for row in rows),
        "ranks": ", ".join(str(row["rank"] or "–") for row in rows),
        "significant motifs": ", ".join(str(row["n_significant"]) for row in rows),
        "CPU s, mean": float(np.mean([row["cpu_seconds"] for row in rows])),
    }


def _agreement(name: str, rows: Sequence[Row]) -> Row:
    first = [row["first"] for row in rows]
    pairs = [(a, b) for i, a in enumerate(first) for b in first[:i]]
    return {
        "set": name,
        "seeds": len(rows),
        "least similarity": min((least_similarity(*map(_arrays, pair)) for pair in pairs), default=None),
        "first motifs": "; ".join(" ".join(motif["consensus"] for motif in motifs) for motifs in first),
    }


def _arrays(motifs: Sequence[dict[str, object]]) -> list[np.ndarray]:
    return [np.array(motif["probabilities"]) for motif in motifs]


def least_similarity(ours: Sequence[np.ndarray], theirs: Sequence[np.ndarray]) -> float:
    """The smallest similarity of partners, when motifs are paired so that it is as large as can be.

    Parameters
    ----------
    ours, theirs : sequence of numpy.ndarray, shape=(4, width)
        Probabilities; where one side has more motifs, what is left over has no partner.

    Returns
    -------
    float
        0 where a motif has no partner, 1 where there are no motifs on either side.
    """
    if len(ours) != len(theirs):
        return 0.0
    alike = np.array([[compare.similarity(a, b) for b in theirs] for a in ours])
    return max(
        min((alike[i, j] for i, j in enumerate(order)), default=1.0)
        for order in permutations(range(len(ours)))
    )


SEEDS = Benchmark("seeds", "The same with every seed", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(SEEDS)
