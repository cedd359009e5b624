"""Models as JSON files: read strictly, checked against what they say of themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from motifnet.errors import FileFormatError, shown
from motifnet.io.digest import KEY, digest
from motifnet.io.text import atomic_write, first_bytes, reading

Content = TypeVar("Content", bound=BaseModel)


def write_json_model(path: str | Path, content: BaseModel) -> None:
    """Write a content with its digest."""
    values = content.model_dump(mode="json", exclude={KEY})
    with atomic_write(path, durable=True) as file:
        file.write(json.dumps({**values, KEY: digest(values)}, indent=1, allow_nan=False) + "\n")


def read_json_model(
    path: str | Path, kind: type[Content], maker: str, error: type[FileFormatError] = FileFormatError
) -> Content:
    """Read a content.

    Parameters
    ----------
    path : str or Path
    kind : type of BaseModel
        That forbids what it does not know, and has no booleans.
    maker : str
        Of such files, for the error.
    error : type of FileFormatError

    Raises
    ------
    MissingFile
        If there is no such file.
    FileFormatError
        Of the type asked for, if a value is missing, unknown, of another kind or out of its range, if a
        key is there twice, or if the content is not that of its digest.
    """
    first_bytes(path, "model", 0)
    with reading(path, error):
        raw = Path(path).read_bytes()
    expected = f"expected the model.json of {maker}"
    try:
        values = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_refused)
        _refuse_booleans(values)
        found = kind.model_validate_json(raw, strict=True)
    except UnicodeDecodeError:
        raise error(path, f"is not text; {expected}") from None
    except RecursionError:
        raise error(path, f"is nested too deeply; {expected}") from None
    except ValidationError as problem:
        first = problem.errors()[0]
        where = shown(".".join(map(str, first["loc"])) or "the file")
        raise error(path, f"{where}: {shown(first['msg'], 120)}; {expected}") from None
    except ValueError as problem:  # of JSON, of numbers and of keys
        raise error(path, f"{shown(problem, 120)}; {expected}") from None
    if KEY in values and values[KEY] != digest(values):
        raise error(path, "its content is not that of its digest: it was changed or damaged; make it again")
    return found.model_copy(update={KEY: None})


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys differ."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{shown(next(n for n in names if names.count(n) > 1))!r} is there twice")
    return found


def _refuse_booleans(value: object) -> None:
    """Raise where a value is true or false, which Python takes for a number."""
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is no number")
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_booleans(each)


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no finite number")
