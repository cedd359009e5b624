"""Families of motifs for scripts: tab-separated tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from motifnet.motifs import Motif
from motifnet.motifs.cluster import Family
from motifnet.motifs.reproducibility import Reproduced
from motifnet.report.tables.tsv import tab_separated

_FAMILY_COLUMNS = (
    "family", "consensus", "n_members", "member", "alt_name", "source", "offset", "orientation", "similarity",
)  # fmt: skip
_REPRODUCED_COLUMNS = (
    "family", "consensus", "n_found", "n_sources", "sources", "members", "mean_spread", "column_spread",
)  # fmt: skip


def families_tsv(families: Sequence[Family], motifs: Sequence[Motif], source_of: Sequence[str]) -> str:
    """One row for each motif: its family, and where it lies in the family's motif.

    Parameters
    ----------
    families : sequence of Family
    motifs : sequence of Motif
        What they are families of.
    source_of : sequence of str
        Where each motif is from.

    Returns
    -------
    str
        A table with a header line.

    Examples
    --------
    >>> from motifnet.motifs.cluster import cluster
    >>> motifs = [Motif(name, 9 * np.eye(4)[:, [2, 2, 3, 2, 0]]) for name in ("one", "two")]
    >>> families = cluster(motifs).families
    >>> [line.split("\\t")[3] for line in families_tsv(families, motifs, ["a", "b"]).splitlines()[1:]]
    ['one', 'two']
    """
    rows = (
        (
            family.motif.name,
            family.motif.consensus,
            len(family.members),
            motifs[i].name,
            motifs[i].alt_name,
            source_of[i],
            offset,
            "-" if reverse else "+",
            f"{similarity:.4f}",
        )
        for family in families
        for i, offset, reverse, similarity in family.members
    )
    return tab_separated(_FAMILY_COLUMNS, rows)


def reproducibility_tsv(reproduced: Sequence[Reproduced], sources: Sequence[str]) -> str:
    """One row for each family: how many sources found it, and how much they differ.

    Parameters
    ----------
    reproduced : sequence of Reproduced
    sources : sequence of str
        Names of all sources.

    Returns
    -------
    str
        A table with a header line.

    Examples
    --------
    >>> from motifnet.motifs.cluster import cluster
    >>> motifs = [Motif(name, 9 * np.eye(4)[:, [2, 2, 3, 2, 0]]) for name in ("one", "two")]
    >>> families = cluster(motifs).families
    >>> from motifnet.motifs.reproducibility import reproducibility
    >>> found = reproducibility(families, motifs, [0, 1])
    >>> reproducibility_tsv(found, ["a", "b"]).splitlines()[1].split("\\t")[2:5]
    ['2', '2', 'a,b']
    """
    rows = (
        (
            one.family.motif.name,
            one.family.motif.consensus,
            len(one.runs),
            len(sources),
            ",".join(sources[run] for run in one.runs),
            len(one.family.members),
            _decimal(one.mean_spread),
            ",".join(map(_decimal, one.column_spread)),
        )
        for one in reproduced
    )
    return tab_separated(_REPRODUCED_COLUMNS, rows)


def _decimal(value: float) -> str:
    """A number with four decimals; nothing where it is not known."""
    return f"{value:.4f}" if np.isfinite(value) else ""
