"""Tables that say of which family a pair of sequences is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from motifnet.errors import FileFormatError, shown
from motifnet.io.text import numbered_lines
from motifnet.wording import counted, listed, verb

_log = logging.getLogger(__name__)

_N_COLUMNS = 2


def read_families(path: str | Path, names: Sequence[str]) -> list[str]:
    """Read the family of each pair from a table of two columns, pair and family, with tabs between.

    Lines that are empty or begin with ``#`` are left out. Pairs of the table that are not among the names are
    told of.

    Parameters
    ----------
    path : str or Path
    names : sequence of str
        Of the pairs.

    Returns
    -------
    list of str
        In the order of the names.

    Raises
    ------
    MissingFile
        If there is no such file.
    FileFormatError
        If a line has not two columns, a pair has two families, or one of the names has none.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "families.tsv")
    ...     _ = path.write_text("globin1\\tglobins\\nglobin2\\tglobins\\nhox1\\thox\\n")
    ...     read_families(path, ["hox1", "globin2", "globin1"])
    ['hox', 'globins', 'globins']
    """
    found: dict[str, str] = {}
    for number, line in numbered_lines(path, "table of families"):
        if not line.strip() or line.startswith("#"):
            continue
        columns = [part.strip() for part in line.split("\t")]
        if len(columns) != _N_COLUMNS or not all(columns):
            raise FileFormatError(path, "expected two columns, pair and family, with a tab between", number)
        name, family = columns
        if found.setdefault(name, family) != family:
            problem = (
                f"pair {shown(name)!r} is of family {shown(found[name])!r} already; expected one of each"
            )
            raise FileFormatError(path, problem, number)
    lacking = [shown(name) for name in dict.fromkeys(names) if name not in found]
    if lacking:
        n = counted(len(lacking), "pair")
        problem = f"has no family of {n} ({listed(lacking)}); expected one of each pair that is aligned"
        raise FileFormatError(path, problem)
    idle = len(found.keys() - set(names))
    if idle:
        said = f"{counted(idle, 'pair')} of {path} {verb(idle, 'is', 'are')} not among those that are aligned"
        _log.warning(said)
    return [found[name] for name in names]
