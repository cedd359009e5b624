"""How to run this again: command, options, versions, inputs, times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from motifnet.config.train import TrainConfig
from motifnet.report import record
from motifnet.report.page import fill
from motifnet.report.section import section

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult

# These parts of the record have a place of their own in the section.
_PLACED = {"command", "config", "versions", "inputs", "seconds"}


class Setting(NamedTuple):
    """An option as it was in the run."""

    name: str
    value: str
    changed: bool
    description: str


@section("settings", heading="Settings and versions", place=90)
def settings(result: RunResult) -> str:
    """Everything that is needed to run the same again; left out where nothing was recorded."""
    if not result.record:
        return ""
    rest = {name: value for name, value in result.record.items() if name not in _PLACED}
    return fill(
        "settings.html",
        command=record.word(result, "command"),
        groups=_groups(result),
        lists=_lists(result),
        seconds=record.part(result, "seconds"),
        rest=[(name, record.show(value)) for name, value in record.flatten(rest)],
    )


def _groups(result: RunResult) -> list[tuple[str, list[Setting]]]:
    """The options by stage."""
    config = record.part(result, "config")
    return [
        (stage, [_setting(stage, name, value) for name, value in record.flatten(group)])
        for stage, group in config.items()
        if isinstance(group, Mapping)
    ]


def _setting(stage: str, name: str, value: object) -> Setting:
    """An option beside its declaration; one that this version does not know stands without."""
    declared = getattr(TrainConfig(), stage, None)
    field = type(declared).model_fields.get(name) if declared is not None else None
    if field is None:
        return Setting(name, record.show(value), changed=False, description="")
    usual = declared.model_dump(mode="json")[name]
    return Setting(
        name, record.show(value), record.show(value) != record.show(usual), field.description or ""
    )


def _lists(result: RunResult) -> list[tuple[str, list[tuple[str, str]]]]:
    """Versions and input files, by heading; those that are recorded."""
    versions = [(name, record.show(value)) for name, value in record.part(result, "versions").items()]
    found = [("Versions", versions), ("Input files (SHA-256, or size)", record.files(result))]
    return [(heading, rows) for heading, rows in found if rows]
