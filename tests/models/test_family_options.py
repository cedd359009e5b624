"""Options of one family: read from text, and refused in words that name family, option and what is known."""

import pytest
from pydantic import Field

from motifnet.config.train import ModelOptions
from motifnet.errors import InvalidValue, UnknownName
from motifnet.models.build import build, completed
from motifnet.models.families.deep import DeepOptions
from motifnet.models.family_options import FamilyOptions


class Options(FamilyOptions):
    """Options of a family of these tests."""

    widths: tuple[int, ...] = Field((3, 5), description="Some numbers.")
    names: tuple[str, ...] = Field((), description="Some words.")
    is_fast: bool = Field(default=False, description="A switch.")
    share: float = Field(0.5, ge=0, lt=1, description="A number.")


def asked(*family_option, family="deep"):
    return ModelOptions(family=family, family_option=family_option)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ((), {"widths": (3, 5), "names": (), "is_fast": False, "share": 0.5}),
        (("widths=7", "share=0.25"), {"widths": (7,), "share": 0.25}),
        (("widths=", "names=a,b", "is-fast=true"), {"widths": (), "names": ("a", "b"), "is_fast": True}),
        ((" share = 0 ",), {"share": 0.0}),
    ],
)
def test_text_is_read(text, values):
    read = Options.of(asked(*text))
    assert {name: getattr(read, name) for name in values} == values
    assert Options.of(asked(*read.as_text())) == read


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        (
            ["shares=1"],
            UnknownName,
            r"no option of the family 'deep' named 'shares'; did you mean 'share'\? "
            r"\(known: is_fast, names, share, widths\)",
        ),
        (["share=1"], InvalidValue, "share of the family 'deep' is '1'; expected less than 1"),
        (["share=a"], InvalidValue, "share of the family 'deep' is 'a'; expected a valid number"),
        (["share=nan"], InvalidValue, "share of the family 'deep' is 'nan'; expected a finite number"),
        (["widths=3,x"], InvalidValue, "widths of the family 'deep' is '3,x'; expected a valid integer"),
        (["share"], InvalidValue, "family_option is 'share'; expected NAME=VALUE, such as dropout=0.2"),
        (["share=0", "share=0.1"], InvalidValue, "share of the family 'deep' is '0.1'; expected one value"),
    ],
)
def test_what_cannot_be_is_refused(text, error, sentence):
    with pytest.raises(error, match=sentence):
        Options.of(asked(*text))


def test_an_option_of_another_family_is_refused():
    with pytest.raises(UnknownName, match="no option of the family 'deep' named 'pool'"):
        build(asked("pool=max"), 1)
    with pytest.raises(
        UnknownName, match=r"no option of the family 'shallow' named 'dropout' \(known: pool\)"
    ):
        completed(asked("dropout=0.2", family="shallow"))


def test_a_network_is_what_its_options_ask_for():
    network = build(asked("dilations=1,3,9", "dropout=0.4", "activation=exp", "block_width=7"), 1)
    assert [block.look.dilation for block in network.blocks] == [1, 3, 9]
    assert {block.look.width for block in network.blocks} == {7}
    assert (network.head[0].p, network.activation.name) == (0.4, "exp")
    assert build(asked("pool=max", family="shallow"), 1).scan.how == "max"


def test_a_block_looks_at_an_odd_number_of_positions():
    with pytest.raises(InvalidValue, match="block_width of the family 'deep' is '4'; expected an odd number"):
        DeepOptions.of(asked("block_width=4"))
