"""Sections of the report: the plug point.

A section is one file in :mod:`motifnet.report.pages.sections` with one function from a result to HTML.
It registers itself with :func:`section`; nothing else has to be edited.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from motifnet.registry import Registry

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult

Renderer = Callable[["RunResult"], str]


class Section(NamedTuple):
    """One section of the report.

    Parameters
    ----------
    name : str
        Short name: the anchor in the page.
    heading : str
        Its heading, in the page and in the table of contents.
    place : int
        Sections stand in the order of this number.
    render : callable
        From a :class:`~motifnet.discovery.results.RunResult` to HTML below the heading; the empty
        string leaves the section out.
    """

    name: str
    heading: str
    place: int
    render: Renderer


SECTIONS: Registry[Section] = Registry("report section")


def section(name: str, *, heading: str, place: int) -> Callable[[Renderer], Renderer]:
    """Decorator that registers a function as a section.

    Parameters
    ----------
    name, heading, place
        As in :class:`Section`.

    Returns
    -------
    callable
        From a function to the same function.
    """

    def add(render: Renderer) -> Renderer:
        SECTIONS.register(name)(Section(name, heading, place, render))
        return render

    return add


def in_order() -> list[Section]:
    """All sections, as they stand in the page.

    Returns
    -------
    list of Section

    Examples
    --------
    >>> from motifnet.report.pages import sections
    >>> in_order()[0].name
    'summary'
    """
    return sorted((SECTIONS[name] for name in SECTIONS), key=lambda each: (each.place, each.name))
