"""The report: one HTML file that opens anywhere, offline, and prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

import motifnet.report.pages.sections  # noqa: F401 - importing the sections registers them
from motifnet.report.pages.filling import fill_page
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.pages.section_registry import in_order
from motifnet.report.tables.given_motifs import GivenMotif
from motifnet.report.tables.motif_rows import MOST_MATCHES

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult

PAGES.register("report")("report.html")


def render_run(result: RunResult, files: Sequence[PageFile] = ()) -> str:
    """A result as one self-contained HTML page.

    It loads nothing from the network. What it shows at first is there without JavaScript too, which sorts and
    filters tables, draws logos that are folded or turned, and makes files of motifs.

    Parameters
    ----------
    result : RunResult
        What a run found.
    files : sequence of PageFile
        What lies beside the page.

    Returns
    -------
    str
        A whole page.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.datasets.compose import Composition
    >>> from motifnet.discovery.results import RunResult
    >>> none, even = np.zeros(0), np.full(4, 0.25)
    >>> data = Composition(("peaks",), {"peaks": 0}, {}, 0, "none", "none", (), none, none, none, none, even)
    >>> result = RunResult("nothing", data, (), (), (), (), "Nothing was evaluated.")
    >>> render_run(result).splitlines()[0]
    '<!DOCTYPE html>'
    """
    filled = [(each, Markup(each.render(result))) for each in in_order()]
    return fill_page(
        "report",
        files=files,
        given=_given(result),
        result=result,
        sections=[(each, body) for each, body in filled if body.strip()],
    )


def _given(result: RunResult) -> dict[str, GivenMotif]:
    """The motifs, their members and known ones that are drawn below them, by the keys that sections name."""
    given = {}
    for rank, found in enumerate(result.motifs, start=1):
        sites = found.sites if found.counts else None  # as in the file of sites
        given[f"m{rank}"] = GivenMotif(found.motif, sites)
        for number, member in enumerate(found.members, start=1):
            given[f"v{rank}.{number}"] = GivenMotif(member.motif)
        for number, match in enumerate(found.matches[:MOST_MATCHES], start=1):
            given[f"k{rank}.{number}"] = GivenMotif(match.known)
    return given
