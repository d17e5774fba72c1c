"""Conversations as data: each file in tests/transcripts is a list of turns, what is said and what must come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Client, converse

FILES = sorted((ROOT / "tests" / "transcripts").rglob("*.yaml"))
TURNS = {path: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
async def test_the_conversation_goes_as_written(client: Client, path: Path) -> None:
    conversation = await converse(client)
    for number, turn in enumerate(TURNS[path], 1):
        message = {"choice": turn["choose"]} if "choose" in turn else {"text": turn["say"]}
        response = await conversation.post(**message)
        assert response.status_code == 200, response.text
        _check(response.json(), turn.get("expect", {}), f"{path.name} turn {number}")


def _check(reply: dict[str, Any], expected: dict[str, Any], where: str) -> None:
    options = [o["id"] for m in reply["messages"] for b in m["blocks"] if b["type"] == "choices" for o in b["options"]]
    text = "\n".join(b["markdown"] for m in reply["messages"] for b in m["blocks"] if b["type"] == "text")
    for name, value in expected.items():
        if name == "offers":
            assert value in options, f"{where}: {options}"
        elif name == "text":
            assert value in text, f"{where}: {text}"
        elif name == "lang":
            assert reply["state"]["lang"] == value, where
        else:
            assert reply["decision"][name] == value, f"{where}: {reply['decision']}"
