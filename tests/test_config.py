"""Every option is declared once, whole: with a sentence, a default that holds, and strictly."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from motifnet.cli.options import read_config
from motifnet.config.enrich import EnrichConfig
from motifnet.config.reading import ControlOptions, ReadingOptions
from motifnet.config.scan import ScanOptions
from motifnet.config.stage import Stage, tell_all_idle
from motifnet.config.train import (
    DiscoveryOptions,
    DrawingOptions,
    ModelOptions,
    SplitOptions,
    TrainConfig,
    TrainingOptions,
)

STAGES = [field.annotation for field in TrainConfig.model_fields.values()]
OPTIONS = [(stage, name) for stage in STAGES for name in stage.model_fields]


def test_a_run_has_all_stages():
    assert set(STAGES) == {
        ReadingOptions,
        ControlOptions,
        SplitOptions,
        ModelOptions,
        TrainingOptions,
        DiscoveryOptions,
        DrawingOptions,
    }
    assert len(OPTIONS) >= 34


@pytest.mark.parametrize(("stage", "name"), OPTIONS, ids=[name for _, name in OPTIONS])
def test_an_option_says_what_it_is_in_one_sentence(stage, name):
    description = stage.model_fields[name].description
    assert description is not None
    assert description.endswith(".")
    assert description[0].isupper() or description.startswith("'")


def test_no_two_stages_share_the_name_of_an_option():
    names = [name for _, name in OPTIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("stage", [*STAGES, TrainConfig])
def test_defaults_are_within_their_own_bounds(stage):
    written = stage().model_dump()
    assert stage.model_validate(written) == stage()


def test_a_config_survives_json():
    config = TrainConfig(
        reading=ReadingOptions(genome="hg38.fa"),
        split=SplitOptions(test_chroms=("chr1", "chr2")),
        discovery=DiscoveryOptions(motif_db=("known.meme",)),
    )
    assert TrainConfig.model_validate(json.loads(config.model_dump_json())) == config


@pytest.mark.parametrize("stage", [*STAGES, TrainConfig])
def test_a_stage_is_frozen_and_strict_about_names(stage):
    assert issubclass(stage, Stage)
    name = next(iter(stage.model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(stage(), name, None)
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        stage(no_such_option=1)


@pytest.mark.parametrize(
    ("stage", "options", "sentence"),
    [
        (ReadingOptions, {"window": -1}, "greater than or equal to 0"),
        (SplitOptions, {"test_fraction": 0.5}, "less than 0.5"),
        (SplitOptions, {"n_folds": 1}, "greater than or equal to 3"),
        (ModelOptions, {"strand_model": "single"}, "Strand.CONJOINED"),
        (ModelOptions, {"filter_width": 3}, "greater than or equal to 4"),
        (TrainingOptions, {"learning_rate": 0}, "greater than 0"),
        (DiscoveryOptions, {"site_fpr": 0.5}, "less than 0.5"),
        (
            DiscoveryOptions,
            {"min_width": 12, "max_width": 8},
            r"min_width is 12; expected at most max_width \(8\)",
        ),
    ],
)
def test_what_is_out_of_bounds_is_refused(stage, options, sentence):
    with pytest.raises(ValidationError, match=sentence):
        stage(**options)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_are_finite(value):
    with pytest.raises(ValidationError, match="should be a finite number"):
        ScanOptions(min_score=value)


def test_a_default_that_was_asked_for_is_told_whatever_else_changes(caplog):
    kinds = EnrichConfig.stages().values()
    defaults = {name: field.default for kind in kinds for name, field in kind.model_fields.items()}
    config = read_config(EnrichConfig, defaults, asked=["seed", "window"])
    changed = config.with_options("enriching", max_e=2.0).with_files(Path)
    for stage in (changed.reading, changed.controls, changed.enriching):
        stage.tell_idle(since="so it is")
    told = [record.getMessage().partition(" ")[0] for record in caplog.records]
    assert told == ["--window", "--seed", "--max-e"]


def test_what_is_turned_off_is_told_as_it_is_typed(caplog):
    tell_all_idle([("match_controls", "so it is"), ("seed", "why not")], ControlOptions(match_controls=False))
    (record,) = caplog.records
    assert record.getMessage() == "--no-match-controls has no effect, since so it is"
