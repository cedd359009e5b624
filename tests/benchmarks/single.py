"""One motif alone: how well does the best motif tell held-out peaks from shuffles, and how wide is it?

``MOTIFNET_DATA=... python -m tests.benchmarks.single``
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from motifnet.datasets.shuffle import shuffle
from motifnet.io import load_database, read_fasta, write_fasta
from motifnet.motifs import Motif, compare, matrix
from motifnet.stats.scores import auroc
from motifnet.symbols import Sequences
from motifnet.symbols.background import Background
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import matrices, row_of_run, significant, train
from tests.benchmarks.markdown import met, table, verdict

# The JASPAR matrix of each set's factor, chosen by the factor alone.
_REFERENCES = {
    "CTCF_StarkDemo": "MA0139",
    "CTCF_GM12878_gimme": "MA0139",
    "CTCFL_K562_ENCODE": "MA1102",
    "ZNF143_H1-hESC_ENCODE": "MA0088",
    "USF1_HepG2_ENCODE": "MA0093",
    "USF2_H1-hESC_ENCODE": "MA0526",
    "REST_HeLaS3_YAMDA": "MA0138",
    "REST_GM12878_ENCODE": "MA0138",
    "POU5F1_hESC_motifcounter": "MA0142",
    "FOXA1_HepG2_ENCODE": "MA0148",
    "HNF4A_HepG2_YAMDA": "MA0114",
    "MYC_H1-hESC_ENCODE": "MA0147",
    "SRF_H1-hESC_ENCODE": "MA0083",
    "TCF12_H1-hESC_ENCODE": "MA1648",
    "TP73_gimme": "MA0861",
    "GATA1_K562_YAMDA": "MA0035",
    "SPI1_StarkDemo": "MA0080",
    "KLF1_MEME": "MA0493",
    "ABF2_Arabidopsis_DAP": "MA0941",
}
# STREME 5.5.8 with its defaults on the same halves: AUROC of its first motif, and of the JASPAR 2018 matrix
# in that measurement, which had other shuffles and scored unknown bases in another way.
_STREME = {
    "KLF1_MEME": (0.710, 0.709),
    "GATA1_K562_YAMDA": (0.765, 0.761),
    "POU5F1_hESC_motifcounter": (0.690, 0.670),
    "REST_HeLaS3_YAMDA": (0.701, 0.717),
    "HNF4A_HepG2_YAMDA": (0.724, 0.762),
}
_DATABASES = ("JASPAR2018_CORE_non-redundant.meme.gz", "JASPAR2022.pfm.gz")
_SHUFFLE_SEED = 1
_PSEUDOCOUNT = 1.0
_INFORMATIVE, _WIDE = 0.25, 0.8
_AT_ONCE = 1 << 22  # windows scored at once
_COLUMNS = (
    "case",
    "motif",
    "auroc",
    "jaspar",
    "jaspar_auroc",
    "excess",
    "streme_auroc",
    "streme_excess",
    "covered",
    "similarity",
    "cpu_seconds",
)
_PREFACE = f"""
Peaks of even number (the first is 0) are given to `motifnet train`; peaks of odd number and a dinucleotide
shuffle of each are told apart by the score of the best site on either strand, with the first significant
motif and with the JASPAR matrix of the factor, scored by one and the same function: log-odds to the bases
of the even half, {_PSEUDOCOUNT:g} pseudocount, 0 for an unknown base. `jaspar` is the version of the
matrix, of those in JASPAR 2018 and 2022, that separates the odd half best, which favours JASPAR; `excess`
is ours less its. STREME's first motif was measured earlier on the same halves, but with other shuffles and
another rule for unknown bases, so that `streme_auroc` is not one of this table's numbers; `streme_excess`,
over the JASPAR 2018 matrix in that measurement, is what to compare. `covered` is the share of the
informative columns of the JASPAR matrix ({_INFORMATIVE} bits or more against equal bases) on which a column
of our motif lies when it is laid over the matrix at the offset and strand of the largest `similarity`.
"""


def cases() -> Iterator[Case]:
    """All sets whose motif is known to be there."""
    for name in sets.PASS:
        yield Case(name, lambda context, name=name: _measure(context, name))


def _measure(context: Context, name: str) -> Row:
    even, odd = halves(read_fasta(sets.targets(name)))
    path = context.scratch / "even.fa"
    write_fasta(path, even)
    folder, job = train(context, (str(path), "--motif-db", str(sets.known_motifs(name))))
    if job.error:
        return row_of_run(job)
    background, controls = Background.fit(even).probabilities, shuffle(odd, 2, _SHUFFLE_SEED)

    def area(motif: Motif) -> float:
        weights = replace(motif, background=background).log_odds(_PSEUDOCOUNT)
        return round(auroc(best_scores(odd, weights), best_scores(controls, weights)), 4)

    reference = max(_versions(_REFERENCES[name]), key=area)
    columns = {"jaspar": reference.name.split("_")[0], "jaspar_auroc": area(reference), **_of_streme(name)}
    if significant(folder):
        best = matrices(folder)[0]
        ours = area(best)
        columns |= {"motif": best.consensus, "auroc": ours, "excess": round(ours - area(reference), 4)}
        columns |= laid_over(best, reference)
    return row_of_run(job, columns)


def _of_streme(name: str) -> Row:
    if name not in _STREME:
        return {}
    ours, reference = _STREME[name]
    return {"streme_auroc": ours, "streme_excess": round(ours - reference, 4)}


def halves(peaks: Sequences) -> tuple[Sequences, Sequences]:
    """Peaks of even and of odd number."""
    number = np.arange(len(peaks))
    return peaks.select(number % 2 == 0), peaks.select(number % 2 == 1)


@cache
def _jaspar() -> list[Motif]:
    return [motif for name in _DATABASES for motif in load_database(sets.data() / "motifdb" / name).motifs]


def _versions(base_id: str) -> list[Motif]:
    return [motif for motif in _jaspar() if motif.name.split(".")[0] == base_id]


def best_scores(sequences: Sequences, weights: np.ndarray) -> np.ndarray:
    """The score of the best window of each sequence on either strand, ``shape=(n,)``.

    Written anew and plainly, so that no kernel of the library judges itself.

    Parameters
    ----------
    sequences : Sequences
        What to score; minus infinity for one that is shorter than the motif.
    weights : numpy.ndarray, shape=(4, width)
        Score of each base in each column; an unknown base scores 0.
    """
    width = weights.shape[1]
    tables = [
        np.vstack([strand, np.zeros(width)]) for strand in (weights, matrix.reverse_complement(weights))
    ]
    best = np.full(len(sequences), -np.inf)
    step = max(1, _AT_ONCE // int(sequences.lengths.max(initial=1)))
    for first in range(0, len(sequences), step):
        rows = np.arange(first, min(first + step, len(sequences)))
        codes, lengths = sequences.padded(rows)
        n_windows = codes.shape[1] - width + 1
        if n_windows < 1:
            continue
        inside = np.arange(n_windows) + width <= lengths[:, None]
        for table_ in tables:
            scores = sum(table_[codes[:, j : j + n_windows], j] for j in range(width))
            best[rows] = np.maximum(best[rows], np.where(inside, scores, -np.inf).max(1))
    return best


def laid_over(ours: Motif, reference: Motif) -> Row:
    """Similarity of a motif to a reference and the share of the reference's informative columns it covers."""
    found = compare.align_motifs(reference.probabilities, ours.probabilities)
    informative = np.flatnonzero(matrix.information(reference.probabilities) >= _INFORMATIVE)
    covered = (informative >= found.offset) & (informative < found.offset + ours.width)
    return {"similarity": round(found.similarity, 4), "covered": round(float(covered.mean()), 4)}


