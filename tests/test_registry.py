"""A registry gives back what was filed, and says what it knows where it was asked for something else."""

import pytest

from motifnet.errors import UnknownName
from motifnet.registry import Registry


@pytest.fixture
def greetings():
    filed = Registry("greeting")
    filed.register("hello")("Hello!")
    filed.register("bye")("Bye!")
    return filed


def test_entries_are_found_by_name_in_alphabetical_order(greetings):
    assert list(greetings) == ["bye", "hello"]
    assert len(greetings) == 2
    assert greetings["hello"] == "Hello!"
    assert "bye" in greetings
    assert "good day" not in greetings


def test_registering_gives_the_entry_back(greetings):
    @greetings.register("hi")
    def say():
        return "Hi!"

    assert say() == greetings["hi"]() == "Hi!"


def test_a_name_is_taken_once(greetings):
    with pytest.raises(ValueError, match="greeting 'hello' is registered twice"):
        greetings.register("hello")("Hello again!")
    assert greetings["hello"] == "Hello!"


def test_an_unknown_name_gets_a_hint(greetings):
    sentence = r"no greeting named 'helo'; did you mean 'hello'\? \(known: bye, hello\)"
    with pytest.raises(UnknownName, match=sentence):
        greetings["helo"]
