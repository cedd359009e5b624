"""Pairs that ties are tested of: files, or the run folder of an alignment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from motifnet.config.align import AlignConfig, AligningOptions, PairModelOptions, PairReadingOptions
from motifnet.errors import InvalidValue, NotOfRun
from motifnet.hmm.pair_orient import orient
from motifnet.kernels.pair_hmm.cpu import Band
from motifnet.runs.align import as_one_group, band_of, check_memory, check_number, check_pairs, read_given
from motifnet.runs.inputs import Inputs
from motifnet.runs.job import RunData
from motifnet.runs.reading import Run, read_run
from motifnet.runs.strands import strand_for
from motifnet.runs.tie_tests import RUN, given_again, names_of
from motifnet.symbols.pairs import PairedSequences

_MOST_CLASSES = 2  # of gaps, which is what memory depends on


class TestedPairs(NamedTuple):
    """Pairs as they are aligned, those that are alike at all.

    Parameters
    ----------
    name : str
        Of the file, or of the run folder.
    pairs : PairedSequences
    band : Band
    warnings : list of str
    """

    name: str
    pairs: PairedSequences
    band: Band
    warnings: list[str]


def read_tested_pairs(given: Sequence[Path], reading: PairReadingOptions) -> TestedPairs:
    """The pairs of one file or two, or those that a run of ``motifnet align`` was given.

    Parameters
    ----------
    given : sequence of Path
    reading : PairReadingOptions
        Those of a run are its own.

    Raises
    ------
    MotifnetError
        If a file cannot be read, a run is of another command or of local alignments, a pair is too large, or
        there are more than two files.
    """
    if len(given) == 1 and given[0].is_dir():
        reading.tell_idle(since="a run folder is given, which has its own")
        run = read_run(given[0])
        config, pairs = _config_of(run), run.data.of_kind
    else:
        check_number(given)
        config = _config(reading)
        config = config.with_options(
            "aligning", strand=strand_for(config.aligning.strand, targets=list(given))
        )
        pairs = read_given(given, config)
    band = band_of(config.aligning)
    check_pairs(pairs, config)
    oriented = orient(pairs, config, band)
    check_memory(oriented.pairs, config, _MOST_CLASSES, band)
    alike = oriented.pairs.select(np.flatnonzero(oriented.teaches))
    pairs, warnings = as_one_group(alike)
    return TestedPairs(names_of(given[:1])[0], pairs, band, oriented.warnings + warnings)


def _config(reading: PairReadingOptions) -> AlignConfig:
    """The options of an alignment that reads pairs so, and writes nothing."""
    aligning = AligningOptions.model_validate({name: getattr(reading, name) for name in _SHARED})
    return AlignConfig(pair_model=PairModelOptions(), aligning=aligning)


_SHARED = tuple(PairReadingOptions.model_fields)


def _config_of(run: Run) -> AlignConfig:
    """The options of an alignment that was made before.

    Raises
    ------
    NotOfRun, InvalidValue
        If it is a run of another command, or its alignments have no ends.
    """
    if not isinstance(run.config, AlignConfig):
        raise NotOfRun(run.path, run.job, "pairs")
    if run.config.pair_model.mode != "global":
        raise InvalidValue(f"mode of {run.path}", run.config.pair_model.mode, "'global', as whole pairs are")
    return run.config


def pairs_again(inputs: Inputs, reading: PairReadingOptions) -> RunData:
    """The pairs of a test that was made before."""
    given = given_again(inputs)
    of_run = bool(inputs[RUN])
    pairs = read_run(given[0]).data.of_kind if of_run else read_given(given, _config(reading))
    return RunData(targets=pairs.x, of_kind=pairs)
