"""The page of simulated sequences: what was planted, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from motifnet.config.simulate import SimulateConfig
from motifnet.datasets.simulate import Planted, PlantedSite
from motifnet.motifs import Motif
from motifnet.report.charts.positions import small_position_histogram
from motifnet.report.charts.strips import Layer, SequenceStrip, strips_chart
from motifnet.report.display_names import display_name
from motifnet.report.drawing.logo import logo_svg
from motifnet.report.numerals import count
from motifnet.report.pages.filling import fill_page
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.pages.settings import settings
from motifnet.report.tables.given_motifs import GivenMotif
from motifnet.report.tables.motif_rows import SCALE

_MOST_DRAWN = 40  # targets

PAGES.register("simulation")("simulation.html")


@dataclass(frozen=True, eq=False)
class SimulationResult:
    """What the page shows.

    Parameters
    ----------
    title : str
    planted : sequence of Planted
    lengths : mapping of str to int
        Bases of each target, by name, in their order.
    truth : sequence of PlantedSite
    n_controls : int
    record : mapping
        How to run the same again: command, options, versions.
    """

    title: str
    planted: Sequence[Planted]
    lengths: Mapping[str, int]
    truth: Sequence[PlantedSite]
    n_controls: int = 0
    record: Mapping[str, object] = field(default_factory=dict)


class PlantedRow(NamedTuple):
    """A motif as it is shown."""

    motif: Motif
    logo: Markup
    share: float
    held: float
    n_targets: int
    n_sites: int
    n_reverse: int
    positions: Markup


def render_simulation(result: SimulationResult, files: Sequence[PageFile] = ()) -> str:
    """Simulated sequences as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : SimulationResult
    files : sequence of PageFile
        What lies beside the page.

    Returns
    -------
    str
        A whole page.

    Examples
    --------
    >>> gata = Planted(Motif("GATA", 9 * np.eye(4)[:, [2, 0, 3, 0]]), share=0.5)
    >>> truth = [PlantedSite("target1", "GATA", 3, 7, "+", "GATA")]
    >>> result = SimulationResult("made", [gata], {"target1": 20, "target2": 20}, truth)
    >>> "1 site of 1 motif in 2 targets." in render_simulation(result)
    True
    """
    rows = [_row(one, result) for one in result.planted]
    told, picture = _picture(result)
    return fill_page(
        "simulation",
        files=files,
        given={f"m{number}": GivenMotif(row.motif) for number, row in enumerate(rows, start=1)},
        result=result,
        rows=rows,
        told=told,
        picture=Markup(picture),
        settings=settings(result.record, SimulateConfig),
    )


def _row(one: Planted, result: SimulationResult) -> PlantedRow:
    sites = [site for site in result.truth if site.motif == one.motif.name]
    distances = np.array([(site.start + site.end - result.lengths[site.sequence]) / 2 for site in sites])
    half = max(float(np.percentile(list(result.lengths.values()), 95)) / 2, 10.0)
    n_targets = len({site.sequence for site in sites})
    return PlantedRow(
        one.motif,
        Markup(logo_svg(one.motif, positions=False, shared=True, scale=SCALE)),
        one.share,
        n_targets / len(result.lengths),
        n_targets,
        len(sites),
        sum(site.strand == "-" for site in sites),
        Markup(small_position_histogram(distances, half, one.motif.name) if sites else ""),
    )


def _picture(result: SimulationResult) -> tuple[str, str]:
    """What the picture shows, and the picture; empty where nothing was planted."""
    if not result.truth:
        return "", ""
    names = [one.motif.name for one in result.planted]
    drawn = list(result.lengths)[:_MOST_DRAWN]
    layers: dict[str, list[Layer]] = {name: [] for name in drawn}
    for site in result.truth:
        if site.sequence in layers:
            side = np.array([-1.0 if site.strand == "-" else 1.0])
            edges = np.array([site.start, site.end])
            layers[site.sequence].append(Layer(names.index(site.motif) + 1, edges, side))
    strips = [SequenceStrip(name, result.lengths[name], layers[name]) for name in drawn]
    which = "All targets" if len(drawn) == len(result.lengths) else f"The first {len(drawn)} targets"
    told = (
        f"{which} of {count(len(result.lengths))}, each a line. Boxes above the line are sites on its "
        "strand, those below on the other."
    )
    legend = [display_name(one.motif) for one in result.planted[:5]]
    if len(names) > len(legend):
        legend.append(display_name(result.planted[5].motif) if len(names) == 6 else "others")
    return told, strips_chart(strips, "What was planted where", told, legend)
