"""Checkpoints: tensors, numbers and text only, so that loading one runs no code of its writer."""

from __future__ import annotations

import hashlib
import warnings
import zipfile
from pathlib import Path
from typing import Any

from motifnet.errors import CheckpointError
from motifnet.io.text import atomic_write, first_bytes, reading

FORMAT = "motifnet-checkpoint"
VERSION = 2  # since 2 with a digest
_HEADER = {"format", "version", "kind", "digest"}


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

    whole = {"format": FORMAT, "version": VERSION, "kind": kind, **content}
    with atomic_write(path, mode="wb", durable=True) as handle:
        torch.save({**whole, "digest": _digest(whole)}, handle)


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

    if not first_bytes(path, "checkpoint", 1):
        raise CheckpointError(path, "is empty; expected a checkpoint of motifnet")
    with reading(path, CheckpointError):
        is_whole = zipfile.is_zipfile(path)  # which has its contents at its end
    if not is_whole:
        raise CheckpointError(path, "is not a checkpoint of motifnet, or was cut short; copy it again")
    with reading(path, CheckpointError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a pickle that another program wrote: said below
        content = torch.load(path, map_location="cpu", weights_only=True)
    _check_header(path, content, kind)
    with reading(path, CheckpointError):
        found = _digest({name: value for name, value in content.items() if name != "digest"})
    if found != content["digest"]:
        raise CheckpointError(
            path, "does not hold what was written to it (its digest differs): it is damaged"
        )
    return content


def _check_header(path: str | Path, content: object, kind: str) -> None:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise CheckpointError(path, "is not a checkpoint of motifnet")
    version = content.get("version")
    if not isinstance(version, int) or version < VERSION or not content.keys() >= _HEADER:
        raise CheckpointError(path, "is damaged, or of a motifnet from before its first release")
    if version > VERSION:
        raise CheckpointError(path, f"has version {version}; this motifnet reads up to {VERSION}")
    if content["kind"] != kind:
        raise CheckpointError(path, f"holds a {content['kind']}; expected a {kind}")


def _digest(content: object) -> str:
    """SHA-256 of what is said by numbers, texts and tensors, however they are stored."""
    digest = hashlib.sha256()
    _feed(digest, content)
    return digest.hexdigest()


def _feed(digest: Any, content: object) -> None:
    """Take in a value after its type and size, so that no two values read the same."""
    import torch

    if isinstance(content, dict):
        digest.update(f"dict {len(content)};".encode())
        for name, value in content.items():
            _feed(digest, name)
            _feed(digest, value)
    elif isinstance(content, (list, tuple)):
        digest.update(f"list {len(content)};".encode())
        for value in content:
            _feed(digest, value)
    elif isinstance(content, torch.Tensor):
        flat = content.detach().cpu().contiguous().reshape(-1)
        digest.update(f"tensor {flat.dtype} {tuple(content.shape)};".encode())
        digest.update(flat.view(torch.uint8).numpy().data)
    elif content is None or isinstance(content, (bool, int, float, str)):
        text = str(content).encode("utf-8", "surrogatepass")
        digest.update(f"{_plain(content)} {len(text)};".encode() + text)
    else:
        raise TypeError(f"a {type(content).__name__} cannot be kept in a checkpoint")


def _plain(content: object) -> str:
    """The type that a value has when it is read back."""
    return next((kind.__name__ for kind in (bool, int, float, str) if isinstance(content, kind)), "None")