def tables(rows: Sequence[Row]) -> str:
    """All sets, and the means beside JASPAR's and STREME's."""
    judged = [row for row in rows if "error" not in row]
    both = [row for row in judged if "streme_excess" in row]
    wide = sum(row.get("covered", 0) >= _WIDE for row in judged)
    lines = [
        _beside("AUROC", "JASPAR", [(_area(row), row["jaspar_auroc"]) for row in judged]),
        _beside(
            "excess over JASPAR",
            "STREME",
            [(_area(row) - row["jaspar_auroc"], row["streme_excess"]) for row in both],
        ),
        verdict(f"{_WIDE:.0%} of the informative columns covered", wide, len(judged)),
    ]
    return table(rows, _COLUMNS) + "\n\n" + "\n".join(f"- {line}" for line in lines)


def _area(row: Row) -> float:
    """AUROC of our motif; a set without a significant motif counts as no skill."""
    return row.get("auroc", 0.5)


def _beside(what: str, peer: str, pairs: Sequence[tuple[float, float]]) -> str:
    """Means of ours and of theirs."""
    if not pairs:
        return f"Mean {what} beside {peer}: nothing measured yet."
    ours, theirs = np.mean(pairs, axis=0)
    bar = f"wanted: at least that; {met(ours >= theirs)}"
    return f"Mean {what} {ours:.3f}, of {peer} {theirs:.3f} ({len(pairs)} sets; {bar})."


SINGLE = Benchmark("single", "One motif alone", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(SINGLE)
