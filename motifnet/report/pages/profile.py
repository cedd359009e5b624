"""The page of a profile: its logo with the gaps, the models that were compared, the sites aligned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from motifnet.config.profile import ProfileConfig
from motifnet.io.profiles import ProfileSite
from motifnet.motifs import Motif
from motifnet.report.drawing.profile_logo import GapTracks, SpacerTrack, profile_logo_svg
from motifnet.report.numerals import decimal, plural
from motifnet.report.pages.filling import fill_page
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.pages.settings import settings
from motifnet.report.tables.given_motifs import GivenMotif

MOST_ROWS = 100
"""Sites that are shown."""

PAGES.register("profile")("profile.html")


class ProfileModel(NamedTuple):
    """A model that was compared.

    Parameters
    ----------
    name : str
        What gaps it has, in a few words.
    width, n_free : int
        Columns, and parameters that are free.
    log_likelihood, bic : float
    is_chosen : bool
    """

    name: str
    width: int
    n_free: int
    log_likelihood: float
    bic: float
    is_chosen: bool


@dataclass(frozen=True, eq=False)
class ProfileResult:
    """What the page shows.

    Parameters
    ----------
    title : str
    motif : Motif
        The match columns; with columns of background for a spacer.
    gaps : GapTracks
    spacer : SpacerTrack or None
    models : sequence of ProfileModel
        The first of sequences without a site, the second without gaps.
    rows : sequence of (ProfileSite, str)
        Some sites, and their rows of the alignment.
    n_sequences, n_sites : int
        All of them.
    warnings : sequence of str
    record : mapping
        How to run the same again: command, options, versions.
    """

    title: str
    motif: Motif
    gaps: GapTracks
    spacer: SpacerTrack | None
    models: Sequence[ProfileModel]
    rows: Sequence[tuple[ProfileSite, str]]
    n_sequences: int
    n_sites: int
    warnings: Sequence[str] = ()
    record: Mapping[str, object] = field(default_factory=dict)


class ProfileColumn(NamedTuple):
    """A column as it is shown."""

    consensus: str
    shares: list[float]
    bits: float
    deleted: float
    opened: float
    mean_insert: float


def render_profile(result: ProfileResult, files: Sequence[PageFile] = ()) -> str:
    """A profile as one self-contained HTML page, which loads nothing from the network.

    Parameters
    ----------
    result : ProfileResult
    files : sequence of PageFile
        What lies beside the page.

    Returns
    -------
    str
        A whole page.

    Examples
    --------
    >>> import numpy as np
    >>> motif = Motif("profile", 9 * np.eye(4)[:, [2, 0, 3, 0]])
    >>> none = np.zeros(4)
    >>> models = [
    ...     ProfileModel("no site", 0, 0, -90.0, 180.0, False),
    ...     ProfileModel("without gaps", 4, 12, -30.0, 90.0, True),
    ... ]
    >>> result = ProfileResult("ours", motif, GapTracks(none, none, none), None, models, [], 9, 9)
    >>> "9 of 9 sequences have a site of 4 columns, without gaps: GATA." in render_profile(result)
    True
    """
    return fill_page(
        "profile",
        files=files,
        given={"m1": GivenMotif(result.motif)},
        result=result,
        n_sites=result.n_sites,
        chosen=next(one.name for one in result.models if one.is_chosen),
        preferred=_preferred(result.models),
        logo=Markup(profile_logo_svg(result.motif, result.spacer or result.gaps, shared=True)),
        columns=_columns(result),
        settings=settings(result.record, ProfileConfig),
    )


def _preferred(models: Sequence[ProfileModel]) -> str:
    """Which model the data prefer, in a sentence."""
    _, gapless, *gapped = models
    if not gapped:
        return "No model with gaps was tried."
    best = min(gapped, key=lambda one: one.bic)
    n_more = best.n_free - gapless.n_free
    more = plural(n_more, "more parameter") if n_more >= 0 else f"{plural(-n_more, 'parameter')} less"
    by = f"BIC is smaller by {decimal(abs(gapless.bic - best.bic), 1)}"
    if best.bic < gapless.bic:
        return f"Best of those with gaps or a spacer: {best.name}. {by} than without, for {more}."
    return f"The spacing does not vary: {by} without gaps, which would take {more}."


def _columns(result: ProfileResult) -> list[ProfileColumn]:
    motif, gaps = result.motif, result.gaps
    return [
        ProfileColumn(*each)
        for each in zip(
            motif.consensus,
            motif.probabilities.T.tolist(),
            motif.information.tolist(),
            gaps.deleted.tolist(),
            gaps.opened.tolist(),
            gaps.mean_insert.tolist(),
            strict=True,
        )
    ]
