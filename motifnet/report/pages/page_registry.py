"""Pages: the plug point.

A page is one module of :mod:`motifnet.report.pages` with one function from a result to HTML, and a template.
It registers itself in :data:`PAGES`; the tests in a browser open every page that is registered.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

from motifnet.registry import Registry


class PageFile(NamedTuple):
    """A file that lies beside a page.

    Parameters
    ----------
    path : str
        As a link from the page leads to it; a folder ends with ``/``.
    what : str
        What it holds, in a few words.
    """

    path: str
    what: str = ""

    @property
    def name(self) -> str:
        """As it is read: the path without what a link needs."""
        return unquote(self.path)


PAGES: Registry[str] = Registry("page")
"""Templates of pages, by what stands above the title of each: its kind."""
