"""Which of several options somebody means: by place, letter, label, synonym, yes or no, a part of the label, a slip of the finger."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from flows.answers.words import brief, clauses, contains, control, core, ends, han, is_question, normalise, place, starts, words, yes_no
from flows.model import LANGS, Choice

SURE, MARGIN = 82, 10
"""Likeness from which a misspelt option is taken, and how far the next one must be behind."""
DISTINCT_SHARE = 0.34
"""Share of a clause's words that must speak for the one option."""
BESIDE_SHARE = 1.5
"""How much a clause may say beside an option's name, in sizes of that name: more is about something else."""
ROOM_AFTER_YES = 6
"""How much may follow a word such as "have" or "没有" for it to be a yes or no, in Chinese characters; a word counts as two."""
LONGEST_SLIP = 6
"""Words of a sentence in which a single misspelt word is taken."""

_DIGITS = "一二三四五六七八九十"
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NUMBER = re.compile(
    rf"(?:我?(?:要|选择?)|选项|option|choice|number|no\.?|nr\.?|#|第)*\s*(\d{{1,2}}|[{_DIGITS}]|{'|'.join(_NUMBERS)})\s*(?:个|项|条|种|号|款)?"
)
_ORDINAL = re.compile(rf"(\d{{1,2}}(?=st|nd|rd|th)|{'|'.join(_ORDINALS)}|last)(?:st|nd|rd|th)?(?: (?:one|option|choice|answer))?")
_LAST = re.compile(r"(?:最后|倒数第)一?(?:个|项|条|种)?")
_LETTER = re.compile(r"(?:选项?|option |choice |answer )?([a-h])(?:选项|项)?")
_TOKEN = re.compile(r"[a-z0-9']+|[\u4e00-\u9fff]+")
_LITTLE = re.compile(r"an|the|is|it|my|our|of|to|for|in|on|or|and|one|with|have|has|had|still|do|am|are|was|that|this|me|we|[a-z]")


