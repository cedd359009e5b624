"""The report: one HTML file that opens anywhere, offline, and prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

import motifnet.report.pages.sections  # noqa: F401 - importing the sections registers them
from motifnet.report.pages.filling import fill_motif_page
from motifnet.report.pages.section_registry import in_order

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


def render_run(result: RunResult) -> str:
    """A result as one self-contained HTML page.

    It loads nothing from the network, and all that it shows is there without JavaScript too,
    which only sorts tables and turns all logos at once.

    Parameters
    ----------
    result : RunResult
        What a run found.

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
    return fill_motif_page(
        "report.html",
        result=result,
        sections=[(each, body) for each, body in filled if body.strip()],
    )
