"""Learn a profile HMM of sites with gaps, and align the sites."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from motifnet.cli.command import InputPath, with_config
from motifnet.config.profile import ProfileConfig

_WORTH_TELLING = 0.05  # share of sites with a gap


@with_config(ProfileConfig)
@click.argument("sites", type=InputPath())
def command(sites: Path, config: ProfileConfig, **run) -> None:
    """Learn a profile HMM of SITES, a FASTA file of unaligned sequences with one site each.

    Sites may differ in their spacing, and may have flanks of any length. The run folder holds the
    aligned sites (alignment.fa, sites.tsv), the model (model.json, motif.meme), a logo with the gaps
    below it (logo.svg, logo.png), a page of all that (report.html), and a record of the run.
    """
    from motifnet.runs.profile import profile

    learnt = profile(sites, config=config, **run)
    click.echo(_told(learnt))
    click.echo(f"Logo: {run['output'] / 'logo.svg'}")
    click.echo(f"Report: {run['output'] / 'report.html'}")


def _told(run) -> str:
    """The models that were compared, what the data prefer, and where the gaps are."""
    from motifnet.runs.profile import GAPS_IN_WORDS, NO_SITE

    no_site = run.choice.no_site
    lines = [
        f"{'model':<22}{'columns':>8}{'log-likelihood':>16}{'parameters':>12}{'BIC':>12}  chosen",
        f"{NO_SITE:<22}{'':>8}{no_site:>16,.1f}{0:>12}{-2 * no_site:>12,.1f}",
    ]
    for one in run.choice.models:
        mark = "  *" if one is run.choice.chosen else ""
        lines.append(
            f"{GAPS_IN_WORDS[one.model.gap_tie]:<22}{one.model.width:>8}{one.log_likelihood:>16,.1f}"
            f"{one.model.n_free:>12,}{one.bic:>12,.1f}{mark}"
        )
    return "\n".join([*lines, _preferred(run), f"Motif: {run.motif.consensus}", *_gaps(run)])


def _preferred(run) -> str:
    gapless, *gapped = run.choice.models
    best = min(gapped, key=lambda one: one.bic)
    by = abs(gapless.bic - best.bic)
    n_free = best.model.n_free - gapless.model.n_free
    spacer = best.model.spacer
    if best.bic < gapless.bic:
        how = "with gaps" if spacer is None else "with two blocks and a spacer"
        varies = "yes" if spacer is None or spacer.varies else f"no, {spacer.commonest} bases in all sites"
        return f"Variable spacing: {varies}; BIC is smaller by {by:,.1f} {how} ({n_free:+} parameters)"
    return f"Variable spacing: no; BIC is smaller by {by:,.1f} without gaps"


def _gaps(run) -> list[str]:
    """A line for each column that is often deleted, or before which bases are often inserted."""
    chosen, n_found = run.choice.chosen, int(run.aligned.found.sum())
    lines = [f"Sites: {n_found:,} of {len(run.sequences):,} sequences", f"Lengths: {_lengths(run)}"]
    if chosen.model.spacer is not None:
        return [*lines, _spacer(chosen.model.spacer)]
    for k, (deleted, opened, length) in enumerate(
        zip(chosen.deleted.tolist(), chosen.opened.tolist(), chosen.mean_insert.tolist(), strict=True)
    ):
        if opened >= _WORTH_TELLING:
            lines.append(f"  after column {k}: {opened:.0%} of sites insert {length:.1f} bases on average")
        if deleted >= _WORTH_TELLING:
            lines.append(f"  column {k + 1}: deleted in {deleted:.0%} of sites")
    return lines


def _spacer(spacer) -> str:
    """How likely each length of the spacer is."""
    told = zip(spacer.lengths.tolist(), spacer.probabilities.tolist(), strict=True)
    shares = ", ".join(f"{length} bases {share:.0%}" for length, share in told)
    return f"Spacer after column {spacer.before}: {shares}"


def _lengths(run) -> str:
    """How many sites have each length: the distribution of the spacing."""
    first, end = run.aligned.spans[run.aligned.found].T
    counted = Counter((end - first).tolist())
    return ", ".join(f"{n:,} of {length} bases" for length, n in sorted(counted.items()))
