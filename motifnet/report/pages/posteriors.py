"""The page of decoded sites: how many of each motif, and how probable along the sequences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from motifnet.config.decode import DecodeConfig
from motifnet.motifs import Motif, Sites
from motifnet.motifs.sites import Site
from motifnet.report.charts.positions import small_position_histogram
from motifnet.report.charts.strips import Layer, SequenceStrip, strips_chart
from motifnet.report.display_names import database_link, display_name
from motifnet.report.drawing.logo import logo_svg
from motifnet.report.pages.filling import fill_page
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.pages.settings import settings
from motifnet.report.tables.best_rows import best_rows
from motifnet.report.tables.given_motifs import GivenMotif
from motifnet.report.tables.motif_rows import SCALE

MOST_TRACKS = 16
"""Sequences that are drawn."""

MOST_BASES = 1_000
"""Bases of a sequence that are drawn."""

_MOST_SITES = 50  # in the table
_MOST_DRAWN = 60  # logos at once
_LEAST = 0.005  # posterior of a base that is drawn: below, it is no pixel high

PAGES.register("posteriors")("posteriors.html")


class PosteriorTrack(NamedTuple):
    """A stretch of a sequence, and how probable it is that each base is in a site.

    Parameters
    ----------
    name : str
    start : int
        Where the stretch begins in the sequence, from 0.
    posterior : numpy.ndarray, shape=(n_motifs, n)
    """

    name: str
    start: int
    posterior: np.ndarray


@dataclass(frozen=True, eq=False)
class PosteriorResult:
    """What the page shows.

    Parameters
    ----------
    title : str
    motifs : sequence of Motif
    sites : sequence of Sites
        Of each motif.
    posterior : sequence of numpy.ndarray
        Of each of these sites.
    n_sites, present : numpy.ndarray, shape=(n_sequences, n_motifs)
        Expected number of sites, and the probability of at least one.
    tracks : sequence of PosteriorTrack
        What is drawn.
    warnings : sequence of str
    record : mapping
        How to run the same again: command, options, versions.
    """

    title: str
    motifs: Sequence[Motif]
    sites: Sequence[Sites]
    posterior: Sequence[np.ndarray]
    n_sites: np.ndarray
    present: np.ndarray
    tracks: Sequence[PosteriorTrack] = ()
    warnings: Sequence[str] = ()
    record: Mapping[str, object] = field(default_factory=dict)


class PosteriorRow(NamedTuple):
    """A motif as it is shown."""

    motif: Motif
    name: str
    link: str | None
    logo: Markup
    n_sites: int
    expected: float
    present: float
    mean: float
    positions: Markup


def render_posteriors(result: PosteriorResult, files: Sequence[PageFile] = ()) -> str:
    """Decoded sites as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : PosteriorResult
    files : sequence of PageFile
        What lies beside the page.

    Returns
    -------
    str
        A whole page.

    Examples
    --------
    >>> from motifnet.symbols import Sequences
    >>> gata = Motif("GATA", 9 * np.eye(4)[:, [2, 0, 3, 0]])
    >>> place = np.array([0]), np.array([2]), np.array([False]), np.array([7.5])
    >>> sites = Sites(Sequences.from_text(["CCGATACC"], ["peak"]), 4, *place)
    >>> one = np.array([[0.9]])
    >>> result = PosteriorResult("ours", [gata], [sites], [one[0]], one, one)
    >>> "1 site of 1 motif in 1 sequence; 0.9 are expected." in render_posteriors(result)
    True
    """
    rows = _rows(result)
    told, tracks = _picture(result)
    given = {
        f"m{number}": GivenMotif(motif, sites)
        for number, (motif, sites) in enumerate(zip(result.motifs, result.sites, strict=True), start=1)
    }
    return fill_page(
        "posteriors",
        files=files,
        given=given,
        result=result,
        rows=rows,
        n_sites=sum(row.n_sites for row in rows),
        n_expected=float(result.n_sites.sum()),
        n_sequences=len(result.n_sites),
        told=told,
        tracks=Markup(tracks),
        best=_best(result),
        scale=SCALE,
        settings=settings(result.record, DecodeConfig),
    )


def _rows(result: PosteriorResult) -> list[PosteriorRow]:
    lengths = [sites.sequences.lengths for sites in result.sites]
    half = max((float(np.percentile(some, 95)) / 2 for some in lengths if len(some)), default=10.0)
    rows = []
    for i, (motif, sites, posterior) in enumerate(
        zip(result.motifs, result.sites, result.posterior, strict=True)
    ):
        logo = logo_svg(motif, positions=False, shared=True, scale=SCALE) if i < _MOST_DRAWN else ""
        positions = small_position_histogram(sites.centre_distances, half, motif.name) if len(sites) else ""
        rows.append(
            PosteriorRow(
                motif,
                display_name(motif),
                database_link(motif),
                Markup(logo),
                len(sites),
                float(result.n_sites[:, i].sum()),
                float(result.present[:, i].sum()),
                float(posterior.mean()) if len(posterior) else math.nan,
                Markup(positions),
            )
        )
    return rows


def _picture(result: PosteriorResult) -> tuple[str, str]:
    """What the picture shows, and the picture; empty where there is nothing to draw."""
    if not result.tracks:
        return "", ""
    order = np.argsort(-result.n_sites.sum(0), kind="stable")
    colour = {int(i): number for number, i in enumerate(order, start=1)}
    strips = [
        SequenceStrip(
            f"{track.name}, from base {track.start + 1:,}" if track.start else track.name,
            track.posterior.shape[1],
            [_layer(colour[i], one) for i, one in enumerate(track.posterior) if one.max(initial=0) >= _LEAST],
        )
        for track in result.tracks
    ]
    names = [display_name(result.motifs[i]) for i in order[:5].tolist()]
    if len(order) > len(names):
        names.append(display_name(result.motifs[order[5]]) if len(order) == 6 else "others")
    told = (
        "The probability that a base is in a site, from 0 at the line to 1, of the sequences that the model "
        f"tells best from background. Of a sequence, {MOST_BASES:,} bases are drawn at most."
    )
    return told, strips_chart(strips, "Posterior probability of sites", told, names)


def _layer(colour: int, posterior: np.ndarray) -> Layer:
    """Bases of the same probability, to a hundredth, as one step."""
    rounded = np.where(posterior >= _LEAST, np.round(posterior, 2), 0)
    starts = np.flatnonzero(np.diff(rounded, prepend=-1.0))
    return Layer(colour, np.append(starts, len(rounded)), rounded[starts])


def _best(result: PosteriorResult) -> list[tuple[str, Site, float]]:
    """The most probable sites of each motif, with its name."""
    found = zip(result.motifs, result.sites, result.posterior, strict=True)
    return best_rows([_ranked(*one) for one in found], _MOST_SITES, key=lambda row: (-row[2], -row[1].score))


def _ranked(motif: Motif, sites: Sites, posterior: np.ndarray) -> list[tuple[str, Site, float]]:
    """The most probable sites of a motif."""
    order = np.lexsort((-sites.score, -posterior))[:_MOST_SITES]
    name = display_name(motif)
    return [(name, *one) for one in zip(sites.select(order), posterior[order].tolist(), strict=True)]
