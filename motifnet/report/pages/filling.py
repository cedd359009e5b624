"""Templates: where they are, and how one is filled. All values are escaped unless they are markup."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from motifnet import __version__
from motifnet.motifs.logo_letters import SCHEMES
from motifnet.report import numerals
from motifnet.report.drawing.dotplot import STYLES
from motifnet.report.drawing.glyphs import BASES
from motifnet.report.drawing.logo_svg import glyph_definitions
from motifnet.report.escaping import legal
from motifnet.report.pages.page_registry import PAGES, PageFile
from motifnet.report.tables.given_motifs import GivenMotif, given_json

TEMPLATES = Path(__file__).parent / "templates"

_DECORATION = re.compile(r"(?<=\d),(?=\d)|(?<=\d)[%×]|^–$")
_PARTS_OF_A_NAME = re.compile(r"::|[_.](?=.)")


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


def fill_page(
    kind: str,
    *,
    files: Sequence[PageFile] = (),
    given: Mapping[str, GivenMotif] | None = None,
    **values: object,
) -> str:
    """A whole page, with the outlines and colours that its ``shared`` logos refer to.

    Parameters
    ----------
    kind : str
        Name in :data:`~motifnet.report.pages.page_registry.PAGES`.
    files : sequence of PageFile
        What lies beside the page.
    given : mapping of str to GivenMotif, optional
        Motifs that the page gives away, or draws when asked, by the keys that its template names.
    **values : object
        What the template names besides.

    Returns
    -------
    str
    """
    page = fill_template(
        PAGES[kind],
        kind=kind,
        files=files,
        given=given_json(given or {}),
        glyphs=Markup(glyph_definitions()),
        palettes={name: dict(zip(BASES, colours, strict=True)) for name, colours in SCHEMES.items()},
        version=__version__,
        **values,
    )
    return legal(page)


def cell(text: str) -> Markup:
    """A number as the cell of a table shows it: what decorates it is seen, and is not copied with it.

    Parameters
    ----------
    text : str
        A number of :mod:`motifnet.report.numerals`.

    Returns
    -------
    Markup

    Examples
    --------
    >>> cell("1,966"), cell("78.2%"), cell("-0.5")
    (Markup('1<i data-u=","></i>966'), Markup('78.2<i data-u="%"></i>'), Markup('-0.5'))
    """
    plain = str(escape(text.replace("\u2212", "-")))  # a true minus is no part of a number for a program
    return Markup(_DECORATION.sub(r'<i data-u="\g<0>"></i>', plain))


def breakable(name: str) -> Markup:
    """A name that may be broken where its parts meet, and not within a word.

    Parameters
    ----------
    name : str

    Returns
    -------
    Markup

    Examples
    --------
    >>> breakable("MA0139.1_CTCF"), breakable("Pou5f1::Sox2")
    (Markup('MA0139.<wbr>1_<wbr>CTCF'), Markup('Pou5f1::<wbr>Sox2'))
    """
    return Markup(_PARTS_OF_A_NAME.sub(r"\g<0><wbr>", str(escape(name))))


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
    environment.filters.update(cell=cell, breakable=breakable)
    return environment
