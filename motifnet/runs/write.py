"""All files of a finished run, for people, scripts and tools alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from pathlib import Path

import numpy as np

from motifnet.datasets.compose import Dataset
from motifnet.discovery.results import FoundMotif, RunResult
from motifnet.io.motif_files import write_meme, write_motifs
from motifnet.io.sites import write_sites_bed, write_sites_tsv
from motifnet.io.text import json_text, write_text
from motifnet.models.saved import TrainedModel, write_trained
from motifnet.report.drawing.logo import save_logo
from motifnet.report.pages.run_report import render_run
from motifnet.report.tables.companions import companions_tsv
from motifnet.report.tables.matches import matches_tsv
from motifnet.report.tables.metrics import metrics_json
from motifnet.report.tables.motifs import motifs_tsv
from motifnet.report.tables.tie_tests import tie_tests_tsv
from motifnet.report.tie_test_result import TieTestResult
from motifnet.runs.folder import Output
from motifnet.runs.page_files import files_of_run
from motifnet.strand import Strand


def write_results(
    folder: Path,
    result: RunResult,
    model: TrainedModel,
    dataset: Dataset,
    *,
    strand: Strand,
    logo_formats: Sequence[str],
) -> None:
    """Write everything but the record.

    Parameters
    ----------
    folder : Path
        Where to.
    result : RunResult
        What was found.
    model : TrainedModel
        What was trained.
    dataset : Dataset
        What it was trained on; the sites are in its sequences.
    strand : Strand
        Whether motifs lie on either strand.
    logo_formats : sequence of str
        Formats that the logo of each motif is written in.
    """
    motifs = [found.motif for found in result.significant]
    write_meme(folder / Output.MEME, motifs, single_stranded=not strand.reads_both)
    write_motifs(folder / Output.JASPAR, motifs, "jaspar")
    write_meme(
        folder / Output.REPEATS,
        [found.motif for found in result.set_apart],
        single_stranded=not strand.reads_both,
        remarks=[f"class: {found.kind}" for found in result.set_apart],
    )
    sites = [(found.motif, found.sites) for found in result.significant]
    write_sites_bed(folder / Output.SITES_BED, sites)
    write_sites_tsv(folder / Output.SITES, sites, tasks=_tasks(dataset))
    write_text(folder / Output.MOTIFS, motifs_tsv(result))
    write_text(folder / Output.COMPANIONS, companions_tsv(result))
    matched = [(found.motif, found.matches) for found in result.motifs]
    write_text(folder / Output.MATCHES, matches_tsv(matched))
    write_text(folder / Output.METRICS, json_text(metrics_json(result)))
    if result.tie_tests:
        ties = TieTestResult(result.title, "", result.tie_tests)
        write_text(folder / Output.TIE_TESTS, tie_tests_tsv(ties))
    _write_logos(folder / Output.LOGOS, result.significant, logo_formats)
    write_trained(folder / Output.MODEL, model)
    write_text(folder / Output.REPORT, render_run(result, files_of_run(folder)))


def _tasks(dataset: Dataset) -> list[str] | None:
    """The tasks of each sequence, such as ``"a"`` or ``"a,b"``; ``None`` where there is but one."""
    if len(dataset.tasks) == 1:
        return None
    combinations, which = np.unique(dataset.labels == 1, axis=0, return_inverse=True)
    names = [",".join(compress(dataset.tasks, asked)) for asked in combinations]
    return [names[i] for i in which.tolist()]


def _write_logos(folder: Path, found: list[FoundMotif], formats: Sequence[str]) -> None:
    folder.mkdir()
    for one in found:
        for format in dict.fromkeys(formats):
            save_logo(one.motif, folder / f"{one.motif.name}.{format}", format=format)
