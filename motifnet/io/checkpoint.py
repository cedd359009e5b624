"""Checkpoints: tensors, numbers and text only, so that loading one runs no code of its writer."""

from __future__ import annotations

import pickle
import struct
import warnings
from pathlib import Path
from typing import Any

from motifnet.errors import CheckpointError, MissingFile
from motifnet.io.text import atomic_write

FORMAT = "motifnet-checkpoint"
VERSION = 1
_HEADER = {"format", "version", "kind"}

# What torch's reader of pickles raises where the bytes are not those that were written.
_CORRUPTION = (
    RuntimeError,
    pickle.UnpicklingError,
    struct.error,
    EOFError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    AssertionError,
    OSError,
)


def save_checkpoint(path: str | Path, kind: str, content: dict[str, Any]) -> None:
    """Write a checkpoint under a temporary name, then rename it.

    Parameters
    ----------
    path : str or Path
        Where to.
    kind : str
        What it holds, such as ``"model"``; :func:`load_checkpoint` asks for the same.
    content : dict
        Tensors, numbers, text, and lists or dicts of these.
    """
    import torch

    with atomic_write(path, mode="wb") as handle:
        torch.save({"format": FORMAT, "version": VERSION, "kind": kind, **content}, handle)


def load_checkpoint(path: str | Path, kind: str) -> dict[str, Any]:
    """Read a checkpoint of that kind onto the CPU.

    Raises
    ------
    MissingFile
        If there is none.
    CheckpointError
        If the file is corrupted, of another kind, or of a newer version.
    """
    import torch

    if not Path(path).is_file():
        raise MissingFile(path, "checkpoint")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a pickle that another program wrote: said below
            content = torch.load(path, map_location="cpu", weights_only=True)
    except _CORRUPTION as error:
        raise CheckpointError(
            path,
            f"cannot be read as a checkpoint ({type(error).__name__}); it is corrupted or not a checkpoint",
        ) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT or not content.keys() >= _HEADER:
        raise CheckpointError(path, "is not a checkpoint of motifnet")
    if content["version"] > VERSION:
        raise CheckpointError(path, f"has version {content['version']}; this motifnet reads up to {VERSION}")
    if content["kind"] != kind:
        raise CheckpointError(path, f"holds a {content['kind']}; expected a {kind}")
    return content
