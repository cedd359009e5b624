import pytest

from motifnet.config.train import ModelOptions
from motifnet.errors import InvalidValue, UnknownName
from motifnet.ties import TIES, Tie
from motifnet.ties.of_filters import FREE, FilterTies


def ties_of(*asked, n_filters=8, width=24):
    return FilterTies.of(ModelOptions(tie=asked, n_filters=n_filters, filter_width=width))


def names(*asked, **size):
    ties = ties_of(*asked, **size)
    return [ties.of_filter(number).name for number in range(size.get("n_filters", 8))]


def test_nothing_asked_for_is_nothing_tied():
    assert ties_of().groups == (FREE,)
    assert ties_of().bank(3, 5) == Tie.untied((3, 4, 5))


def test_filters_are_counted_out_in_the_order_asked_for():
    asked = ("direct_repeat,spacer=4:2", "palindrome", "inverted_repeat:1")
    assert names(*asked) == ["direct_repeat,spacer=4"] * 2 + ["inverted_repeat"] + ["palindrome"] * 5
    assert names("palindrome:2", n_filters=4) == ["palindrome", "palindrome", "", ""]
    assert names("palindrome:4", n_filters=4) == ["palindrome"] * 4
    assert len(ties_of("palindrome:4", n_filters=4).groups) == 1
    assert ties_of("palindrome:4", n_filters=4).of_filter(9) == FREE
    assert [ties_of(*asked).first(group) for group in range(3)] == [0, 2, 3]


def test_what_is_used_leaves_fewer():
    left = ties_of("palindrome:3").without([0, 1, 0])
    assert [group.n_filters for group in left.groups] == [1, None]


def test_the_width_of_the_filter_says_what_was_left_open():
    assert ties_of("palindrome", width=9).of_filter(0).tie == TIES["palindrome"](9)
    assert ties_of("inverted-repeat, spacer = 4").of_filter(0).tie == TIES["inverted_repeat"](10, 4)
    whole = ties_of("direct_repeat,half_width=6,spacer=3", width=15)
    assert whole.of_filter(0).tie == TIES["direct_repeat"](6, 3)


def test_the_bank_is_each_filter_under_its_own():
    bank = ties_of("palindrome:1", n_filters=2, width=4).bank(2, 4)
    assert bank == Tie.parse("Tie(2x4x4: 1..8 8..1 9..24)")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("palindrom", "no tie of a filter named 'palindrom'; did you mean 'palindrome'"),
        ("antipalindrome", "no tie of a filter named 'antipalindrome'"),
        ("inverted_repeat,spacr=2", "no argument of the tie .* named 'spacr'; did you mean 'spacer'"),
        ("inverted_repeat,spacer=2,spacer=4", "spacer of the tie .* expected one value; it has another"),
        ("inverted_repeat,spacer=x", "spacer of the tie .* is 'x'; expected a whole number, from 0"),
        ("inverted_repeat,spacer=65", "spacer of the tie .* is '65'; expected a whole number, from 0 to 64"),
        ("inverted_repeat,half_width=0", "half_width of the tie .* expected a whole number, from 1 to 64"),
        ("inverted_repeat,spacer", "tie is 'inverted_repeat,spacer'; expected NAME, NAME:FILTERS or"),
        ("inverted_repeat(spacer=2)", "expected NAME, NAME:FILTERS or"),
        ("palindrome:", "filters under --tie palindrome: is ''; expected a whole number, 1 or more"),
        ("palindrome:0", "expected a whole number, 1 or more"),
        ("palindrome:9", r"tie is 'palindrome:9'; expected ties of at most 8 filters \(--n-filters\)"),
        ("inverted_repeat,spacer=3", "filter_width is 24; expected 23 or 25 with --tie inverted_repeat"),
        ("direct_repeat,half_width=6", "filter_width is 24; expected 12 with --tie direct_repeat"),
        ("", "tie is ''; expected NAME"),
    ],
)
def test_what_cannot_be_is_refused(asked, sentence):
    with pytest.raises((InvalidValue, UnknownName), match=sentence):
        ties_of(asked)


def test_two_ties_cannot_have_all_filters():
    with pytest.raises(InvalidValue, match="expected NAME:FILTERS: 'palindrome' takes all"):
        ties_of("palindrome", "direct_repeat")
    with pytest.raises(InvalidValue, match="ties of at most 8 filters"):
        ties_of("palindrome:8", "direct_repeat")
