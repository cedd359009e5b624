"""Checkpoints: what is saved comes back, and what is no checkpoint is said, whatever it is."""

import os
import pickle

import pytest
import torch

from motifnet.errors import CheckpointError, MissingFile
from motifnet.io import checkpoint
from motifnet.io.checkpoint import load_checkpoint, save_checkpoint

CONTENT = {
    "weights": {"a": torch.arange(6.0).reshape(2, 3), "b": torch.tensor([1, 2], dtype=torch.uint8)},
    "losses": [0.7, float("inf")],
    "name": "shallow",
    "epoch": 3,
    "nothing": None,
}


class RunsCode:
    """A pickle of this would make a folder where it is loaded carelessly."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.fixture
def path(tmp_path):
    where = tmp_path / "model.pt"
    save_checkpoint(where, "model", CONTENT)
    return where


def test_what_is_saved_comes_back(path):
    found = load_checkpoint(path, "model")
    for name, value in CONTENT["weights"].items():
        assert found["weights"][name].dtype == value.dtype
        assert torch.equal(found["weights"][name], value)
    for name in ("losses", "name", "epoch", "nothing"):
        assert found[name] == CONTENT[name]


def test_saving_again_replaces_and_leaves_nothing_beside(path):
    save_checkpoint(path, "model", {"epoch": 4})
    assert load_checkpoint(path, "model")["epoch"] == 4
    assert [file.name for file in path.parent.iterdir()] == ["model.pt"]


def test_what_cannot_be_saved_leaves_the_old_one(path):
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        save_checkpoint(path, "model", {"weights": lambda: None})
    assert load_checkpoint(path, "model")["epoch"] == 3
    assert [file.name for file in path.parent.iterdir()] == ["model.pt"]


def test_a_missing_checkpoint_is_a_missing_file(tmp_path):
    with pytest.raises(MissingFile, match=r"checkpoint .*none\.pt does not exist"):
        load_checkpoint(tmp_path / "none.pt", "model")
    with pytest.raises(MissingFile, match=r"is a folder"):
        load_checkpoint(tmp_path, "model")


def test_another_kind_is_refused(path):
    with pytest.raises(CheckpointError, match=r"model\.pt: holds a model; expected a training"):
        load_checkpoint(path, "training")


def test_a_newer_version_is_refused(path, monkeypatch):
    newer = checkpoint.VERSION + 1
    monkeypatch.setattr(checkpoint, "VERSION", newer)
    save_checkpoint(path, "model", CONTENT)
    monkeypatch.undo()
    with pytest.raises(CheckpointError, match=rf"has version {newer}; this motifnet reads up to {newer - 1}"):
        load_checkpoint(path, "model")


@pytest.mark.parametrize("version", [None, "2", 0, 1.5, float("nan"), [2]])
def test_a_version_that_is_none_is_refused(path, version):
    content = torch.load(path, weights_only=True)
    torch.save(content | {"version": version}, path)
    with pytest.raises(CheckpointError, match="is damaged, or of a motifnet from before"):
        load_checkpoint(path, "model")


@pytest.mark.parametrize("content", [{"weights": torch.zeros(2)}, torch.zeros(3), {"format": "other"}])
def test_a_file_of_another_program_is_refused(tmp_path, content):
    torch.save(content, tmp_path / "other.pt")
    with pytest.raises(CheckpointError, match=r"other\.pt: is not a checkpoint of motifnet"):
        load_checkpoint(tmp_path / "other.pt", "model")


@pytest.mark.parametrize(
    "raw", [b"", b">peak\nACGT\n", b"PK\x03\x04", bytes(range(256)), pickle.dumps([1, 2]), b"\x80\x02."]
)
def test_a_file_that_is_no_checkpoint_is_said_to_be_none(tmp_path, raw):
    (tmp_path / "raw.pt").write_bytes(raw)
    with pytest.raises(CheckpointError, match=r"raw\.pt: (is empty|is not a checkpoint of motifnet)"):
        load_checkpoint(tmp_path / "raw.pt", "model")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_checkpoint_is_said_to_be_damaged(path, share):
    raw = path.read_bytes()
    path.write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(CheckpointError, match="was cut short; copy it again"):
        load_checkpoint(path, "model")


def _same(found, wanted):
    if isinstance(wanted, torch.Tensor):
        return found.dtype == wanted.dtype and torch.equal(found, wanted)
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(_same(found[name], wanted[name]) for name in wanted)
    return found == wanted


@pytest.mark.parametrize("flip", [0xFF, 0x01, 0x20])
def test_what_is_damaged_anywhere_is_refused_or_what_was_saved(path, flip):
    """A bit in the padding of the container changes nothing that is read; any other is noticed."""
    raw = path.read_bytes()
    n_refused = 0
    for place in range(len(raw)):
        broken = bytearray(raw)
        broken[place] ^= flip
        path.write_bytes(broken)
        try:
            found = load_checkpoint(path, "model")
        except CheckpointError:
            n_refused += 1
        else:
            assert all(_same(found[name], CONTENT[name]) for name in CONTENT)
    assert n_refused > 100


def test_every_bit_of_a_weight_counts(path):
    content = torch.load(path, weights_only=True)
    bits = content["weights"]["a"].view(torch.int32)
    for bit in range(31):
        bits[1, 1] ^= 1 << bit
        torch.save(content, path)
        with pytest.raises(CheckpointError, match="does not hold what was written to it"):
            load_checkpoint(path, "model")
        bits[1, 1] ^= 1 << bit


def test_loading_runs_no_code_of_the_writer(tmp_path):
    torch.save({"format": checkpoint.FORMAT, "evil": RunsCode(tmp_path / "made")}, tmp_path / "evil.pt")
    with pytest.raises(CheckpointError):
        load_checkpoint(tmp_path / "evil.pt", "model")
    assert not (tmp_path / "made").exists()
