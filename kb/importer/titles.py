"""What a line that may be a heading is: a question, a note, a step, a legal notice, or the title of a section."""

from __future__ import annotations

import re
import unicodedata

from kb.importer.blocks import without_markup

_BULLET = re.compile(r"[•●○◦▪■□◆·]\s*")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_CALLOUT = r"(?:说明|注意|警告|提示|重要|备注|notes?|notice|attention|warning|tips?|caution|important|info)"
_NOTE = re.compile(rf"{_CALLOUT}$|{_CALLOUT}\s*[:：]|explanation of\b|notes? on\b", re.IGNORECASE)
_SIGNED_NOTE = re.compile(r"[^\w\s【《“\"'(（\[].*(?:说明|注意|提示|note|notice)\W*$", re.IGNORECASE)
_ORDERED = re.compile(
    r"(?:步骤|方法|方式|方案|情况|情形|场景|第)\s*[一二三四五六七八九十\d]+(?:步|种)?(?:\s*[:：、.]|$|\s)|"
    r"(?:step|method|option|case|way)\s*(?:\d+|one|two|three|four|[a-e]\b)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:概述|简介|背景|背景信息|适用范围|(?:操作|使用|适用|应用)场景|前提条件|准备工作|操作(?:步骤|流程)|注意事项|"
    r"相关(?:文档|操作|链接)|后续操作|"
    r"overview|introduction|background|scope|scenarios?|prerequisites?|preparations?|procedure|steps|directions|notes|precautions|"
    r"before you (?:begin|start)|related (?:documents?|links|operations)|see also|next steps)$",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?:版权|商标|服务|免责|法律|隐私)声明$|版权所有|copyright\b|trademark\b|"
    r"(?:service|legal|privacy) notice$|disclaimer$|all rights reserved",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"联系我们$|contact us$", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:(?:文档|本文|本页)?目录|(?:table of )?contents|on this page|in this (?:article|document))$", re.IGNORECASE)
_QUESTION = re.compile(r"[?？][\"”’')）]*$")
_ASKS = re.compile(
    r"(?:what|who|whose|which|when|where|why|how|can|could|do|does|did|is|are|am|will|would|should|may|must|have|has|if|my|i)\b|"
    r".*(?:如何|怎么|怎样|什么|为何|为什么|是否|能否|可否|哪|吗|多久|几|怎么办)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.。；;！!][\"”’')）]*$")
_NUMBERED = re.compile(
    r"(?:q\d*|问题?\d*)\s*[:：.、]\s*|(?:\d+[.、)]|\d+(?:\.\d+)+[.、)]?|[一二三四五六七八九十]+、|[(（]\d+[)）])\s+", re.IGNORECASE
)
_CLOSE_BUTTON = re.compile(r"[✕✖✗×⨯❌]\W*$")
_LONGEST_STATEMENT = 120
_ICONS = frozenset({"So", "Sk", "Cf", "Co", "Cn"})


def clean_title(text: str) -> str:
    """A heading as an author would write it: no markup, icons, numbering, doubled blanks."""
    words = without_markup(text)
    words = without_icons(words).strip()
    words = re.sub(r"^(?:[•●○◦▪■□◆·]|[(（]\s*[)）])\s*", "", words)
    shorter = _NUMBERED.sub("", words, count=1) if _NUMBERED.match(words) else words
    return (shorter or words).strip().rstrip(":：").strip()


def without_icons(text: str) -> str:
    """The text without pictographs and the marks that icons leave."""
    return "".join(char for char in text if unicodedata.category(char) not in _ICONS and char != "\ufe0f")


def bare(text: str) -> str:
    """The words alone, for comparing lines."""
    return re.sub(r"[\W_]+", "", without_markup(text)).casefold()


def is_question(text: str) -> bool:
    """Whether the line ends as a question."""
    return bool(_QUESTION.search(without_markup(text)))


def asks(text: str) -> bool:
    """Whether the line is a question by its words too, not only by its last mark."""
    return is_question(text) and bool(_ASKS.match(clean_title(text)))


def is_sentence(text: str) -> bool:
    """Whether the line is running text: it ends as a sentence or is far too long for a title."""
    words = without_markup(text)
    return not is_question(words) and (bool(_SENTENCE.search(words)) or len(words) > _LONGEST_STATEMENT)


def is_note(text: str) -> bool:
    """Whether the line labels a remark: Note, Warning, 说明."""
    words = without_markup(text)
    return bool(_NOTE.match(_EDGES.sub("", words)) or _NOTE.match(re.sub(r"^[\W_]+", "", words)) or _SIGNED_NOTE.match(words))


def is_label(text: str) -> bool:
    """Whether the line labels a piece of one answer: a bullet, a step, one method of several."""
    words = without_markup(text)
    return bool(_BULLET.match(words) or (_ORDERED.match(words) and not is_question(words)))


def is_role(text: str) -> bool:
    """Whether the heading only says what part of a section follows: Prerequisites, 操作步骤."""
    return bool(_ROLE.match(clean_title(text)))


def is_legal(text: str) -> bool:
    """Whether the line opens a legal notice."""
    return bool(_LEGAL.match(_EDGES.sub("", without_markup(text)))) or "©" in text


def is_contact(text: str) -> bool:
    """Whether the line opens the contact page that follows legal notices."""
    return bool(_CONTACT.match(_EDGES.sub("", without_markup(text))))


def is_contents(text: str) -> bool:
    """Whether the line opens a table of contents."""
    return bool(_CONTENTS.match(_EDGES.sub("", without_markup(text))))


def is_dialog(text: str) -> bool:
    """Whether the line is a dialog's title bar with its close button."""
    return bool(_CLOSE_BUTTON.search(without_markup(text)))
