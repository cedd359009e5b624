"""The page of families: the tree, each family's motif, its members aligned, in one HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from markupsafe import Markup

from motifnet.motifs import Motif
from motifnet.motifs.cluster import Family
from motifnet.motifs.reproducibility import Reproduced
from motifnet.report.display_names import display_name
from motifnet.report.drawing.logo import logo_svg
from motifnet.report.drawing.logo_set import stacked
from motifnet.report.drawing.tree import tree_svg
from motifnet.report.drawing.tree_layout import TreeDrawing
from motifnet.report.pages.filling import fill_motif_page

MOST_FAMILIES = 500
"""Families that are drawn."""

MOST_MEMBERS = 20
"""Members of a family whose logos are drawn."""


@dataclass(frozen=True, eq=False)
class FamilyResult:
    """What the page shows.

    Parameters
    ----------
    title : str
    motifs : sequence of Motif
        All that were clustered.
    source_of : sequence of str
        Where each is from.
    families : sequence of Family
        Largest first.
    tree : TreeDrawing or None
        None where it is too large for a page.
    reproduced : sequence of Reproduced
        Where motifs are from several sources: how many of these found each family.
    sources : sequence of str
        All sources.
    """

    title: str
    motifs: Sequence[Motif]
    source_of: Sequence[str]
    families: Sequence[Family]
    tree: TreeDrawing | None
    reproduced: Sequence[Reproduced]
    sources: Sequence[str]


class DrawnFamily(NamedTuple):
    """A family as it is shown."""

    family: Family
    logo: Markup
    members: list[tuple[str, str]]
    """Name and source of each."""
    logos: Markup
    """Of its first members, aligned; empty where it has but one."""


def render_families(result: FamilyResult) -> str:
    """Families as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : FamilyResult

    Returns
    -------
    str
        A whole page.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.motifs.cluster import cluster
    >>> motifs = [Motif(name, 9 * np.eye(4)[:, [2, 2, 3, 2, 0]]) for name in ("one", "two")]
    >>> result = FamilyResult("ours", motifs, ["a", "a"], cluster(motifs).families, None, [], ["a"])
    >>> "2 motifs form 1 family." in render_families(result)
    True
    """
    return fill_motif_page(
        "families.html",
        kind="families",
        result=result,
        shown=[_shown(family, result) for family in result.families[:MOST_FAMILIES]],
        tree=None if result.tree is None else Markup(tree_svg(result.tree, shared=True)),
        most_members=MOST_MEMBERS,
    )


def _shown(family: Family, result: FamilyResult) -> DrawnFamily:
    members = [(display_name(result.motifs[i]), result.source_of[i]) for i, *_ in family.members]
    logo = Markup(logo_svg(family.motif, positions=False, shared=True))
    aligned = _aligned(family, result.motifs) if len(members) > 1 else Markup("")
    return DrawnFamily(family, logo, members, aligned)


def _aligned(family: Family, motifs: Sequence[Motif]) -> Markup:
    """The family's motif above its first members."""
    members = family.members[:MOST_MEMBERS]
    return Markup(
        stacked(
            [replace(family.motif, alt_name=""), *(motifs[member.index] for member in members)],
            [0, *(member.offset for member in members)],
            [False, *(member.reverse for member in members)],
            shared=True,
        )
    )
