"""Options of ``motifnet warm-up``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from motifnet.config.stage import Config, Stage

WarmCommand = Literal["train", "enrich", "scan", "decode", "align", "profile", "cluster"]
"""Commands that use kernels."""


class WarmUpOptions(Stage):
    """What is compiled."""

    commands: tuple[WarmCommand, ...] = Field((), description="Compile for these commands alone.")


class WarmUpConfig(Config):
    """All options of ``motifnet warm-up``."""

    warming: WarmUpOptions = WarmUpOptions()