@dataclass(frozen=True, slots=True)
class Option:
    """An option and all its names, normalised."""

    id: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The option meant, and the clauses before and after it that were not needed."""

    id: str
    rest: str = ""
    before: str = ""


_Tier = Callable[[str, Sequence[Option]], str | None]


def options_of(choices: dict[str, Choice]) -> list[Option]:
    """The options of a step, under their names in both languages."""
    return [
        Option(name, tuple(normalise(text) for text in (*(choice.label[lang] for lang in LANGS), *choice.synonyms.all)))
        for name, choice in choices.items()
    ]


def choose(text: str, options: Sequence[Option], *, strict: bool = False) -> Found | None:
    """The option that a message means; None when it is none or not clear.

    ``strict`` takes no numbers, letters or slips: for words that were left over from another answer.
    """
    whole = normalise(text)
    # "Cancel" stops the flow; it is no short form of "Cancel the verification", and "never mind" is no mere no.
    if control(text) in ("cancel", "back"):
        exact = _exact(whole, options)
        return Found(exact) if exact else None
    at_once: tuple[_Tier, ...] = (_exact,) if strict else (_exact, _position)
    for tier in at_once:
        if whole and (option := tier(whole, options)):
            return Found(option)
    parts = clauses(text)
    tiers: tuple[_Tier, ...] = (
        (_exact, _yes_or_no, _mention) if strict else (_exact, _position, _yes_or_no, _named, _part, _distinct, _slip)
    )
    for tier in tiers:
        if found := _by_clause(tier, parts, options):
            return found
    if len(parts) > 1 and not is_question(text) and (option := (_mention if strict else _named)(whole, options)):
        return Found(option)
    return None


def mentioned(text: str, options: Sequence[Option]) -> str | None:
    """The option that a message names by its label or a synonym; yes and no do not count, for they may answer anything."""
    found = {option for part in clauses(text) if (option := _mention(normalise(part), options))}
    return found.pop() if len(found) == 1 else None


def _by_clause(tier: _Tier, parts: list[str], options: Sequence[Option]) -> Found | None:
    hits = [(at, option) for at, part in enumerate(parts) if (option := tier(normalise(part), options))]
    if tier is _yes_or_no:
        hits = hits[:1]  # "yes, I do not mind": the first word is the answer
    if len({option for _, option in hits}) != 1:
        return None
    at, option = hits[0]
    return Found(option, ", ".join(parts[at + 1 :]), ", ".join(parts[:at]))


def _exact(clause: str, options: Sequence[Option]) -> str | None:
    said = {clause, core(clause), clause.replace(" ", "")}
    return _only({option.id for option in options if any(text in said or core(text) in said for text in option.texts)})


def _position(clause: str, options: Sequence[Option]) -> str | None:
    said = clause.rstrip("?)、.") if not is_question(clause) else ""
    said = re.sub(r"(?:吧|的|那个|这个|please| then)$", "", said).strip()
    said = re.sub(r"^(?:i choose|i pick|i'll take|i want|我要|那就|就|the)\s*", "", said)
    index = _index(said, len(options))
    return options[index].id if index is not None and 0 <= index < len(options) else None


def _index(said: str, count: int) -> int | None:
    if _LAST.fullmatch(said):
        return count - 1
    if match := _NUMBER.fullmatch(said):
        return _value(match[1], (tuple(_DIGITS), _NUMBERS))
    if match := _ORDINAL.fullmatch(said):
        return count - 1 if match[1] == "last" else _value(match[1], (_ORDINALS,))
    if match := _LETTER.fullmatch(said):
        return ord(match[1]) - ord("a")
    return None


def _value(word: str, tables: tuple[tuple[str, ...], ...]) -> int:
    return int(word) - 1 if word.isdigit() else next(table.index(word) for table in tables if word in table)


def _yes_or_no(clause: str, options: Sequence[Option]) -> str | None:
    if not {"yes", "no"} <= {option.id for option in options}:
        return None
    said = yes_no(clause)
    if said is None or re.match(r"(?:i|we) have to\b", clause):
        return None
    word = starts(clause, "yes" if said else "no") or ""
    own = " ".join(text for option in options for text in option.texts)
    if word not in words("plain") and _size(_without_filler(clause.removeprefix(word), own)) > ROOM_AFTER_YES:
        return None
    return "yes" if said else "no"


def _mention(clause: str, options: Sequence[Option]) -> str | None:
    if is_question(clause) or not brief(clause):
        return None
    spans = [
        (at, at + len(text), option.id)
        for option in options
        for text in option.texts
        if _telling(text) and (at := place(clause, text)) >= 0
    ]
    # A longer name covers the shorter one inside it: "no filing" is not "filing".
    spans = [span for span in spans if not any(_covers(other, span) for other in spans)]
    denied = {option for start, _, option in spans if _denied_before(clause[:start].rstrip())}
    lost = {option for _, end, option in spans if starts(clause[end:].lstrip().removeprefix("了").removeprefix("也"), "lost")}
    named = {option for _, _, option in spans} - denied - lost
    if not named and denied and len(options) == 2:  # of two, the other one
        named = {option.id for option in options} - denied
    return _only(named)


def _named(clause: str, options: Sequence[Option]) -> str | None:
    """The option mentioned in a clause that is about it: "a sub-user" answers, "forgot my sub-user's password" is another matter."""
    name = _mention(clause, options)
    said = max((text for text in _texts(name, options) if place(clause, text) >= 0), key=_size, default="")
    if name is None or not said:  # none, or by a denial of the other one
        return name
    beside, own = clause.replace(said, " "), _own(name, options)
    return name if not _troubled(beside, own) and _size(_without_filler(beside, own)) <= BESIDE_SHARE * _size(said) else None


def _texts(name: str | None, options: Sequence[Option]) -> tuple[str, ...]:
    return next((option.texts for option in options if option.id == name), ())


def _own(name: str, options: Sequence[Option]) -> str:
    """All that an option is called."""
    return " ".join(_texts(name, options))


def _troubled(text: str, own: str) -> bool:
    """Whether a text tells of a trouble that the option's own words do not name."""
    return any(place(text, word) >= 0 and word not in own for word in words("trouble"))


