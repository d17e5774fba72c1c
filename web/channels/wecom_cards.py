"""Choices as template cards: buttons, or a vote; what no card can hold is left to numbered text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.message import Incoming
from assistant.store.wecom import SentCard
from flows.blocks import Choices, Option
from kb.entry import Lang
from web.channels.wecom_texts import text

QUESTION = "choice"
SUBMIT = "submit"
MOST_BUTTONS, MOST_OPTIONS = 6, 20
_LAST_WORD = re.compile(r" [!-~]+$| $")


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many characters WeCom shows of each part."""

    title: int
    list: int
    button: int
    option: int


APP = Lengths(title=36, list=160, button=10, option=17)
BOT = Lengths(title=26, list=112, button=10, option=11)


def make_card(choices: Choices, question: str, lang: Lang, task_id: str, lengths: Lengths) -> SentCard | None:
    """A card with these options; None when none can hold them all, readably."""
    options = {str(number): option for number, option in enumerate(choices.options, 1)}
    title = {"title": question or text("choose-several" if choices.multiple else "choose", lang)}
    shape = _multiple(options, lang, lengths) if choices.multiple else _single(options, lang, lengths)
    if not shape or not choices.options:
        return None
    return SentCard(task_id, options, {**shape, "main_title": title, "task_id": task_id})


def picked(sent: SentCard, event_key: str, selected: Mapping[str, Sequence[str]]) -> list[Option]:
    """The options that a click names; nothing for what was never offered."""
    keys = selected.get(QUESTION, ()) if event_key == SUBMIT else (event_key,)
    return [sent.options[key] for key in dict.fromkeys(keys) if key in sent.options]


def said_by(chosen: Sequence[Option], key: str) -> Incoming:
    """A click as what it says: one option is a choice, several are said by their labels."""
    if len(chosen) == 1:
        return Incoming(message_id=key, choice=chosen[0].id)
    return Incoming(message_id=key, text="、".join(option.label for option in chosen))


def answered(sent: SentCard, chosen: Sequence[Option], lang: Lang, lengths: Lengths) -> dict[str, Any]:
    """The card after the click: it shows what was chosen and can no longer be clicked."""
    card = {**sent.card, "replace_text": chosen_text(chosen, lang, lengths)}
    if "checkbox" in card:
        ids = {option.id for option in chosen}
        marked = [{**entry, "is_checked": sent.options[entry["id"]].id in ids} for entry in card["checkbox"]["option_list"]]
        card["checkbox"] = {**card["checkbox"], "option_list": marked, "disable": True}
    return card


def chosen_text(chosen: Sequence[Option], lang: Lang, lengths: Lengths) -> str:
    """What the greyed button says, which fills the card from side to side."""
    return text("chosen", lang, label=_shortened("、".join(option.label for option in chosen), lengths.title))


def _single(options: Mapping[str, Option], lang: Lang, lengths: Lengths) -> dict[str, Any] | None:
    """Labels on buttons, or labels to mark, or buttons whose long labels begin with a number and stand in full above."""
    few = len(options) <= MOST_BUTTONS
    long = {key: f"{key}. {option.label}" for key, option in options.items() if len(option.label) > lengths.button}
    if few and not long:
        return _buttons({key: option.label for key, option in options.items()})
    if all(len(option.label) <= lengths.option for option in options.values()):
        return _vote(options, lang, mode=0)
    listed = "\n".join(long.values())
    if few and len(listed) <= lengths.list:
        labels = {key: _shortened(long[key], lengths.button) if key in long else option.label for key, option in options.items()}
        return {**_buttons(labels), "sub_title_text": listed}
    return None


def _shortened(label: str, most: int) -> str:
    """The label, or as much of it as fits; the last English word is rather left out than cut, where enough remains."""
    if len(label) <= most:
        return label
    whole = _LAST_WORD.sub("", label[:most])
    kept = whole if most * 2 // 3 < len(whole) < most else label[: most - 1]
    return f"{kept.rstrip(' ,.;:，、')}…"


def _multiple(options: Mapping[str, Option], lang: Lang, lengths: Lengths) -> dict[str, Any] | None:
    return _vote(options, lang, mode=1) if all(len(option.label) <= lengths.option for option in options.values()) else None


def _buttons(labels: Mapping[str, str]) -> dict[str, Any]:
    return {"card_type": "button_interaction", "button_list": [{"text": label, "style": 1, "key": key} for key, label in labels.items()]}


def _vote(options: Mapping[str, Option], lang: Lang, mode: int) -> dict[str, Any] | None:
    if len(options) > MOST_OPTIONS:
        return None
    entries = [{"id": key, "text": option.label, "is_checked": False} for key, option in options.items()]
    return {
        "card_type": "vote_interaction",
        "checkbox": {"question_key": QUESTION, "mode": mode, "option_list": entries},
        "submit_button": {"text": text("submit", lang), "key": SUBMIT},
    }
