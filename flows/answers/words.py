"""How people say yes, count, ask, hesitate and correct themselves: ``words.yaml``, and small readers of it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import opencc
import yaml

WORDS = Path(__file__).with_name("words.yaml")

Kind: TypeAlias = Literal[
    "yes", "no", "plain", "unsure", "question", "lead", "tail", "filler", "trouble", "denied", "lost",
    "strong_cue", "weak_cue", "taken_back", "becomes", "back", "repeat", "why", "skip", "unwilling", "cancel", "restart", "retry",
]  # fmt: skip

BRIEF_HAN, BRIEF_WORDS = 16, 12
"""A longer clause is a story, not an answer: its words are not taken one by one."""

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[a-z0-9']+")
_EDGES = " \t.,;:!~、，。；：！…～\"“”'‘’()（）[]【】「」"
_CLAUSES = re.compile(r"[,，;；!！\n。]+|\.(?=\s|$)|(?<=[?？])|\s(?:and|but)\s|并且|而且|然后|另外|不过|但是|，?但(?=是|我)", re.IGNORECASE)
_to_simplified = opencc.OpenCC("t2s")


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """One spelling for one meaning: NFKC, lower case, simplified script, single blanks, no marks around it."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("‘", "'")
    if _HAN.search(folded):
        folded = _to_simplified.convert(folded)
    return re.sub(r"\s+", " ", folded).strip(_EDGES)


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    table: dict[str, dict[str, list[str]]] = yaml.load(WORDS.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  # texts only
    return table


@cache
def words(kind: Kind) -> tuple[str, ...]:
    """The words of one kind in both languages, longest first."""
    table = _table()
    return tuple(sorted({*table[kind]["zh"], *table[kind]["en"]}, key=lambda word: (-len(word), word)))


def han(text: str) -> int:
    """How many Chinese characters there are."""
    return len(_HAN.findall(text))


def brief(text: str) -> bool:
    """Whether a clause is short enough to be an answer."""
    return han(text) <= BRIEF_HAN and len(_LATIN.findall(text)) <= BRIEF_WORDS


def clauses(text: str) -> list[str]:
    """The parts of a message between commas, full stops and conjunctions, as typed."""
    return [part.strip() for part in _CLAUSES.split(text) if part and part.strip(_EDGES)]


def place(text: str, phrase: str, start: int = 0) -> int:
    """Where a phrase stands in a text, as whole words; -1 when it does not."""
    while (found := text.find(phrase, start)) >= 0:
        before, after = text[found - 1 : found], text[found + len(phrase) : found + len(phrase) + 1]
        if not (_joins(before, phrase[0]) or _joins(phrase[-1], after)):
            return found
        start = found + 1
    return -1


def _joins(left: str, right: str) -> bool:
    return bool(left and right) and left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


def starts(text: str, kind: Kind) -> str | None:
    """The longest word of this kind that a text begins with."""
    return next((word for word in words(kind) if text.startswith(word) and not _joins(word[-1], text[len(word) : len(word) + 1])), None)


def ends(text: str, kind: Kind) -> str | None:
    """The longest word of this kind that a text ends with."""
    return next((word for word in words(kind) if text.endswith(word) and not _joins(text[-len(word) - 1 : -len(word)], word[0])), None)


def contains(text: str, kind: Kind) -> bool:
    """Whether a text has a word of this kind."""
    return any(place(text, word) >= 0 for word in words(kind))


@lru_cache(maxsize=4096)
def core(text: str) -> str:
    """A normalised text without the words around the answer: "the enterprise one, please" is "enterprise"."""
    while True:
        shorter = text
        if (word := starts(shorter, "lead")) and len(word) < len(shorter):
            shorter = shorter[len(word) :].strip(_EDGES)
        if (word := ends(shorter, "tail")) and len(word) < len(shorter):
            shorter = shorter[: -len(word)].strip(_EDGES)
        if shorter in ("", text):
            return text
        text = shorter


def is_question(text: str) -> bool:
    """Whether somebody asks instead of answering."""
    said = normalise(text)
    if said.endswith("?"):
        return True
    return any(place(said, word) >= 0 if _HAN.search(word) else said.startswith(f"{word} ") for word in words("question"))


def yes_no(text: str) -> bool | None:
    """Yes or no, however it is said; None for anything else."""
    said = normalise(text)
    if contains(said, "unsure") or is_question(said) or not brief(said):
        return None
    yes, no = starts(said, "yes"), starts(said, "no")
    if yes or no:
        return len(yes or "") > len(no or "")
    if re.search(r"没有|没了|不是|不行|不用|不要|不需要", said) or re.search(r"\b(?:no|not|none|never)\b|n't\b", said):
        return False
    return True if re.search(r"(?<!没)有|\b(?:yes|yeah|i do|i have|still have)\b", said) else None


def agrees(text: str) -> bool:
    """Whether a text is a yes and nothing but a yes: "yes please", "确认提交"."""
    rest = normalise(text)
    agreed = False
    while word := starts(rest, "yes") or starts(rest, "tail"):
        agreed = agreed or word in words("yes")
        rest = rest[len(word) :].strip(_EDGES)
    return agreed and rest in ("", "it", "this", "that")


def control(text: str) -> Kind | None:
    """What the whole of a message asks the flow itself to do."""
    said = normalise(text).rstrip("?")
    plain = {said, core(said), said.removeprefix("请").removeprefix("please "), said.removesuffix("吧").removesuffix(" please")}
    kinds: tuple[Kind, ...] = ("back", "repeat", "why", "skip", "cancel", "restart", "retry")
    return next((kind for kind in kinds if plain & set(words(kind))), None)


def unwilling(text: str) -> bool:
    """Whether somebody does not want to give what was asked for."""
    said = normalise(text)
    return brief(said) and contains(said, "unwilling")


def cue(text: str) -> tuple[Literal["strong", "weak"], str] | None:
    """Whether a message begins to take an answer back, and what it says then."""
    said = text.strip(_EDGES)
    strength: Literal["strong", "weak"] | None = None
    while True:
        plain = normalise(said)
        strong, weak = starts(plain, "strong_cue"), starts(plain, "weak_cue")
        word = strong or weak
        if word is None:
            return (strength, said) if strength else _late_cue(text)
        strength = "strong" if strong or strength == "strong" else "weak"
        # Normalising keeps the length of the words that can stand here, so the rest of what was typed can be cut.
        said = said[len(word) :].strip(_EDGES)


def _late_cue(text: str) -> tuple[Literal["strong", "weak"], str] | None:
    """Words that take an answer back at the end ("the phone is wrong"), or by a no in front ("no, it is personal")."""
    if brief(text) and ends(normalise(text), "taken_back"):
        return "strong", text
    first, *others = clauses(text) or [""]
    if not others or core(normalise(first)) not in words("no"):
        return None
    said = ", ".join(others)
    return cue(said) or ("weak", said)
