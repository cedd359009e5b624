"""A digest is that of the content, however it is laid out, and of nothing but finite numbers."""

import pytest

from motifnet.errors import InvalidValue
from motifnet.io.digest import KEY, digest


def test_a_digest_changes_with_the_content_alone():
    content = {"a": [1, 2.5, None, "x"], "b": {"c": "d"}}
    assert digest(content) == digest({"b": {"c": "d"}, "a": [1, 2.5, None, "x"], KEY: "old"})
    assert len(digest(content)) == 64
    others = [{"a": [1, 2.5, None, "x"]}, content | {"a": [1, 2.50001, None, "x"]}, content | {"e": 1}]
    assert len({digest(each) for each in [content, *others]}) == 4


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_numbers_are_finite(number):
    with pytest.raises(InvalidValue, match="expected a finite number"):
        digest({"a": [number]})
