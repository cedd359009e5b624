"""How to run this again: command, options, versions, inputs, times."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel

from motifnet.config.train import TrainConfig
from motifnet.report.pages import run_record
from motifnet.report.pages.filling import fill_template
from motifnet.report.pages.section_registry import section

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
    return fill_template(
        "settings.html",
        command=run_record.entry(result.record, "command"),
        groups=_groups(result),
        lists=_lists(result),
        seconds=run_record.part(result.record, "seconds"),
        rest=[(name, run_record.show(value)) for name, value in run_record.flatten(rest)],
    )


def _groups(result: RunResult) -> list[tuple[str, list[Setting]]]:
    """The options by stage."""
    config = run_record.part(result.record, "config")
    return [
        (stage, [_setting(stage, name, value) for name, value in run_record.flatten(group)])
        for stage, group in config.items()
        if isinstance(group, Mapping)
    ]


def _setting(stage: str, name: str, value: object) -> Setting:
    """An option beside its declaration; one that this version does not know stands without."""
    shown, declared = run_record.show(value), getattr(TrainConfig(), stage, None)
    field = type(declared).model_fields.get(name) if isinstance(declared, BaseModel) else None
    if declared is None or field is None:
        return Setting(name, shown, changed=False, description="")
    usual = run_record.show(declared.model_dump(mode="json")[name])
    return Setting(name, shown, changed=shown != usual, description=field.description or "")


def _lists(result: RunResult) -> list[tuple[str, list[tuple[str, str]]]]:
    """Versions and input files, by heading; those that are recorded."""
    versions = [
        (name, run_record.show(value)) for name, value in run_record.part(result.record, "versions").items()
    ]
    found = [
        ("Versions", versions),
        ("Input files (SHA-256, or size)", list(run_record.files(result.record))),
    ]
    return [(heading, rows) for heading, rows in found if rows]
