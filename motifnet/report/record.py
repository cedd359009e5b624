"""Reading ``run.json`` for display: an old or foreign record may lack any part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from motifnet.config.train import TrainConfig

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


def part(result: RunResult, name: str) -> Mapping[str, object]:
    """A group of the record such as ``"versions"``; empty where the record has none."""
    value = result.record.get(name)
    return value if isinstance(value, Mapping) else {}


def word(result: RunResult, name: str) -> str:
    """A single value of the record such as ``"device"``; empty where the record has none."""
    value = result.record.get(name)
    return "" if value is None else show(value)


def option(result: RunResult, stage: str, name: str) -> object:
    """The value of an option in the run, or its default where the record does not say."""
    group = part(result, "config").get(stage)
    default = getattr(getattr(TrainConfig(), stage), name)
    return group.get(name, default) if isinstance(group, Mapping) else default


def files(result: RunResult) -> list[tuple[str, str]]:
    """Each input file with its role, and what it is known by: its checksum, or its size."""
    inputs = part(result, "inputs").items()
    return [(f"{role}: {file['path']}", _known_by(file)) for role, some in inputs for file in some]


def _known_by(file: Mapping[str, object]) -> str:
    if "sha256" in file:
        return str(file["sha256"])
    return f"{file['bytes']:,} bytes" if "bytes" in file else "of an installed package"


def show(value: object) -> str:
    """A value of the record as a reader sees it: no brackets, no ``None``."""
    if value is None or value == () or value == []:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(show(each) for each in value)
    return str(value)


def flatten(group: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Nested groups as dotted names and values."""
    for name, value in group.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{name}.")
        elif isinstance(value, list) and all(isinstance(each, Mapping) for each in value) and value:
            yield from flatten({str(i): each for i, each in enumerate(value, 1)}, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
