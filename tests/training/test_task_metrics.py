"""Figures of merit that tell themselves."""

import json

import numpy as np
import pytest

from motifnet.errors import UnknownName
from motifnet.training.task_metrics import Figure, TaskMetrics

METRICS = TaskMetrics(
    "peaks",
    (
        Figure("n", "Sequences", 12),
        Figure("gc_r", "GC alone", 0.7, "r", 0.6),
        Figure("r", "Correlation", 0.8),
    ),
    "correlation {r} (GC alone {gc_r})",
)


def test_the_main_figure_is_no_number_and_no_baseline():
    assert METRICS.main.name == "r"
    assert [one.name for one in METRICS.columns] == ["n", "r", "gc_r"]
    assert [one.is_count for one in METRICS.figures] == [True, False, False]


def test_a_figure_is_asked_for_by_name():
    assert (METRICS["n"], METRICS["r"]) == (12, 0.8)
    with pytest.raises(UnknownName, match="no figure of merit named 'auroc'"):
        METRICS["auroc"]


@pytest.mark.parametrize(("value", "doubtful"), [(0.7, True), (0.6, False), (np.nan, False)])
def test_a_baseline_is_doubtful_above_its_limit(value, doubtful):
    assert METRICS.figures[1]._replace(value=value).is_doubtful == doubtful


def test_words_have_numbers_in_the_place_of_names():
    assert METRICS.told(METRICS.headline, json.dumps) == "correlation 0.8 (GC alone 0.7)"
