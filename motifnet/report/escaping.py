"""Text that may stand in XML: names come from file names and databases, and may hold anything."""

from __future__ import annotations

import re
from html import escape as _escape

# What XML 1.0 forbids: most control characters, lone surrogates (a file name that is not UTF-8
# becomes some) and the two non-characters.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The text with every character that XML forbids replaced by U+FFFD.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> legal("a\\x00b") == "a\\ufffdb"
    True
    """
    return _FORBIDDEN.sub("\ufffd", text)


def escape(text: str) -> str:
    """The text as it may stand in an element or a quoted attribute.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> escape('<script> & "co"')
    '&lt;script&gt; &amp; &quot;co&quot;'
    """
    return _escape(legal(text))


def describe(title: str, description: str = "") -> str:
    """The ``<title>`` and ``<desc>`` that a screen reader reads of an SVG drawing.

    Parameters
    ----------
    title : str
        What the drawing is, in a few words.
    description : str
        What it shows, in a sentence.

    Returns
    -------
    str

    Examples
    --------
    >>> describe("ROC curve", "AUROC 0.9.")
    '<title>ROC curve</title><desc>AUROC 0.9.</desc>'
    """
    extra = f"<desc>{escape(description)}</desc>" if description else ""
    return f"<title>{escape(title)}</title>{extra}"
