"""How to run this again: command, options, versions, inputs, times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motifnet.config.train import TrainConfig
from motifnet.report.pages.section_registry import section
from motifnet.report.pages.settings import settings as settings_of

if TYPE_CHECKING:
    from motifnet.discovery.results import RunResult


@section("settings", heading="Settings and versions", place=90)
def settings(result: RunResult) -> str:
    """Everything that is needed to run the same again; left out where nothing was recorded."""
    return settings_of(result.record, TrainConfig) if result.record else ""
