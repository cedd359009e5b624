import pytest
import torch
from torch.nn import functional as F

from motifnet.errors import InvalidValue, UnknownName
from motifnet.ties import DNA, TIES, Strands

MIXED = Strands("2p+2e+1o")

# Arguments of named ties, and the number of free parameters that they must leave; contracts try all ties.
CASES = {
    "untied": ((3, 4), 12),
    "reverse_complement": ((MIXED, DNA, 5), 4 * 5 * 4 // 2 + 2 * 10 + 10),
    "strand_bias": ((MIXED,), 4),
    "strand_scale": ((MIXED,), 5),
    "strand_readout": ((3, MIXED), 12),
    "palindrome": ((7,), 14),
    "antipalindrome": ((7,), 14),
    "direct_repeat": ((6, 3), 4 * 9),
    "inverted_repeat": ((6, 3), 4 * 9),
    "strand_emissions": ((5,), 20),
    "symmetric_indels": ((), 5),
    "shared_depth": ((4, 2, 3), 6),
    "shared_dilation": ((3, 2, 2, 5), 20),
    "shared_experiments": ((5, 4, 8), 32),
    "convolution": ((2, 3, 4, 9), 24),
}


@pytest.mark.parametrize("name", CASES)
def test_so_many_parameters_are_free(name):
    arguments, n_free = CASES[name]
    assert TIES[name](*arguments).n_free == n_free


def test_a_misspelt_name_is_told():
    with pytest.raises(UnknownName, match="no tie named 'palindrom'; did you mean 'palindrome'"):
        TIES["palindrom"]


def drawn(name):
    tie = TIES[name](*CASES[name][0])
    return tie.expand(torch.randn(tie.n_free))


def test_palindromes_equal_their_reverse_complement():
    even, odd = drawn("palindrome"), drawn("antipalindrome")
    assert torch.equal(even, even.flip(0, 1))
    assert torch.equal(odd, -odd.flip(0, 1))


def test_repeats_leave_their_spacer_free():
    direct, inverted = drawn("direct_repeat"), drawn("inverted_repeat")
    assert torch.equal(direct[:, :6], direct[:, 9:])
    assert torch.equal(inverted[:, :6], inverted[:, 9:].flip(0, 1))
    assert len(set(inverted[:, 6:9].flatten().tolist())) == 12


def test_an_inverted_repeat_without_a_spacer_is_a_palindrome():
    assert TIES["inverted_repeat"](4) == TIES["palindrome"](8)


def test_the_second_strand_of_an_hmm_emits_the_reverse_complement():
    emissions = drawn("strand_emissions")
    assert torch.equal(emissions[1], emissions[0].flip(0, 1))


def test_indels_are_alike_in_both_sequences():
    a = drawn("symmetric_indels")
    assert a[0, 1] == a[0, 2]
    assert a[1, 0] == a[2, 0]
    assert a[1, 1] == a[2, 2]
    assert a[1, 2] == a[2, 1]


def test_shared_parameters_are_the_same_along_the_first_axis():
    for name in ("shared_depth", "shared_dilation", "shared_experiments"):
        stack = drawn(name)
        assert torch.equal(stack, stack[:1].expand_as(stack))


def test_a_palindromic_filter_is_an_even_channel():
    even = TIES["reverse_complement"](Strands("1e"), DNA, 7)
    assert even.expand(torch.arange(14.0))[0].equal(TIES["palindrome"](7).expand(torch.arange(14.0)))


def test_a_filter_wider_than_the_sequence_is_refused():
    with pytest.raises(InvalidValue, match="width is 5; expected at most the length, 4"):
        TIES["convolution"](1, 1, 5, 4)


def test_a_readout_is_the_same_for_both_strands():
    weight, features = drawn("strand_readout"), torch.randn(4, len(MIXED))
    torch.testing.assert_close(F.linear(MIXED.act(features, 1), weight), F.linear(features, weight))
