"""The contract of sections of the report: each renders whatever a run may have found.

Sections are found in their registry, so that a new one is tried without an edit here.
"""

import re

import pytest
from factory import RESULTS
from html_page import Page

from motifnet.report.pages import sections
from motifnet.report.pages.run_report import render_run
from motifnet.report.pages.section_registry import SECTIONS, in_order


def test_sections_are_found():
    registered = {SECTIONS[name].render.__module__.rpartition(".")[2] for name in SECTIONS}
    assert registered == set(sections.MODULES)
    assert len(SECTIONS) >= 8
    assert len(RESULTS) >= 4


def test_sections_have_places_of_their_own():
    assert len({each.place for each in in_order()}) == len(SECTIONS)
    assert next(each.name for each in in_order()) == "summary"


@pytest.mark.parametrize("kind", RESULTS)
@pytest.mark.parametrize("name", list(SECTIONS))
def test_a_section_renders(name, kind):
    html = SECTIONS[name].render(RESULTS[kind]())
    assert isinstance(html, str)
    page = Page(html)
    assert not {"nan", "inf", "None"} & {words.strip() for words in page.words}
    assert page.all("src") == []
    assert not re.search(r"url\(|@import", html)
    assert html == SECTIONS[name].render(RESULTS[kind]())


@pytest.mark.parametrize("name", list(SECTIONS))
def test_a_section_that_has_something_to_say_is_in_the_page(name):
    spoken = [make() for make in RESULTS.values() if SECTIONS[name].render(make()).strip()]
    assert spoken, f"no made-up result has anything for section {name!r}"
    for result in spoken:
        anchors = [
            attributes["id"] for tag, attributes in Page(render_run(result)).elements if tag == "section"
        ]
        assert anchors.count(name) == 1
