"""Pair HMMs as JSON files: versioned, and checked when they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from motifnet.errors import FileFormatError, InvalidValue, MotifnetError, ShapeMismatch, shown
from motifnet.hmm.pair import PairHmm
from motifnet.hmm.pair_fit import PairFit
from motifnet.hmm.pair_learn import OF_ALL, PairFits, model_keys
from motifnet.hmm.pair_times import SharedProcess
from motifnet.hmm.substitution import SUBSTITUTIONS, Rates
from motifnet.io.json_models import read_json_model, write_json_model
from motifnet.io.text import first_bytes
from motifnet.symbols.aligned_pair import AlignedPair
from motifnet.ties import Tie

FORMAT = "motifnet pair HMM"
PROCESS_FORMAT = "motifnet pair HMM with times"
GROUPS_FORMAT = "motifnet pair HMMs of groups"
VERSION = 1

_Number = Annotated[float, Field(allow_inf_nan=False)]
_Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
_Bases = tuple[_Probability, _Probability, _Probability, _Probability]
_Classes = Annotated[tuple[_Probability, ...], Field(min_length=1, max_length=2)]
_Rate = Annotated[tuple[_Positive, ...], Field(min_length=1, max_length=2)]
_CONFIG = ConfigDict(extra="forbid", frozen=True)
_ARRAYS = ("match", "insert", "open", "extend")
_MOST_OFF = 1e-6  # from one, of bases that sum to it: as the models themselves have it


class _Rates(BaseModel):
    """A substitution model, as it was fitted."""

    model_config = _CONFIG

    name: Literal[tuple(SUBSTITUTIONS)]  # type: ignore[valid-type]  # the names that are registered
    kappa: _Positive
    frequencies: _Bases
    time: _Positive

    @field_validator("frequencies")
    @classmethod
    def _sums_to_one(cls, frequencies: tuple[float, ...]) -> tuple[float, ...]:
        if abs(sum(frequencies) - 1) > _MOST_OFF:
            raise ValueError(f"sum to {sum(frequencies):g}, and not to 1")
        return frequencies


class _Model(BaseModel):
    """What is kept of a model."""

    model_config = _CONFIG

    format: Literal["motifnet pair HMM"]
    version: Literal[1]
    match: tuple[_Bases, _Bases, _Bases, _Bases]
    insert: tuple[_Bases, _Bases]
    open: tuple[_Classes, _Classes]
    extend: tuple[_Classes, _Classes]
    end: _Probability
    ties: dict[str, str]
    n_free: Annotated[int, Field(ge=0)]
    substitution: _Rates | None
    log_likelihood: _Number
    standard_errors: dict[str, tuple[tuple[_Number | None, ...], ...]]


class _Process(BaseModel):
    """What is kept of what pairs share, and of their times."""

    model_config = _CONFIG

    format: Literal["motifnet pair HMM with times"]
    version: Literal[1]
    kappa: _Positive
    frequencies: _Bases
    gap_rates: tuple[_Rate, _Rate]
    insert: tuple[_Bases, _Bases]
    extend: tuple[_Classes, _Classes]
    end: _Probability
    pairs: tuple[str, ...]
    times: tuple[_Positive, ...]
    free: dict[str, Annotated[int, Field(ge=0)]]
    log_likelihood: _Number

    @model_validator(mode="after")
    def _fits(self) -> _Process:
        if len(self.pairs) != len(self.times):
            raise ValueError(f"has {len(self.times)} times of {len(self.pairs)} pairs")
        if {len(row) for row in (*self.gap_rates, *self.extend)} != {len(self.extend[0])}:
            raise ValueError("has not as many classes of gaps everywhere")
        for row in (self.frequencies, *self.insert):
            if abs(sum(row) - 1) > _MOST_OFF:
                raise ValueError(f"has probabilities of bases that sum to {sum(row):g}, and not to 1")
        return self


class _StoredModel(_Model):
    """The content of a file of one model."""

    digest: str | None = None


class _StoredProcess(_Process):
    """The content of a file of one process."""

    digest: str | None = None


class _StoredGroups(BaseModel):
    """The content of a file of the models of several groups of pairs."""

    model_config = _CONFIG

    format: Literal["motifnet pair HMMs of groups"]
    version: Literal[1]
    groups: dict[str, Annotated[_Model | _Process, Field(discriminator="format")]]
    digest: str | None = None


def write_learnt(path: str | Path, fits: PairFits, pairs: Sequence[AlignedPair]) -> None:
    """Write what was learnt of pairs: one model or process, or those of several groups.

    Parameters
    ----------
    path : str or Path
    fits : dict of str to PairFit or SharedProcess
        By the group of pairs that each is of.
    pairs : sequence of AlignedPair
        Their names are those that the times of a process are of.
    """
    keys = model_keys([pair.group for pair in pairs], fits)
    kept = {
        key: _kept(one, [pair.name for pair, used in zip(pairs, keys, strict=True) if used == key])
        for key, one in fits.items()
    }
    if set(kept) == {OF_ALL}:
        _write_one(path, kept[OF_ALL])
    else:
        write_json_model(path, _StoredGroups(format=GROUPS_FORMAT, version=VERSION, groups=kept))


def write_model(path: str | Path, fitted: PairFit) -> None:
    """Write a fitted model.

    Rows of arrays are X and Y, columns A, C, G and T or the classes of gaps; of ``match``, X down and Y
    across.
    """
    _write_one(path, _kept_model(fitted))


def _write_one(path: str | Path, kept: _Model | _Process) -> None:
    stored = _StoredModel if isinstance(kept, _Model) else _StoredProcess
    write_json_model(path, stored(**dict(kept)))


def _kept(one: PairFit | SharedProcess, names: Sequence[str]) -> _Model | _Process:
    return _kept_model(one) if isinstance(one, PairFit) else _kept_process(one, names)


def _kept_process(process: SharedProcess, names: Sequence[str]) -> _Process:
    return _Process(
        format=PROCESS_FORMAT,
        version=VERSION,
        kappa=process.rates.kappa,
        frequencies=tuple(process.rates.frequencies.tolist()),
        gap_rates=tuple(map(tuple, process.gap_rates.tolist())),
        insert=tuple(map(tuple, process.insert.tolist())),
        extend=tuple(map(tuple, process.extend.tolist())),
        end=process.end,
        pairs=tuple(names),
        times=tuple(process.times.tolist()),
        free=process.free,
        log_likelihood=process.log_likelihood,
    )


def read_process(path: str | Path) -> SharedProcess:
    """What pairs share, and the time of each, as they were written; how it was learnt is not in the file.

    Raises
    ------
    MissingFile
        If there is no such file.
    FileFormatError
        If it is no such model, one of another version, or not as it was written.
    """
    _refuse_groups(path)
    return _process(read_json_model(path, _StoredProcess, "motifnet align --divergence own"))


def _process(stored: _Process) -> SharedProcess:
    return SharedProcess(
        Rates(stored.kappa, np.array(stored.frequencies)),
        gap_rates=np.array(stored.gap_rates),
        insert=np.array(stored.insert),
        extend=np.array(stored.extend),
        end=stored.end,
        times=np.array(stored.times),
        log_likelihood=stored.log_likelihood,
        free=stored.free,
    )


def read_learnt(path: str | Path) -> PairHmm | SharedProcess | dict[str, PairHmm | SharedProcess]:
    """What a run of ``motifnet align`` learnt: a model, what pairs share, or these of each group of pairs.

    Errors: those of :func:`read_models`, but that all kinds are read.
    """
    if _has_format(path, GROUPS_FORMAT):
        return _read_groups(path)
    return read_process(path) if _has_format(path, PROCESS_FORMAT) else read_model(path)


def read_models(path: str | Path) -> dict[str, PairHmm]:
    """The models of a file, by the group of pairs that each is of; that of all pairs is of ``OF_ALL``.

    Raises
    ------
    MissingFile
        If there is no such file.
    FileFormatError
        If it holds times of pairs or no models, one of another version, or not as it was written.
    """
    if not _has_format(path, GROUPS_FORMAT):
        return {OF_ALL: read_model(path)}
    found = {group: one for group, one in _read_groups(path).items() if isinstance(one, PairHmm)}
    if not found:
        expected = "the model.json of motifnet align (of --divergence shared)"
        raise FileFormatError(path, f"has times of pairs; expected {expected}")
    return found


def _read_groups(path: str | Path) -> dict[str, PairHmm | SharedProcess]:
    stored = read_json_model(path, _StoredGroups, "motifnet align")
    return {
        group: _model(one, path) if isinstance(one, _Model) else _process(one)
        for group, one in stored.groups.items()
    }


def _refuse_groups(path: str | Path) -> None:
    if _has_format(path, GROUPS_FORMAT):
        raise FileFormatError(
            path, "has models of several groups; expected that of one (read_learnt reads all)"
        )


def _has_format(path: str | Path, name: str) -> bool:
    return f'"{name}"'.encode() in first_bytes(path, "model", 100)  # which hold the format, as it was written


def _kept_model(fitted: PairFit) -> _Model:
    model = fitted.model
    arrays = {name: tuple(map(tuple, getattr(model, name).tolist())) for name in _ARRAYS}
    return _Model(
        format=FORMAT,
        version=VERSION,
        **arrays,
        end=model.end,
        ties={name: repr(tie) for name, tie in fitted.ties.arrays().items()},
        n_free=fitted.n_free,
        substitution=_rates(fitted),
        log_likelihood=fitted.log_likelihood,
        standard_errors={name: _known(array) for name, array in fitted.standard_errors.items()},
    )


def read_model(path: str | Path) -> PairHmm:
    """The one model of a file.

    Raises
    ------
    MissingFile
        If there is no such file.
    FileFormatError
        If it is no model, one of another version, or not as it was written.
    """
    _refuse_groups(path)
    return _model(read_json_model(path, _StoredModel, "motifnet align (of --divergence shared)"), path)


def _model(stored: _Model, path: str | Path) -> PairHmm:
    try:
        arrays = {name: np.array(getattr(stored, name)) for name in _ARRAYS}
        _check_shapes(stored, arrays)
        return PairHmm(**arrays, end=stored.end)
    except (MotifnetError, ValueError) as problem:
        raise FileFormatError(path, f"{problem}; expected the model.json of motifnet align") from None


def _check_shapes(stored: _Model, arrays: Mapping[str, np.ndarray]) -> None:
    """Ties and standard errors are of the arrays of the model.

    Raises
    ------
    InvalidValue, ShapeMismatch
        If they are not.
    """
    for what in ("ties", "standard_errors"):
        if set(getattr(stored, what)) != set(_ARRAYS):
            found = ", ".join(sorted(map(shown, getattr(stored, what))))
            raise InvalidValue(what, found, f"those of {', '.join(_ARRAYS)}")
    for name, array in arrays.items():
        shapes = {
            f"ties.{name}": Tie.parse(stored.ties[name]).shape,
            f"standard_errors.{name}": np.array(stored.standard_errors[name], np.float64).shape,
        }
        for what, shape in shapes.items():
            if shape != array.shape:
                raise ShapeMismatch(what, shape, f"{array.shape}, that of {name}")


def _rates(fitted: PairFit) -> _Rates | None:
    if fitted.rates is None or fitted.time is None:
        return None
    return _Rates(
        name=fitted.substitution,
        kappa=fitted.rates.kappa,
        frequencies=tuple(fitted.rates.frequencies.tolist()),
        time=fitted.time,
    )


def _known(array: np.ndarray) -> tuple[tuple[float | None, ...], ...]:
    """Numbers, and null where there is none, which JSON has no NaN for."""
    return tuple(tuple(float(value) if np.isfinite(value) else None for value in row) for row in array)