def _without_filler(text: str, own: str) -> str:
    """What is left of a text without the words of an option itself and those that say nothing more."""
    left = [word for word in _TOKEN.findall(core(text)) if not _LITTLE.fullmatch(word) and word not in words("filler")]
    kept = " ".join(word for word in left if place(own, word) < 0)
    for word in words("filler"):
        kept = kept.replace(word, " ") if han(word) else kept
    return re.sub(r"[\u4e00-\u9fff]{2}", lambda pair: " " if pair[0] in own else pair[0], kept)


def _size(text: str) -> int:
    """Chinese characters, and each other word as two of them."""
    return han(text) + 2 * sum(not han(word) for word in _TOKEN.findall(text))


def _telling(text: str) -> bool:
    return (han(text) or len(text)) > 1 and text not in words("yes") and text not in words("no")


def _covers(longer: tuple[int, int, str], shorter: tuple[int, int, str]) -> bool:
    wider = longer[1] - longer[0] > shorter[1] - shorter[0]
    return wider and longer[0] <= shorter[0] and shorter[1] <= longer[1] and longer[2] != shorter[2]


def _denied_before(before: str) -> bool:
    return bool(ends(before, "denied") or re.search(r"n't(?: have)?(?: an?| the| my| any)?$", before))


def _part(clause: str, options: Sequence[Option]) -> str | None:
    said = core(clause)
    if is_question(clause) or contains(said, "unsure") or not _telling(said):
        return None
    return _only({option.id for option in options if any(place(text, said) >= 0 for text in option.texts)})


def _tokens(text: str) -> set[str]:
    tokens: set[str] = set()
    for token in _TOKEN.findall(text):
        if not han(token):
            tokens |= set() if _LITTLE.fullmatch(token) else {token.removesuffix("s")}
        else:
            tokens |= {token[at : at + 2] for at in range(max(1, len(token) - 1))}
    return tokens - set(words("filler"))


def _distinct(clause: str, options: Sequence[Option]) -> str | None:
    said = _tokens(core(clause))
    if not said or is_question(clause) or not brief(clause) or _hesitates(clause):
        return None
    names = {option.id: set().union(*map(_tokens, option.texts)) for option in options}
    used = Counter(token for tokens in names.values() for token in tokens)
    votes = {name: sum(used[token] == 1 for token in said & tokens) for name, tokens in names.items()}
    winner = _only({name for name, count in votes.items() if count})
    if winner is None or votes[winner] / len(said) < DISTINCT_SHARE:
        return None
    return None if _troubled(clause, _own(winner, options)) else winner


def _hesitates(clause: str) -> bool:
    """Whether a clause denies or doubts: then single words of it say little."""
    return contains(clause, "unsure") or any(place(clause, word) >= 0 for word in (*words("denied"), *words("lost"))) or "n't" in clause


def _slip(clause: str, options: Sequence[Option]) -> str | None:
    said = core(clause)
    if is_question(clause) or _hesitates(clause) or not brief(clause):
        return None
    scores = sorted(((max(_likeness(said, text) for text in option.texts), option.id) for option in options), reverse=True)
    best, second = scores[0], scores[1] if len(scores) > 1 else (0.0, "")
    clear = best[0] >= SURE and best[0] - second[0] >= MARGIN
    return best[1] if clear and not _troubled(clause, _own(best[1], options)) else None


def _likeness(said: str, text: str) -> float:
    shortest = min(len(said), len(text))
    if han(text):
        # One wrong character of four is a slip; of two it may be another word.
        return fuzz.ratio(said, text) + 8 if shortest > 3 else 0.0
    if shortest <= 3:
        return 0.0
    spoken = said.split()
    inside = max((fuzz.ratio(word, text) for word in spoken if len(word) > 5 and len(spoken) <= LONGEST_SLIP), default=0.0)
    return max(fuzz.ratio(said, core(text)), fuzz.token_sort_ratio(said, text), inside)


def _only(ids: set[str]) -> str | None:
    return next(iter(ids)) if len(ids) == 1 else None
