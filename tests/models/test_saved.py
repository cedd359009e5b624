"""A trained network on disk: the same logits when it is read, and a sentence where it cannot be."""

import dataclasses
import re

import numpy as np
import pytest
import torch

from motifnet.config.train import TrainConfig
from motifnet.errors import CheckpointError, InvalidValue, MissingFile
from motifnet.io.checkpoint import load_checkpoint, save_checkpoint
from motifnet.models.build import MODELS, build, completed
from motifnet.models.network import STRANDS
from motifnet.models.saved import LAYOUT, TrainedModel, read_trained, write_trained
from tests.models.handled import handled

BACKGROUND = np.array([0.3, 0.2, 0.2, 0.3])
FAMILIES_AND_STRANDS = [(family, strand) for family in MODELS for strand in STRANDS]
CODES, LENGTHS = torch.randint(0, 4, (5, 40), dtype=torch.uint8), torch.tensor([40, 31, 40, 12, 25])


def trained(family="shallow", strand="tied", **options):
    asked = handled(strand, family=family, n_filters=20, filter_width=8, **options)
    network = build(asked, 2)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.2)
    config = TrainConfig(model=asked).model_dump(mode="json")
    return TrainedModel(network.eval(), asked, ("one", "two"), 150, BACKGROUND, "binary", config)


def spoilt(path, **changes):
    """A file of the newest layout in which some keys say something else; ``None`` takes a key away."""
    write_trained(path, trained())
    content = load_checkpoint(path, "model") | changes
    header = ("format", "version", "kind", "digest")
    content = {name: value for name, value in content.items() if name not in header and value is not None}
    save_checkpoint(path, "model", content)
    return path


@pytest.mark.parametrize(("family", "strand"), FAMILIES_AND_STRANDS)
def test_what_was_written_is_read_to_the_same_logits(family, strand, tmp_path):
    model = trained(family, strand)
    write_trained(tmp_path / "model.pt", model)
    again = read_trained(tmp_path / "model.pt")
    assert not again.network.training
    assert torch.equal(again.network(CODES, LENGTHS), model.network(CODES, LENGTHS))
    np.testing.assert_array_equal(again.background, BACKGROUND)
    for name in ("tasks", "window", "target", "config", "motifnet"):
        assert getattr(again, name) == getattr(model, name), name
    assert again.options == completed(model.options)


def test_options_of_the_family_are_kept_whatever_the_defaults_become(tmp_path):
    model = trained("deep", family_option=("dilations=1,3",))
    write_trained(tmp_path / "model.pt", model)
    again = read_trained(tmp_path / "model.pt")
    assert again.options.family_option == (
        "dilations=1,3", "block_width=5", "activation=relu", "dropout=0.1",
    )  # fmt: skip
    assert torch.equal(again.network(CODES, LENGTHS), model.network(CODES, LENGTHS))


def weights(**changes):
    """The weights of a network with some of them changed."""
    return dict(trained().network.state_dict()) | changes


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"layout": LAYOUT + 1}, f"has a model of layout {LAYOUT + 1}; this motifnet reads layout {LAYOUT}"),
        ({"layout": "new"}, "has a model of layout new"),
        ({"layout": [2]}, r"has a model of layout \[2\]"),
        ({"window": 2.5}, "window is 2.5; expected a number of bases"),
        ({"tasks": "x"}, "tasks is 'x'; expected a list of names"),
        ({"config": "3"}, "config is 3; expected options by name"),
        ({"tasks": None}, "has a model without 'tasks'; train it again"),
        ({"tasks": ["one"]}, r"has weights \(head.bias\) of shape \(2,\); expected \(1,\)"),
        ({"background": [0.5, 0.5, 0.5, 0.5]}, "four probabilities whose sum is one"),
        ({"background": "AT"}, "cannot be read"),
        ({"window": -1}, "window is -1; expected 0 or more"),
        ({"options": "{}"}, r"of shape \(20,\); expected \(16,\)"),
        ({"options": '{"family": "shalow"}'}, "no family named 'shalow'"),
        ({"options": '{"no_such": 1}'}, "cannot be read .*no_such"),
        ({"state_dict": {}}, "lacks the weights"),
        ({"state_dict": weights(extra=torch.zeros(1))}, "that its network has no place for"),
        (
            {"state_dict": weights(**{"scan.weight": torch.full((20, 4, 8), torch.nan)})},
            r"weights \(scan.weight\) that are no finite numbers",
        ),
    ],
)
def test_what_cannot_be_is_refused(changes, sentence, tmp_path):
    path = spoilt(tmp_path / "model.pt", **changes)
    with pytest.raises(CheckpointError, match=f"^{re.escape(str(path))}: .*{sentence}"):
        read_trained(path)


def test_what_is_no_model_is_refused(tmp_path):
    with pytest.raises(MissingFile):
        read_trained(tmp_path / "none.pt")
    save_checkpoint(tmp_path / "other.pt", "training", {})
    with pytest.raises(CheckpointError, match="holds a training; expected a model"):
        read_trained(tmp_path / "other.pt")


def test_a_model_says_as_many_names_as_it_has_outputs():
    with pytest.raises(InvalidValue, match=r"tasks is \['one'\]; expected as many .* outputs \(2\)"):
        dataclasses.replace(trained(), tasks=("one",))
