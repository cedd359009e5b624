"""Templates: where they are, and how one is filled. All values are escaped unless they are markup."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from motifnet import __version__
from motifnet.motifs.logo_letters import SCHEMES
from motifnet.report import numerals
from motifnet.report.drawing.dotplot import STYLES
from motifnet.report.drawing.glyphs import BASES
from motifnet.report.drawing.logo_svg import glyph_definitions
from motifnet.report.escaping import legal

TEMPLATES = Path(__file__).parent / "templates"


def fill_template(template: str, **values: object) -> Markup:
    """A template of :data:`TEMPLATES`, filled.

    Parameters
    ----------
    template : str
        File name.
    **values : object
        What the template names; a name that is missing is an error.

    Returns
    -------
    Markup

    Examples
    --------
    >>> fill_template("dropped.html", dropped=[]).splitlines()[0]
    Markup('<details>')
    """
    return Markup(_environment().get_template(template).render(**values))


def fill_motif_page(template: str, **values: object) -> str:
    """A whole page, with the outlines and colours that its ``shared`` logos refer to.

    Parameters
    ----------
    template : str
        File name.
    **values : object
        What the template names besides.

    Returns
    -------
    str
    """
    page = fill_template(
        template,
        glyphs=Markup(glyph_definitions()),
        palettes={name: dict(zip(BASES, colours, strict=True)) for name, colours in SCHEMES.items()},
        version=__version__,
        **values,
    )
    return legal(page)


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, STYLES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    shown = ("count", "decimal", "percent", "fold", "power", "small", "duration", "plural")
    environment.filters.update({name: getattr(numerals, name) for name in shown})
    return environment
