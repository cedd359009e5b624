"""What content is known by: a digest that tells whether any of it has changed."""

from __future__ import annotations

import hashlib
import json

from motifnet.errors import InvalidValue

KEY = "digest"
"""Under which a file of content has the digest of the rest."""


def digest(content: dict) -> str:
    """SHA-256 of the canonical JSON of a content, without what it has under :data:`KEY`.

    Keys are in order, nothing is between tokens, and numbers are as Python writes them, so that the same
    content has the same digest however a file of it is laid out.

    Parameters
    ----------
    content : dict
        What JSON can hold; no number but a finite one.

    Raises
    ------
    InvalidValue
        If a number is not finite.

    Examples
    --------
    >>> digest({"a": 1, "b": [2.5]}) == digest({"b": [2.5], "a": 1, "digest": "of anything"})
    True
    """
    rest = {name: value for name, value in content.items() if name != KEY}
    try:
        text = json.dumps(rest, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except ValueError:
        raise InvalidValue("a number of the content", "infinite or none", "a finite number") from None
    return hashlib.sha256(text.encode()).hexdigest()
