"""Which ways recorded conversations have walked: what a part does counts for every flow that includes it."""

from __future__ import annotations

import json
from pathlib import Path

from flows.coverage import coverage
from flows.load import load_flows

STEPS = """
  a: {{part: identity, next: {own}, otherwise: end}}
  {own}: {{say: {{zh: 好, en: Good}}}}
  end: {{say: {{zh: 完, en: End}}}}
"""


def test_a_part_is_walked_once_for_all_its_flows_and_each_flow_for_itself(tmp_path: Path) -> None:
    for name, own in (("one", "b"), ("two", "c")):
        head = f"id: {name}\ntitle: {{zh: 样例, en: Sample}}\nphrasings: {{zh: [一], en: [one]}}\nstart: a\nsteps:"
        (tmp_path / f"{name}.yaml").write_text(head + STEPS.format(own=own), encoding="utf-8")
    flows = load_flows(tmp_path)
    walked = flows["one"]
    left = [[edge.source, edge.name] for edge in walked.edges]
    walks = [json.dumps({"flow": "one", "lang": "zh", "entered": list(walked.steps), "left": left})]
    missing = {(found.flow, found.lang): set(found.missing) for found in coverage(flows, walks)}
    assert missing["one", "zh"] == set()
    assert missing["two", "zh"] == {("c", ""), ("end", "")}
    assert missing["one", "en"] >= {("b", ""), ("a", "proven"), ("a_wanted", "no")}
