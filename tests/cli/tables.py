"""Tables that commands write, as tests read them."""

from __future__ import annotations

import csv
from pathlib import Path


def table(path: Path) -> list[dict[str, str]]:
    """Rows of a table with tabs, by the names of its columns."""
    with path.open() as handle:
        return list(csv.DictReader(handle, delimiter="\t"))
