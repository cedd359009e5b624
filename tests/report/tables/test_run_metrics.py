"""The numbers of a run as plain JSON."""

import json
from dataclasses import replace

import numpy as np
import pytest
from factory import RESULTS, full_result, multi_task_result, told_result

from motifnet.report.tables.metrics import metrics_json


@pytest.mark.parametrize("kind", RESULTS)
def test_metrics_are_plain_json(kind):
    result = RESULTS[kind]()
    metrics = json.loads(json.dumps(metrics_json(result), allow_nan=False))
    assert metrics["n_significant"] == len(result.significant)
    assert len(metrics["tasks"]) == len(result.metrics)


def test_metrics_hold_baselines_and_every_task():
    metrics = metrics_json(multi_task_result())
    assert [task["task"] for task in metrics["tasks"]] == ["gcn4", "reb1 <heat & cold>", "abf1"]
    assert metrics["tasks"][0]["gc_auroc"] == 0.64
    assert set(metrics["motifs"][0]["by_task"]) == {"gcn4", "reb1 <heat & cold>", "abf1"}


def test_metrics_hold_what_was_set_apart_and_how_motifs_are_related():
    metrics = metrics_json(told_result())
    assert (metrics["n_significant"], metrics["n_set_apart"]) == (3, 2)
    first, second, *_, last = metrics["motifs"]
    assert [member["relation"] for member in first["members"]] == ["variant", "part", "whole"]
    assert first["lost_without"] == {"auroc": 0.031, "log_loss": -0.002}
    assert second["extends"] == first["name"]
    assert second["against_shuffled"] is False
    assert (last["class"], last["significant"], last["set_apart"]) == ("low complexity", False, True)
    ours, theirs = first["companions"][0]["place"], second["companions"][0]["place"]
    assert (ours["gap"], ours["downstream"], theirs["downstream"]) == (4, True, False)


def test_what_is_not_finite_is_null():
    values = {"auroc": float("nan"), "auprc": np.float32(0.5)}
    metrics = full_result().metrics[0]
    figures = tuple(one._replace(value=values.get(one.name, one.value)) for one in metrics.figures)
    broken = replace(metrics, figures=figures)
    task = metrics_json(replace(full_result(), metrics=[broken]))["tasks"][0]
    assert task["auroc"] is None
    assert type(task["auprc"]) is float
