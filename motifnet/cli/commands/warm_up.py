"""Compile what the other commands compile on their first start, as for an image."""

from __future__ import annotations

import click

from motifnet.cli.command import with_config
from motifnet.config.warm_up import WarmUpConfig


@with_config(WarmUpConfig, epilog="Exit code 2 where nothing can be kept; 130 after Ctrl-C.")
def command(config: WarmUpConfig, progress) -> None:
    """Compile the kernels of all commands for this machine, and keep them.

    Otherwise the first start of each command does so, which takes up to a minute. Kernels are kept
    for one kind of processor: warm up on a machine like those that will do the work. NUMBA_CACHE_DIR
    says where they are kept.
    """
    from motifnet.runs.warm_up import warm_up

    click.echo(f"Kernels: {warm_up(config, progress)}")
