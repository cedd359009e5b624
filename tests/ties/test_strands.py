import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from motifnet.errors import InvalidValue, ShapeMismatch
from motifnet.symbols import DNA as ALPHABET
from motifnet.ties import DNA, Strands

terms = st.lists(st.tuples(st.integers(1, 4), st.sampled_from("peo")), min_size=1, max_size=4)
types = terms.map(lambda found: Strands("+".join(f"{count}{kind}" for count, kind in found)))


@given(types)
def test_text_round_trip(kind):
    assert Strands.parse(str(kind)) == kind
    assert hash(Strands.parse(str(kind))) == hash(kind)


@given(types)
def test_twice_the_other_strand_is_this_strand(kind):
    x = torch.randn(2, len(kind), 5)
    assert torch.equal(kind.reverse_complement(kind.reverse_complement(x)), x)


@given(types)
def test_axes_are_independent(kind):
    x = torch.randn(len(kind), 3, len(kind))
    assert torch.equal(kind.act(x, 0), kind.act(x.transpose(0, 2), 2).transpose(0, 2))
    assert torch.equal(kind.act(x, -1), kind.act(x, 2))


@given(types)
def test_every_channel_lies_in_one_orbit(kind):
    members = [channel for orbit in kind.orbits for channel in set(orbit)]
    assert sorted(members) == list(range(len(kind)))


def test_dna_is_complemented_as_the_alphabet_says():
    codes = ALPHABET.encode("ACGTTAG")
    hot = torch.eye(4)[torch.from_numpy(codes).long()].T[None]
    found = DNA.reverse_complement(hot)[0].argmax(0)
    assert found.tolist() == ALPHABET.reverse_complement(codes).tolist()


def test_each_kind_moves_as_it_should():
    kind = Strands("2p+1e+2o")
    assert (len(kind), str(kind), kind.has_odd) == (7, "2p+1e+2o", True)
    moved = kind.act(torch.arange(1.0, 8.0), 0)
    assert moved.tolist() == [4, 3, 2, 1, 5, -6, -7]
    assert not DNA.has_odd
    assert (Strands.pairs(3), Strands.even(2)) == (Strands("3p"), Strands("2e"))


def test_equal_types_have_equal_text():
    assert str(Strands(" 1e + 2e+0p+1o")) == "3e+1o"
    assert str(Strands("1p+1p")) == "1p+1p"  # two pairs side by side are not two nested ones
    assert Strands("1p+1p").perm != Strands("2p").perm


@pytest.mark.parametrize("text", ["", "8", "p", "8x", "4p+", "4p 4e", "-1p", "0p"])
def test_unreadable_types_are_refused(text):
    with pytest.raises(InvalidValue, match="channel type is"):
        Strands.parse(text)


def test_wrong_number_of_channels_is_refused():
    with pytest.raises(ShapeMismatch, match=r"expected 4 channels \(2p\) on axis 1"):
        DNA.act(torch.zeros(1, 5, 3), 1)


def test_types_are_joined_as_channels_are():
    both = DNA + Strands("3e") + "1o"
    assert str(both) == "2p+3e+1o"
    x, y, z = (torch.randn(2, n, 9) for n in (4, 3, 1))
    joined = both.reverse_complement(torch.cat([x, y, z], 1))
    kinds = (DNA, Strands("3e"), Strands("1o"))
    each = [kind.reverse_complement(part) for kind, part in zip(kinds, (x, y, z), strict=True)]
    torch.testing.assert_close(joined, torch.cat(each, 1))
    for part, expected in zip(both.split(joined, DNA, "3e", "1o"), each, strict=True):
        torch.testing.assert_close(part, expected)
    assert str(Strands("2e") + "3e") == "5e"


def test_a_split_that_would_part_partners_is_refused():
    with pytest.raises(InvalidValue, match="types whose sum is 4p"):
        Strands("4p").split(torch.zeros(1, 8, 3), "2p", "2p")
    with pytest.raises(ShapeMismatch):
        (DNA + DNA).split(torch.zeros(1, 4, 3), DNA, DNA)
    with pytest.raises(InvalidValue, match="text such as '8p'"):
        DNA + 16
