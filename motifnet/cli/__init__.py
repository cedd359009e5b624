"""The command line: parse, call one function, say what came out.

Commands are imported when they are called, so that ``motifnet --help`` answers at once.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from motifnet import __version__

_COMMANDS = {
    "train": ("motifnet.cli.train", "Find motifs in peaks: FASTA, or BED with a genome."),
    "enrich": ("motifnet.cli.enrich", "Rank known motifs by their enrichment in targets over controls."),
    "scan": ("motifnet.cli.scan", "Find where motifs score enough in sequences or a genome."),
    "decode": ("motifnet.cli.decode", "Find sites of given motifs by a hidden Markov model."),
    "align": ("motifnet.cli.align", "Align pairs of sequences by a pair HMM learnt from them."),
    "profile": ("motifnet.cli.profile", "Learn a profile HMM of sites with gaps, and align the sites."),
    "convert": ("motifnet.cli.convert", "Convert motifs between MEME, JASPAR, TRANSFAC, HOMER and others."),
    "compare": ("motifnet.cli.compare", "Find the known motifs that motifs resemble."),
    "cluster": ("motifnet.cli.cluster", "Group motifs that are alike into families, with a tree."),
    "logos": ("motifnet.cli.logos", "Draw logos of a run or of a motif file."),
    "simulate": ("motifnet.cli.simulate", "Make sequences with planted motifs and the truth about them."),
}
_INTERRUPTED = 130  # what a shell reports of a program stopped by Ctrl-C


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        return importlib.import_module(_COMMANDS[name][0]).command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="motifnet")
def group() -> None:
    """Find motifs in DNA with networks whose weights are tied."""


def main(arguments: list[str] | None = None) -> None:
    """Entry point: every error of the user's becomes one line and exit code 2."""
    from motifnet.cli.wording import spoken_warnings
    from motifnet.errors import MotifnetError

    # Idle OpenMP workers otherwise spin, which on a busy machine costs many times the work itself.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        with spoken_warnings():
            group.main(arguments, prog_name="motifnet", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except MotifnetError as error:
        click.echo(f"{type(error).__name__}: {error}", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        sys.exit(_INTERRUPTED)
