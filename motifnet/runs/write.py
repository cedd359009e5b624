"""All files of a finished run, for people, scripts and tools alike."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from motifnet.discovery.results import FoundMotif, RunResult
from motifnet.io.checkpoint import save_checkpoint
from motifnet.io.hits import SiteRow, write_sites_bed, write_sites_tsv
from motifnet.io.motif_files import write_meme, write_motifs
from motifnet.io.text import atomic_write
from motifnet.models.network import Network
from motifnet.report.html import render
from motifnet.report.logo import save_logo
from motifnet.report.tables import matches_tsv, metrics_json, motifs_tsv


def write_results(folder: Path, result: RunResult, model: Network, *, both_strands: bool) -> None:
    """Write everything but the record, which says that all is written.

    Parameters
    ----------
    folder : Path
        Where to.
    result : RunResult
        What was found.
    model : Network
        What was trained.
    both_strands : bool
        Whether motifs lie on either strand.
    """
    motifs = [found.motif for found in result.significant]
    write_meme(folder / "motifs.meme", motifs, strands="+ -" if both_strands else "+")
    write_motifs(folder / "motifs.jaspar", motifs, "jaspar")
    rows = [row for found in result.significant for row in site_rows(found)]
    write_sites_bed(folder / "sites.bed", rows)
    write_sites_tsv(folder / "sites.tsv", rows)
    _write_text(folder / "motifs.tsv", motifs_tsv(result))
    _write_text(folder / "matches.tsv", matches_tsv(result))
    _write_json(folder / "metrics.json", metrics_json(result))
    _write_logos(folder / "logos", result.significant)
    write_model(folder / "model.pt", model, result.record)
    _write_text(folder / "report.html", render(result))


def write_record(folder: Path, record: Mapping[str, object]) -> None:
    """Write ``run.json``."""
    _write_json(folder / "run.json", record)


def write_model(path: Path, model: Network, record: Mapping[str, object]) -> None:
    """Write the trained network: its state, its options and the version that made it."""
    save_checkpoint(
        path,
        "model",
        {
            "state_dict": {name: value.cpu() for name, value in model.state_dict().items()},
            "config": json.dumps(record.get("config", {})),
            "n_tasks": model.n_tasks,
            "n_filters": len(model.filters),
            "motifnet": str(record.get("versions", {}).get("motifnet", "")),
        },
    )


def site_rows(found: FoundMotif) -> Iterator[SiteRow]:
    """The rows of a motif in the tables of sites."""
    for site in found.sites:
        yield SiteRow(
            found.motif.name,
            found.motif.alt_name,
            site.sequence,
            site.start,
            site.end,
            site.strand,
            site.score,
            site.text,
            site.where,
        )


def _write_logos(folder: Path, found: list[FoundMotif]) -> None:
    folder.mkdir()
    for one in found:
        for format in ("svg", "png"):
            save_logo(one.motif, folder / f"{one.motif.name}.{format}", format=format)


def _write_text(path: Path, text: str) -> None:
    with atomic_write(path) as handle:
        handle.write(text)


def _write_json(path: Path, content: Mapping[str, object]) -> None:
    _write_text(path, json.dumps(content, indent=2, allow_nan=False) + "\n")
