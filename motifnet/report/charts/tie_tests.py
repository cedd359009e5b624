"""Pictures of the test of a tie as SVG, in a page or as files, and as PNG."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from motifnet.io.text import atomic_write, writing
from motifnet.report.drawing.logo_svg import FONTS
from motifnet.report.drawing.panel import DOT_RADIUS, INK, LOOKS, MUTED, Area, Dot, Mark, Panel, Stroke
from motifnet.report.drawing.plot import svg_text
from motifnet.report.drawing.tie_test_layout import effect_panel, gain_panel, picture_panel
from motifnet.report.escaping import describe, legal
from motifnet.ties.tested import Effect, Gain, Picture, TieTest

_DPI = 200  # of a PNG: 2.8 pixels for one of the page, so that it can be printed
_LONGEST = 60  # letters of the subject in the name of a file
_NAMELESS = "test"


def picture_chart(picture: Picture) -> str:
    """A picture of a test, for a page, whose style sheet has its colours.

    Parameters
    ----------
    picture : Picture

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.ties.tested import Histogram
    >>> bars = Histogram(np.arange(3), np.array([0.2, 0.8]), np.full(2, 0.5), "distance (bp)", "Distances")
    >>> "<title>Distances</title>" in picture_chart(bars)
    True
    """
    return _svg(picture_panel(picture))


def effect_chart(effect: Effect) -> str:
    """How far the data are from the symmetry: the estimate, its interval, and a line where the tie holds.

    Parameters
    ----------
    effect : Effect

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> effect_chart(Effect("sites on the + strand", 0.6, 0.5, 0.7, 0.5)).count('class="whisker"')
    3
    """
    return _svg(effect_panel(effect))


def gain_chart(gain: Gain, margin: float) -> str:
    """What untying gains: the mean, its interval, and where it is too little to matter.

    Parameters
    ----------
    gain : Gain
    margin : float
        Largest gain that does not matter.

    Returns
    -------
    str
        An ``<svg>`` element.

    Examples
    --------
    >>> gain_chart(Gain(0.001, -0.001, 0.003, 200), 0.005).count('class="margin"')
    1
    """
    return _svg(gain_panel(gain, margin))


def picture_bytes(panel: Panel, *, format: str) -> bytes:
    """A picture as the bytes of a file that stands alone: the same bytes for the same picture.

    Parameters
    ----------
    panel : Panel
    format : {"svg", "png"}

    Returns
    -------
    bytes

    Examples
    --------
    >>> panel = effect_panel(Effect("sites on the + strand", 0.6, 0.5, 0.7, 0.5))
    >>> picture_bytes(panel, format="svg")[:4], picture_bytes(panel, format="png")[1:4]
    (b'<svg', b'PNG')
    """
    if format == "svg":
        return legal(_svg(panel, standalone=True)).encode()
    from motifnet.report.drawing.panel_painting import paint_panel

    return paint_panel(panel, dpi=_DPI)


def chart_png(picture: Picture) -> bytes:
    """A picture of a test as the bytes of a PNG.

    Parameters
    ----------
    picture : Picture

    Returns
    -------
    bytes

    Examples
    --------
    >>> import numpy as np
    >>> from motifnet.ties.tested import NullDistribution
    >>> chart_png(NullDistribution(np.arange(5), 7.0, "statistic"))[1:4]
    b'PNG'
    """
    return picture_bytes(picture_panel(picture), format="png")


def panels_of(test: TieTest, margin: float) -> list[Panel]:
    """Everything that is drawn of a test: its effect, what untying gains, and its pictures.

    Parameters
    ----------
    test : TieTest
    margin : float
        Largest gain that does not matter.

    Returns
    -------
    list of Panel

    Examples
    --------
    >>> from motifnet.ties.tested import not_applicable
    >>> panels_of(not_applicable("strand", "rna.fa", "both strands are read alike", "RNA has one."), 0.005)
    []
    """
    drawn = [effect_panel(test.effect)] if test.effect else []
    drawn += [gain_panel(test.gain, margin)] if test.gain else []
    return [*drawn, *map(picture_panel, test.pictures)]


def write_pictures(folder: Path, tests: Sequence[TieTest], margin: float) -> list[Path]:
    """Everything that is drawn of some tests as files, each as SVG and as PNG.

    They are named by the subject of the test, as far as file systems take it, and numbered from 1.

    Parameters
    ----------
    folder : Path
        Made if it is not there and there is something to write.
    tests : sequence of TieTest
    margin : float
        Largest gain that does not matter.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    UnwritableFolder
        If the folder cannot be written to.
    DiskFull
        If the disk runs full.

    Examples
    --------
    >>> from motifnet.ties.tested import not_applicable
    >>> write_pictures(Path("figures"), [not_applicable("strand", "rna.fa", "alike", "RNA has one.")], 0.005)
    []
    """
    written = []
    for name, test in zip(_file_names(tests), tests, strict=True):
        for number, panel in enumerate(panels_of(test, margin), 1):
            with writing(folder):
                folder.mkdir(parents=True, exist_ok=True)
            for format in ("svg", "png"):
                path = folder / f"{name}-{number}.{format}"
                with atomic_write(path, "wb") as handle:
                    handle.write(picture_bytes(panel, format=format))
                written.append(path)
    return written


def _file_names(tests: Sequence[TieTest]) -> list[str]:
    """Names that every file system takes and tells apart, one for each test."""
    names = [_file_name(test.subject) for test in tests]
    while len(n_same := Counter(map(str.casefold, names))) < len(names):
        # A name with its number may be that of another test, which then gets one too.
        names = [f"{name}_{i}" if n_same[name.casefold()] > 1 else name for i, name in enumerate(names, 1)]
    return names


def _file_name(subject: str) -> str:
    """A subject without what file systems do not take, or what makes a file a hidden one."""
    clean = re.sub(r"[^\w.+-]", "_", unicodedata.normalize("NFC", subject), flags=re.ASCII)
    return clean[:_LONGEST].strip(".") or _NAMELESS


def _svg(panel: Panel, *, standalone: bool = False) -> str:
    space = 'xmlns="http://www.w3.org/2000/svg" ' if standalone else ""
    size = f'width="{panel.width:g}" height="{panel.height:g}" viewBox="0 0 {panel.width:g} {panel.height:g}"'
    style = f"<style>{_own_style()}</style>" if standalone else ""
    marks = "".join(map(_mark, panel.marks))
    described = describe(panel.title, panel.description)
    return f'<svg {space}class="chart" role="img" {size}>{described}{style}{marks}</svg>'


def _own_style() -> str:
    """The style sheet of a drawing that stands alone."""
    text = (
        f"svg{{background:#ffffff;font-family:{FONTS}}}text{{font-size:12px;fill:{INK}}}"
        f".tick{{font-size:11px;fill:{MUTED}}}.middle{{text-anchor:middle}}.end{{text-anchor:end}}"
    )
    return text + "".join(f".{css.replace(' ', '.')}{{{look.css}}}" for css, look in LOOKS.items())


def _mark(mark: Mark) -> str:
    if isinstance(mark, Dot):
        return f'<circle class="{mark.css}" cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="{DOT_RADIUS}"/>'
    if isinstance(mark, Area | Stroke):
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in mark.points.tolist())
        end = "Z" if isinstance(mark, Area) else ""
        return f'<path class="{mark.css}" d="M{path}{end}"/>' if path else ""
    if mark.turned:
        place = f'transform="translate({mark.x:.1f} {mark.y:.1f}) rotate(-90)"'
        return f"<g {place}>{svg_text(0, 0, mark.text, mark.css)}</g>"
    return svg_text(mark.x, mark.y, mark.text, mark.css)
