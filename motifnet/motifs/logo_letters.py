"""The letters of a logo on the axes of a picture, drawn by logomaker; and the colours of all logos."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from motifnet.caches import prepare_plot_cache
from motifnet.errors import UnknownName
from motifnet.motifs.letter_heights import Scale

if TYPE_CHECKING:
    from logomaker import Logo
    from matplotlib.axes import Axes

# The fixed 0-2 bits of a column and these hues (A green, C blue, G orange, T red) are what readers
# of logos expect. The second scheme keeps the order of hues but spreads their lightness, so that
# no two letters meet under red-, green- or blue-blindness.
SCHEMES: Mapping[str, tuple[str, str, str, str]] = {
    "classic": ("#109648", "#255C99", "#F7B32B", "#D62839"),
    "colour-blind-safe": ("#33A98B", "#1F4E9E", "#F2B632", "#A3230F"),
}

_FONT = "DejaVu Sans"  # comes with matplotlib, and its bold letters are the outlines of SVG

_TRACE = 1e-12  # of a letter, which no eye sees
_COLUMN, _HEIGHT, _MARGIN = 0.28, 1.6, 0.8  # inches of a figure of its own


def colours(scheme: str) -> tuple[str, str, str, str]:
    """The colours of A, C, G and T, which is that of U as well.

    Parameters
    ----------
    scheme : str
        ``"classic"`` or ``"colour-blind-safe"``.

    Returns
    -------
    tuple of four str

    Raises
    ------
    UnknownName
        If there is no such scheme.

    Examples
    --------
    >>> colours("classic")[0]
    '#109648'
    """
    if scheme not in SCHEMES:
        raise UnknownName("colour scheme", scheme, SCHEMES)
    return SCHEMES[scheme]


def drawn_letters(
    heights: np.ndarray,
    bases: str,
    ax: Axes | None,
    *,
    scale: Scale,
    colours: Sequence[str],
    first_position: int = 1,
    **style: Any,
) -> Logo:
    """Letters that stand on a line, or hang from it, beside their axis.

    Parameters
    ----------
    heights : numpy.ndarray, shape=(4, width)
        Of the letters; those of negative height hang from the line, upside down.
    bases : str
        The letters of the rows.
    ax : matplotlib.axes.Axes or None
        Where to draw; ``None`` for a figure of its own, made by pyplot.
    scale : Scale
        What the heights are measured by.
    colours : sequence of str
        Of the rows.
    first_position : int
        Number of the first column.
    **style
        Anything else that :class:`logomaker.Logo` takes.

    Returns
    -------
    logomaker.Logo

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> logo = drawn_letters(np.eye(4), "ACGT", ax, scale=Scale(0, 1, "probability"), colours=["k"] * 4)
    >>> logo.ax.get_ylim(), [glyph.c for glyph in logo.glyph_list if glyph.patch is not None]
    ((np.float64(0.0), np.float64(1.0)), ['A', 'C', 'G', 'T'])
    """
    prepare_plot_cache()
    # A second of CPU time, for those who draw alone.
    from logomaker import Logo
    from pandas import DataFrame

    width = heights.shape[1]
    positions = range(first_position, first_position + width)
    # Logomaker's sort leaves the order of equal letters to the processor: let the later be a trace larger.
    apart = heights.T * (1 + _TRACE * np.arange(len(bases)))
    table = DataFrame(apart, index=positions, columns=list(bases))
    own = {
        "color_scheme": dict(zip(bases, colours, strict=True)),
        "font_name": _FONT,
        "dont_stretch_more_than": "I",  # the narrowest letter: all letters fill their columns
        "figsize": (_MARGIN + _COLUMN * width, _HEIGHT),
    }
    with warnings.catch_warnings():
        # All letters may be of height 0; the limits that logomaker then takes are replaced below.
        warnings.filterwarnings("ignore", "Attempting to set identical low and high ylims")
        logo = Logo(table, ax=ax, **(own | style))
    logo.ax.set_ylim(scale.bottom, scale.top)
    logo.ax.set_yticks(scale.values, [f"{value:g}" for value in scale.values])
    logo.ax.set_ylabel(scale.label)
    logo.style_spines(visible=False)
    logo.style_spines(spines=("left",), visible=True)
    return logo
