"""How to run the same again: command, options, versions, inputs, times; a section of every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup
from pydantic import BaseModel

from motifnet.config.stage import Config
from motifnet.report.pages import run_record
from motifnet.report.pages.filling import fill_template

# These parts of the record have a place of their own in the section.
_PLACED = {"command", "config", "versions", "inputs", "seconds"}


class Setting(NamedTuple):
    """An option as it was in the run."""

    name: str
    value: str
    changed: bool
    description: str


def settings(record: Mapping[str, object], config: type[Config]) -> Markup:
    """All that was recorded of a run.

    Parameters
    ----------
    record : mapping
        What ``run.json`` holds.
    config : type of Config
        The options of the command, as they are declared.

    Returns
    -------
    Markup

    Examples
    --------
    >>> from motifnet.config.enrich import EnrichConfig
    >>> record = {"config": {"enriching": {"max_e": 1.0}}}
    >>> "1 changed from the default" in settings(record, EnrichConfig)
    True
    """
    rest = {name: value for name, value in record.items() if name not in _PLACED}
    return fill_template(
        "settings.html",
        command=run_record.entry(record, "command"),
        groups=_groups(record, config()),
        lists=_lists(record),
        seconds=run_record.part(record, "seconds"),
        rest=[(name, run_record.show(value)) for name, value in run_record.flatten(rest)],
    )


def _groups(record: Mapping[str, object], usual: Config) -> list[tuple[str, list[Setting]]]:
    """The options by stage."""
    return [
        (stage, [_setting(getattr(usual, stage, None), *option) for option in run_record.flatten(group)])
        for stage, group in run_record.part(record, "config").items()
        if isinstance(group, Mapping)
    ]


def _setting(declared: BaseModel | None, name: str, value: object) -> Setting:
    """An option beside its declaration; one that this version does not know stands without."""
    shown = run_record.show(value)
    field = type(declared).model_fields.get(name) if declared is not None else None
    if declared is None or field is None:
        return Setting(name, shown, changed=False, description="")
    usual = run_record.show(declared.model_dump(mode="json")[name])
    return Setting(name, shown, changed=shown != usual, description=field.description or "")


def _lists(record: Mapping[str, object]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Versions and input files, by heading; those that are recorded."""
    versions = [(name, run_record.show(value)) for name, value in run_record.part(record, "versions").items()]
    found = [("Versions", versions), ("Input files (SHA-256, or size)", list(run_record.files(record)))]
    return [(heading, rows) for heading, rows in found if rows]
