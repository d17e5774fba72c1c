"""Flow diagrams: everything is drawn, nothing overlaps, nothing can break out of the picture."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from assistant.knowledge import Knowledge
from flows.model import Bilingual, Flow, Phrases, Say
from kb.entry import LANGS
from web.console.diagram import draw_svg
from web.console.layers import lay_out
from web.console.texts import TEXTS

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@pytest.mark.parametrize("lang", LANGS)
def test_the_steps_of_all_flows_are_drawn_apart_from_each_other(knowledge: Knowledge, lang: str) -> None:
    for flow in knowledge.flows.values():
        boxes = parsed(draw_svg(flow, "zh" if lang == "zh" else "en")).findall(f"{SVG}g[@class]/{SVG}rect")
        assert len(boxes) == len(flow.steps)
        places = [tuple(float(box.attrib[name]) for name in ("x", "y", "width", "height")) for box in boxes]
        for (x1, y1, w1, h1), (x2, y2, w2, h2) in combinations(places, 2):
            assert x1 + w1 <= x2 or x2 + w2 <= x1 or y1 + h1 <= y2 or y2 + h2 <= y1, flow.id


def test_visits_are_shown_and_shade_the_steps(knowledge: Knowledge) -> None:
    flow = knowledge.flows["cancel-account"]
    assert flow.start
    picture = parsed(draw_svg(flow, "en", {flow.start: 40}))
    assert [text.text for text in picture.iter(f"{SVG}text") if text.get("class") == "visits"].count("40") == 1
    assert len(picture.findall(f"{SVG}g[@class='step ask shade-5']")) == 1


def test_a_text_cannot_break_out_of_the_picture() -> None:
    evil = '<script>alert(1)</script> & "quotes"'
    flow = Flow(
        id="x", title=Bilingual(zh=evil, en=evil), phrasings=Phrases(), start="a", steps={"a": Say(say=Bilingual(zh=evil, en=evil))}
    )
    assert "<script" not in draw_svg(flow, "en")
    parsed(draw_svg(flow, "en"))


def test_a_way_back_and_a_step_to_itself_are_no_trouble() -> None:
    layout = lay_out(dict.fromkeys("abc", (10.0, 10.0)), [("a", "b"), ("b", "c"), ("c", "a"), ("b", "b"), ("a", "c")], "a")
    tops = [layout.nodes[node][1] for node in "abc"]
    assert tops == sorted(tops)
    assert layout.edges["c", "a"][0] == layout.nodes["c"]
    assert layout.edges["c", "a"][-1] == layout.nodes["a"]


def test_a_flow_without_steps_has_no_picture() -> None:
    assert draw_svg(Flow(id="x", title=Bilingual(zh="甲", en="A"), phrasings=Phrases()), "zh") == ""


def test_every_sentence_of_the_console_is_in_both_languages() -> None:
    assert [key for key, pair in TEXTS.all.items() if set(pair) != set(LANGS) or not all(pair.values())] == []
