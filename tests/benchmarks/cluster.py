"""Families of motifs: agreement with what is known of the proteins, and the cost for all of JASPAR.

``MOTIFNET_DATA=... python -m tests.benchmarks.cluster`` needs pyjaspar, for the classes of the proteins.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from motifnet.io import read_motifs
from motifnet.kernels.motif_pairs import similarities
from motifnet.motifs import Motif, tomtom
from motifnet.motifs.cluster import cluster
from tests.benchmarks import sets
from tests.benchmarks.benchmark import Benchmark, Case, Context, Row, command_line
from tests.benchmarks.jobs import row_of_run, run
from tests.benchmarks.markdown import met, table

_TAXA = ("vertebrates", "plants", "fungi", "insects")
_CLOSE = 1e-4  # p-value below which a motif is of the cluster whose consensus it resembles most
_LIMIT_SECONDS = 60
_STRONGEST = 20  # -log10 p from which motifs are as alike as can be, for the comparison with Tomtom
_TOMTOM_LIMIT = 0.8  # of the distance made of it, chosen on vertebrates
_COLUMNS = ("motifs", "families", "families of proteins", "classes of proteins", "clusters of JASPAR")
_PREFACE = f"""
Adjusted Rand index of the families of `motifnet cluster` with what JASPAR says of the proteins (family and
class, of those that have one) and with its clusters of 2024. Their file tells consensus motifs but no
members, so a motif is counted to the cluster whose consensus it resembles most by Tomtom, if p <
{_CLOSE:g}; plants and fungi have few there. `tomtom` is average linkage of -log10 p, mean of both directions.
Measure, linkage and both limits were chosen on the vertebrates: the other taxa are the test. Single,
complete and average linkage were tried, of the cosine of matrices, of correlation over shared columns times
their share (RSAT's), of correlations of single columns, and of Tomtom's p-value; average linkage was best
in nearly all cases, and the cosine about as good as the p-value, which depends on what else is in the set.
"""


def cases() -> Iterator[Case]:
    """Each taxon by itself, all together, and the whole job."""
    for taxon in _TAXA:
        yield Case(f"agreement/{taxon}", lambda context, taxon=taxon: _agreement(_motifs(taxon)))
    yield Case(
        "agreement/all", lambda context: _agreement([one for taxon in _TAXA for one in _motifs(taxon)])
    )
    yield Case("job", _whole_job)


def _motifs(taxon: str) -> list[Motif]:
    return read_motifs(sets.data() / f"motifdb/JASPAR2022_{taxon}.pfm.gz")


def _agreement(motifs: Sequence[Motif]) -> Row:
    found = cluster(motifs, similarities=similarities)
    ours = np.zeros(len(motifs), int)
    for number, family in enumerate(found.families):
        ours[[member.index for member in family.members]] = number
    return {
        "motifs": len(motifs),
        **{f"cosine/{name}": value for name, value in _indices(motifs, ours).items()},
        **{f"tomtom/{name}": value for name, value in _indices(motifs, _by_tomtom(motifs)).items()},
    }


def _indices(motifs: Sequence[Motif], groups: np.ndarray) -> Row:
    """Number of groups, and their agreement with each truth, of the motifs that it is known of."""
    from sklearn.metrics import adjusted_rand_score

    truths = dict(zip(_COLUMNS[2:], _truths(motifs), strict=True))
    scores = {}
    for name, labels in truths.items():
        known = [i for i, label in enumerate(labels) if label]
        scores[name] = round(float(adjusted_rand_score([labels[i] for i in known], groups[known])), 3)
    return {"families": len(set(groups.tolist())), **scores}


def _truths(motifs: Sequence[Motif]) -> Iterator[list[str]]:
    """Family and class of the protein of each motif, and its cluster; empty where there is not one."""
    proteins = [_proteins().get(motif.name.partition("_")[0], ("", "")) for motif in motifs]
    yield [family for family, _ in proteins]
    yield [name for _, name in proteins]
    consensus = read_motifs(sets.data() / "motifdb/jaspar_2024_consensus.meme.gz")
    p_values = tomtom.compare(motifs, consensus).p_values
    nearest = [consensus[i].name for i in p_values.argmin(1)]
    yield [name if p < _CLOSE else "" for name, p in zip(nearest, p_values.min(1), strict=True)]


@cache
def _proteins() -> dict[str, tuple[str, str]]:
    """Family and class by matrix identifier."""
    from pyjaspar import jaspardb

    entries = jaspardb(release="JASPAR2022").fetch_motifs(collection="CORE")
    return {one.matrix_id: (_only(one.tf_family), _only(one.tf_class)) for one in entries}


def _only(names: Sequence[str] | None) -> str:
    return names[0] if names and len(names) == 1 else ""


def _by_tomtom(motifs: Sequence[Motif]) -> np.ndarray:
    """Groups by average linkage of p-values."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    strength = -np.log10(np.maximum(tomtom.compare(motifs, motifs).p_values, 1e-40))
    distances = 1 - np.minimum((strength + strength.T) / (2 * _STRONGEST), 1)
    np.fill_diagonal(distances, 0)
    return fcluster(linkage(squareform(distances, checks=False), "average"), _TOMTOM_LIMIT, "distance")


def _whole_job(context: Context) -> Row:
    path, output = str(sets.data() / "motifdb/JASPAR2022.pfm.gz"), str(context.scratch / "families")
    command = [sys.executable, "-m", "motifnet", "cluster", path, "-o", output, "--threads", "1"]
    job = run(command, context.scratch)
    return row_of_run(job, {} if job.error else {"said": job.output.splitlines()[0]})


def tables(rows: Sequence[Row]) -> str:
    """Agreement by taxon and measure, and the cost of the whole job."""
    done = {row["case"]: row for row in rows if "error" not in row}
    lines = [
        {"set": name.partition("/")[2], "by": measure, "motifs": row["motifs"], **_of(measure, row)}
        for name, row in done.items()
        if name.startswith("agreement/")
        for measure in ("cosine", "tomtom")
    ]
    parts = [table(lines, ("set", "by", *_COLUMNS))] if lines else []
    if "job" in done:
        row = done["job"]
        wanted = f"wanted: under {_LIMIT_SECONDS} s; {met(row['seconds'] < _LIMIT_SECONDS)}"
        parts.append(
            f"`motifnet cluster` of JASPAR 2022 CORE, all taxa ({row['said']}), with all figures and pages: "
            f"{row['seconds']} s, {row['cpu_seconds']} CPU s, {row['peak_mb']} MB ({wanted})."
        )
    return "\n\n".join(parts) or "Families: nothing measured yet."


def _of(measure: str, row: Row) -> Row:
    return {name.partition("/")[2]: value for name, value in row.items() if name.startswith(f"{measure}/")}


CLUSTER = Benchmark("cluster", "Families of motifs", _PREFACE, cases, tables)

if __name__ == "__main__":
    command_line(CLUSTER)
