"""Pair HMMs as JSON files: versioned, and checked when they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from motifnet.errors import FileFormatError, MissingFile, MotifnetError
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_fit import PairFit
from motifnet.io.text import atomic_write
from motifnet.ties import Tie

FORMAT = "motifnet pair HMM"
VERSION = 1


class _Rates(BaseModel):
    """A substitution model, as it was fitted."""

    model_config = ConfigDict(extra="forbid")

    name: str
    kappa: float
    frequencies: list[float]
    time: float


class _Stored(BaseModel):
    """The content of a file."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["motifnet pair HMM"]
    version: Literal[1]
    match: list[list[float]]
    insert: list[list[float]]
    open: list[list[float]]
    extend: list[list[float]]
    end: float
    ties: dict[str, str]
    n_free: int
    substitution: _Rates | None
    log_likelihood: float
    standard_errors: dict[str, list[list[float | None]]]


def write_model(path: str | Path, fitted: PairFit) -> None:
    """Write a fitted model.

    Rows are X and Y, columns A, C, G and T or the classes of gaps; of ``match``, X down and Y
    across.
    """
    model = fitted.model
    stored = _Stored(
        format=FORMAT,
        version=VERSION,
        match=model.match.tolist(),
        insert=model.insert.tolist(),
        open=model.open.tolist(),
        extend=model.extend.tolist(),
        end=model.end,
        ties={name: repr(tie) for name, tie in fitted.ties.arrays().items()},
        n_free=fitted.n_free,
        substitution=_rates(fitted),
        log_likelihood=fitted.log_likelihood,
        standard_errors={name: _known(array) for name, array in fitted.standard_errors.items()},
    )
    with atomic_write(path) as file:
        file.write(json.dumps(stored.model_dump(), indent=2) + "\n")


def read_model(path: str | Path) -> PairHmm:
    """The model of a file.

    Raises
    ------
    MissingFile
        If there is no such file.
    FileFormatError
        If it is no model, or one of another version.
    """
    try:
        text = Path(path).read_text()
    except (FileNotFoundError, IsADirectoryError):
        raise MissingFile(path, "model") from None
    except UnicodeDecodeError:
        raise FileFormatError(path, "is not text; expected the model.json of motifnet align") from None
    try:
        stored = _Stored.model_validate_json(text)
        for tie in stored.ties.values():
            Tie.parse(tie)
        return PairHmm(
            *(np.array(getattr(stored, name)) for name in ("match", "insert", "open", "extend")), stored.end
        )
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise FileFormatError(
            path, f"{where}: {first['msg']}; expected the model.json of motifnet align"
        ) from None
    except (MotifnetError, ValueError) as problem:
        raise FileFormatError(path, str(problem)) from None


def _rates(fitted: PairFit) -> _Rates | None:
    if fitted.rates is None or fitted.time is None:
        return None
    return _Rates(
        name=fitted.substitution,
        kappa=fitted.rates.kappa,
        frequencies=fitted.rates.frequencies.tolist(),
        time=fitted.time,
    )


def _known(array: np.ndarray) -> list[list[float | None]]:
    """Numbers, and null where there is none, which JSON has no NaN for."""
    return [[float(value) if np.isfinite(value) else None for value in row] for row in array]
