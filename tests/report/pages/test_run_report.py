"""The page: every section on every kind of result, offline, escaped, with no broken link inside."""

import re
from dataclasses import replace

import numpy as np
import pytest
from factory import (
    RESULTS,
    bare_result,
    crowded_result,
    empty_result,
    full_result,
    multi_task_result,
    told_result,
)
from html_page import Page

from motifnet.discovery.results import Dropped
from motifnet.motifs import Motif
from motifnet.report.pages.run_report import render_run
from motifnet.report.pages.sections.summary import headline

_EVIL = "<script>alert('x')</script>\x00 & \"co\""


@pytest.mark.parametrize("kind", RESULTS)
def test_page_loads_nothing_and_has_no_broken_link(kind):
    html = render_run(RESULTS[kind]())
    page = Page(html)
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert page.all("src") == []
    assert not {"link", "img", "iframe", "object"} & {tag for tag, _ in page.elements}
    assert not re.search(r"url\(|@import", html)
    for tag, attributes in page.elements:
        href = attributes.get("href", "#" + ids[0])
        assert href[1:] in ids if href.startswith("#") else tag == "a"
    for target in page.all("for"):
        assert target in ids


def test_page_is_the_same_each_time_and_small():
    assert render_run(full_result()) == render_run(full_result())
    assert len(render_run(crowded_result(20)).encode()) < 1_000_000


def test_sections_that_have_nothing_to_say_are_left_out():
    def names(result):
        return [attributes["id"] for tag, attributes in Page(render_run(result)).elements if tag == "section"]

    assert "tasks" in names(multi_task_result())
    assert "tasks" not in names(full_result())
    assert {"summary", "motifs", "performance", "data", "reading"} <= set(names(bare_result()))
    assert not {"not-significant", "details", "dropped", "settings"} & set(names(bare_result()))


def test_everything_is_escaped():
    found = full_result().motifs[0]
    known = found.matches[0]._replace(known=replace(found.matches[0].known, alt_name=_EVIL), database=_EVIL)
    found = replace(
        found,
        motif=replace(found.motif, name=_EVIL),
        filters=[_EVIL],
        task=_EVIL,
        by_task={_EVIL: found.enrichment},
        matches=[known],
        sites=replace(found.sites, sequences=replace(found.sites.sequences, names=[_EVIL] * 2000)),
    )
    metrics = replace(full_result().metrics[0], task=_EVIL)
    data = full_result().data._replace(
        tasks=[_EVIL, "b"],
        targets_by_task={_EVIL: 1},
        removed={_EVIL: 1},
        control_source=_EVIL,
        split_method=_EVIL,
    )
    record = {"command": _EVIL, "device": _EVIL, "versions": {_EVIL: _EVIL}, "config": {"x": {_EVIL: _EVIL}}}
    result = replace(
        full_result(_EVIL),
        data=data,
        motifs=[found, replace(found, significant=False)],
        metrics=[metrics],
        dropped=[Dropped(_EVIL, _EVIL, _EVIL)],
        warnings=[_EVIL],
        evaluation=_EVIL,
        record=record,
    )
    html = render_run(result)
    assert "<script>alert" not in html
    assert "\x00" not in html
    assert html.count("<script") == 2  # the motifs, and what makes files of them
    assert html.count("&lt;script&gt;alert") > 20
    Page(html)


def test_headline_says_what_was_found():
    assert headline(full_result()) == (
        "4 significant motifs; the best, 1-CCASYAGRKGGCR, most like CTCF (MA0139.2), is in "
        "80.3% of targets and 4.5% of controls."
    )
    assert " of targets of task gcn4 and " in headline(multi_task_result())


def test_headline_is_honest_about_nothing():
    assert headline(empty_result()).startswith(
        "No significant motif. None of the 2 motifs tried is more frequent"
    )
    assert (
        headline(bare_result())
        == "No significant motif. No filter of the network gave a motif that could be tested."
    )


def test_small_p_values_are_shown_from_their_logarithm():
    html = render_run(full_result())
    assert "4.4e-838" in html
    assert "4.4e-837" in html


def test_motifs_that_failed_are_shown_apart():
    html = render_run(full_result())
    greyed = html.partition('class="greyed"')[2].partition("</section>")[0]
    assert "5-TTTTTTWTTT" in greyed
    assert "1-CCASYAGRKGGCR" not in greyed


def test_what_is_no_motif_is_set_apart_and_not_counted():
    html = render_run(told_result())
    apart = html.partition('<section id="set-apart"')[2].partition("</section>")[0]
    assert "<summary>1 repeat, 1 of low complexity</summary>" in apart
    assert "4-GGGGCGGGGH" in apart
    assert "5-TTTTTTWTTT" in apart
    for section in ("motifs", "details", "not-significant"):
        assert "4-GGGGCGGGGH" not in html.partition(f'<section id="{section}"')[2].partition("</section>")[0]
    assert headline(told_result()).startswith("3 significant motifs")
    assert "of 5 tried; set apart: 1 repeat, 1 of low complexity" in html


def test_what_is_no_motif_counts_where_it_is_kept():
    motifs = [replace(found, kept=True) for found in told_result().motifs]
    kept = replace(told_result(), motifs=motifs)
    html = render_run(kept)
    assert headline(kept).startswith("5 significant motifs")
    assert '<section id="set-apart"' not in html
    assert '<span class="remark">low complexity</span>' in html


def test_nothing_but_repeats_is_no_motif():
    apart = [found for found in told_result().motifs if found.is_set_apart]
    told = headline(replace(told_result(), motifs=apart))
    assert told.startswith("No significant motif. All that is more frequent in targets than in controls")
    assert told.endswith("is no motif: 1 repeat, 1 of low complexity.")


def test_parts_say_what_tests_count_where_that_is_less():
    result = full_result()
    *others, test = result.data.parts
    assert "tested</span>" not in render_run(result)
    fewer = result.data._replace(parts=(*others, test._replace(n_tested=(1273, 1274))))
    page = render_run(replace(result, data=fewer))
    row = re.search(r'<tr><th scope="row">test</th>.*', page)[0].replace('<i data-u=","></i>', ",")
    assert '<td>2,000<span class="remark"> 1,273 tested</span></td>' in row
    assert '<td>4,000<span class="remark"> 1,274 tested</span></td>' in row
    assert page.count(" tested</span>") == 2


def test_changed_options_are_marked():
    changed = re.findall(r'class="changed"><th scope="row"><code>(\w+)', render_run(full_result()))
    assert changed == ["n_motifs"]


def test_baseline_above_the_limit_is_marked():
    assert 'class="suspicious">0.640' in render_run(full_result())


def test_both_orientations_of_a_motif_are_in_the_page():
    asymmetric = Motif("1-AC", np.array([[9, 0], [0, 9], [0, 0], [0, 0]]))
    found = replace(full_result().motifs[0], motif=asymmetric, matches=())
    html = render_run(replace(full_result(), motifs=[found]))
    (forward,) = re.findall(r'class="forward">(.*?)</div>', html, re.DOTALL)
    assert re.findall("#g(.)", forward) == ["A", "C"]
    assert 'class="reverse drawn" data-scale="0.75" data-tracks="m1 0 - :"' in html
