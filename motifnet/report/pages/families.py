"""The page of families: the tree, each family's motif, its members aligned, in one HTML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from motifnet.config.cluster import ClusterConfig
from motifnet.motifs import Motif
from motifnet.motifs.cluster import Family
from motifnet.motifs.reproducibility import Reproduced
from motifnet.report.display_names import display_name
from motifnet.report.drawing.logo import logo_svg
from motifnet.report.drawing.tree import tree_svg
from motifnet.report.drawing.tree_layout import TreeDrawing
from motifnet.report.pages.filling import fill_page
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.pages.settings import settings
from motifnet.report.tables.given_motifs import GivenMotif, LaterLogo, told_tracks
from motifnet.report.tables.motif_rows import SCALE

MOST_FAMILIES = 500
"""Families that are drawn."""

MOST_MEMBERS = 20
"""Members of a family whose logos are drawn."""

_MOST_DRAWN = 40  # families whose logos are drawn at once; others are where they are looked at
_MOST_UNFOLDED = 100  # families of a tree that is seen at once

PAGES.register("families")("families.html")


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
    record : mapping
        How to run the same again: command, options, versions.
    """

    title: str
    motifs: Sequence[Motif]
    source_of: Sequence[str]
    families: Sequence[Family]
    tree: TreeDrawing | None
    reproduced: Sequence[Reproduced]
    sources: Sequence[str]
    record: Mapping[str, object] = field(default_factory=dict)


class DrawnFamily(NamedTuple):
    """A family as it is shown."""

    family: Family
    logo: Markup
    members: list[tuple[str, str]]
    """Name and source of each."""
    tracks: str
    """What is drawn of its first members, aligned."""


def render_families(result: FamilyResult, files: Sequence[PageFile] = ()) -> str:
    """Families as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : FamilyResult
    files : sequence of PageFile
        What lies beside the page.

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
    shown = [
        _shown(number, family, result)
        for number, family in enumerate(result.families[:MOST_FAMILIES], start=1)
    ]
    return fill_page(
        "families",
        files=files,
        given=_given(shown, result.motifs),
        result=result,
        shown=shown,
        tree=None if result.tree is None else Markup(tree_svg(result.tree, shared=True)),
        most_members=MOST_MEMBERS,
        most_unfolded=_MOST_UNFOLDED,
        scale=SCALE,
        settings=settings(result.record, ClusterConfig),
    )


def _given(shown: Sequence[DrawnFamily], motifs: Sequence[Motif]) -> dict[str, GivenMotif]:
    """The motifs of families, and their members, by the keys that the template names."""
    given = {f"f{number}": GivenMotif(one.family.motif) for number, one in enumerate(shown, start=1)}
    of_several = (one.family for one in shown if len(one.members) > 1)
    return given | {f"m{i}": GivenMotif(motifs[i]) for family in of_several for i, *_ in family.members}


def _shown(number: int, family: Family, result: FamilyResult) -> DrawnFamily:
    members = [(display_name(result.motifs[i]), result.source_of[i]) for i, *_ in family.members]
    is_drawn = number <= _MOST_DRAWN
    logo = logo_svg(family.motif, positions=False, shared=True, scale=SCALE) if is_drawn else ""
    aligned = [
        LaterLogo(f"m{i}", offset, reverse, named=True)
        for i, offset, reverse, _ in family.members[:MOST_MEMBERS]
    ]
    tracks = told_tracks([LaterLogo(f"f{number}", named=True), *aligned])
    return DrawnFamily(family, Markup(logo), members, tracks)
