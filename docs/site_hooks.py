"""What the site needs beside the documents.

Links that lead out of their folder lead to the repository, and fences of code have a language alone.
"""

from __future__ import annotations

import re
from typing import Any

_REPOSITORY = "https://github.com/motifnet/motifnet/blob/main/"
_OUTSIDE = re.compile(r"\]\((?:\.\./)+((?:README|CONTRIBUTING|workflows|tests|data|LICENSE)[^)]*)\)")

_FENCE = re.compile(r"^(```\w+) .*$", re.MULTILINE)  # what follows the language is for the tests of documents


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """The text of a page, as mkdocs asks for it."""
    depth = page.file.src_uri.count("/")
    markdown = _FENCE.sub(r"\1", markdown)
    return _OUTSIDE.sub(lambda found: _link(found, depth), markdown)


def _link(found: re.Match[str], depth: int) -> str:
    is_outside = found[0].count("../") > depth
    return f"]({_REPOSITORY}{found[1]})" if is_outside else found[0]
