"""Devices, threads and precision: what is there is used, what is not is said."""

import pytest
import torch

from motifnet.config.train import TrainingOptions
from motifnet.errors import DeviceUnavailable
from motifnet.kernels import threads
from motifnet.training.device import choose_device, describe_device, use_bfloat16, use_threads


def with_gpus(monkeypatch, n):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: n)


@pytest.mark.parametrize(
    ("name", "n_gpus", "chosen"),
    [
        ("auto", 0, "cpu"),
        ("auto", 2, "cuda:0"),
        ("cpu", 2, "cpu"),
        ("cuda", 1, "cuda:0"),
        ("cuda:1", 2, "cuda:1"),
    ],
)
def test_the_device_that_was_asked_for_is_chosen(monkeypatch, name, n_gpus, chosen):
    with_gpus(monkeypatch, n_gpus)
    assert choose_device(name) == torch.device(chosen)


@pytest.mark.parametrize(
    ("name", "n_gpus", "available"),
    [("cuda", 0, "cpu"), ("cuda:1", 1, "cpu, cuda:0"), ("tpu", 0, "cpu"), ("", 0, "cpu")],
)
def test_a_device_that_is_not_there_is_said_with_those_that_are(monkeypatch, name, n_gpus, available):
    with_gpus(monkeypatch, n_gpus)
    sentence = rf"device '{name}' is not available here \(available: {available}\); use --device auto"
    with pytest.raises(DeviceUnavailable, match=sentence):
        choose_device(name)


def test_a_device_is_described_in_one_line(monkeypatch):
    assert describe_device(torch.device("cpu")) == "cpu (1 thread)"
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "Model T")
    assert describe_device(torch.device("cuda:0")) == "cuda:0 (Model T)"


def test_threads_are_those_asked_for_or_those_from_before():
    before = torch.get_num_threads()
    try:
        for n in (before + 1, before + 2):
            use_threads(n)
            assert torch.get_num_threads() == threads.n_threads() == n
        for _ in range(2):
            use_threads(0)
            assert torch.get_num_threads() == before
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("precision", "device", "has_bfloat16", "used"),
    [
        ("auto", "cpu", True, False),
        ("auto", "cuda:0", True, True),
        ("auto", "cuda:0", False, False),
        ("bfloat16", "cpu", False, True),
        ("float32", "cuda:0", True, False),
    ],
)
def test_mixed_precision_is_used_where_it_helps_or_is_asked_for(
    monkeypatch, precision, device, has_bfloat16, used
):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: has_bfloat16)
    assert use_bfloat16(TrainingOptions(precision=precision), torch.device(device)) == used
