"""Texts that fit, cards that hold, and nothing lost on the way."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.knowledge import Knowledge
from assistant.message import Message, SourceItem, Sources, Text, now
from assistant.respond import sources
from flows.blocks import Checklist, ChecklistItem, Choices, Image, Input, Option, Ticket
from flows.fields import input_field
from kb.entry import Lang
from tests.web.channels.fake_wecom import check_card
from web.channels.wecom_cards import APP, BOT, Lengths, answered, chosen_text, make_card, picked
from web.channels.wecom_reply import for_app, for_bot
from web.channels.wecom_split import split


def choices(*labels: str, multiple: bool = False) -> Choices:
    return Choices(options=tuple(Option(id=f"id-{label}", label=label) for label in labels), multiple=multiple)


def message(*blocks: object) -> Message:
    return Message.model_validate({"role": "assistant", "lang": "zh", "blocks": blocks, "at": now()})


@pytest.mark.parametrize(("author", "said"), [("小张", "客服 小张：\n\n在的"), ("", "人工客服：\n\n在的")])
def test_an_agents_message_says_who_wrote_it(author: str, said: str) -> None:
    written = message(Text(markdown="在的")).model_copy(update={"role": "agent", "author": author})
    assert for_app([written], "zh", "k").texts == (said,)
    assert for_bot([written], "zh", "k", cards=True).texts == (said,)


@given(st.text(alphabet="账号abc 。.\n，😀👍🏽é👨‍👩‍👧"), st.integers(30, 90))
def test_pieces_fit_and_say_everything(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < len(piece.encode()) <= limit for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)


def test_pieces_end_at_paragraphs_and_sentences() -> None:
    assert split("第一段。\n\n第二段还有一些字。", 30) == ["第一段。", "第二段还有一些字。"]
    assert split("First one. Second one. Third", 24) == ["First one. Second one.", "Third"]
    assert split("", 10) == []


def test_links_and_joined_characters_stay_whole() -> None:
    link = '<a href="https://cloud.tencent.com/x?a=1">申请登录。腾讯云</a>'
    assert link in max(split(f"请打开下面的页面再继续操作，{link}，然后等审核。", 110), key=len)
    assert split("👨‍👩‍👧" * 3, 40)[0] == "👨‍👩‍👧" * 2


def test_every_entry_fits(knowledge: Knowledge) -> None:
    for lang in ("zh", "en"):
        for entry in knowledge.entries(lang):
            reply = [message(Text(markdown=entry.body), sources(entry))]
            pieces = for_app(reply, lang, "k").texts
            assert 1 <= len(pieces) <= 4, entry.id
            assert all(len(piece.encode()) <= 2048 for piece in pieces)
            assert "**" not in "".join(pieces)
            assert len(for_bot(reply, lang, "k", cards=True).texts) == 1


@pytest.mark.parametrize(
    ("labels", "shape"),
    [
        (("有", "没有"), "button_interaction"),
        (tuple(f"选项{number}" for number in range(7)), "vote_interaction"),
        (("这个选项有十三个汉字这么长", "短"), "vote_interaction"),
        (("绑定了 MFA 但手机丢了，怎么登录？", "怎么解绑 MFA？"), "button_interaction"),
    ],
)
def test_choices_become_the_card_that_holds_them(labels: tuple[str, ...], shape: str) -> None:
    sent = make_card(choices(*labels), "", "zh", "task", APP)
    assert sent
    assert sent.card["card_type"] == shape
    assert check_card(dict(sent.card)) is None
    assert all(label in str(sent.card) for label in labels)


@given(st.lists(st.text(min_size=1, max_size=60), max_size=25, unique=True), st.booleans(), st.sampled_from([APP, BOT]))
def test_no_card_breaks_a_limit(labels: list[str], multiple: bool, lengths: Lengths) -> None:
    sent = make_card(choices(*labels, multiple=multiple), "", "en", "task", lengths)
    if sent:
        assert check_card(dict(sent.card)) is None
        assert [option.label for option in sent.options.values()] == labels
        assert all(len(button["text"]) <= lengths.button for button in sent.card.get("button_list", ()))
        assert len(sent.card.get("sub_title_text", "")) <= lengths.list


@pytest.mark.parametrize("lengths", [APP, BOT])
def test_short_labels_stay_on_their_buttons_beside_long_ones(lengths: Lengths) -> None:
    sent = make_card(choices("Yes", "No", "Yes, but it is refused"), "", "en", "task", lengths)
    assert sent
    assert [button["text"] for button in sent.card["button_list"]] == ["Yes", "No", "3. Yes…"]
    assert sent.card["sub_title_text"] == "3. Yes, but it is refused"


@pytest.mark.parametrize("lengths", [APP, BOT])
@pytest.mark.parametrize(
    ("label", "lang", "says"),
    [
        ("The root account", "en", "Chosen: The root account"),
        ("绑定了 MFA 但手机丢了，怎么登录？", "zh", "已选：绑定了 MFA 但手机丢了，怎么登录？"),
    ],
)
def test_a_used_card_says_the_whole_label(lengths: Lengths, label: str, lang: Lang, says: str) -> None:
    assert chosen_text([Option(id="1", label=label)], lang, lengths) == says


def test_a_label_too_long_for_a_used_card_ends_at_a_word() -> None:
    said = chosen_text([Option(id="1", label="A collaborator account of another company")], "en", BOT)
    assert said == "Chosen: A collaborator account of…"


@given(st.text(min_size=1), st.sampled_from([APP, BOT]))
def test_no_used_card_says_more_than_fits(label: str, lengths: Lengths) -> None:
    assert len(chosen_text([Option(id="1", label=label)], "en", lengths)) <= len("Chosen: ") + lengths.title


def test_what_no_card_holds_is_numbered() -> None:
    many = choices(*(f"这是第 {number} 个很长很长很长很长的选项" for number in range(12)))
    for outgoing in (for_app([message(Text(markdown="选哪个？"), many)], "zh", "k"), for_bot([message(many)], "zh", "k", cards=True)):
        assert outgoing.card is None
        assert "12. 这是第 11 个" in outgoing.texts[-1]
        assert "回复数字" in outgoing.texts[-1]


def test_a_short_question_stands_on_its_card() -> None:
    outgoing = for_app([message(Text(markdown="你想问的是**哪一个**？"), choices("甲", "乙"))], "zh", "k")
    assert outgoing.texts == ()
    assert outgoing.card
    assert outgoing.card.card["main_title"] == {"title": "你想问的是哪一个？"}


def test_several_can_be_marked_and_are_shown_afterwards() -> None:
    sent = make_card(choices("甲", "乙", "丙", multiple=True), "", "zh", "task", BOT)
    assert sent
    assert sent.card["checkbox"]["mode"] == 1
    chosen = picked(sent, "submit", {"choice": ("1", "3", "3", "9"), "other": ("2",)})
    assert [option.label for option in chosen] == ["甲", "丙"]
    after = answered(sent, chosen, "zh", BOT)
    assert after["task_id"] == "task"
    assert after["checkbox"]["disable"]
    assert [entry["is_checked"] for entry in after["checkbox"]["option_list"]] == [True, False, True]


def test_every_block_says_something() -> None:
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n rest").decode()
    outgoing = for_app(
        [
            message(
                Input(slot="phone", format="phone", example="13800138000"),
                Input(slot="secrets", format="text", secret=True, fields=(input_field("code", "zh"), input_field("new_password", "zh"))),
                Checklist(
                    id="c",
                    items=(ChecklistItem(id="a", label="解绑微信", status="done"), ChecklistItem(id="b", label="交接", status="todo")),
                ),
                Ticket(id="T-1", status="in_progress", url="https://example.com/t"),
                Image(url=f"data:image/png;base64,{png}", alt="二维码", text="JBSW Y3DP"),
                Image(url="data:image/svg+xml;base64,PHN2Zz4=", alt="图"),
                Sources(items=(SourceItem(title="常见问题", url=None, updated="2024-01-01"),)),
            )
        ],
        "zh",
        "k",
    )
    said = "\n".join(outgoing.texts)
    for words in (
        "13800138000",
        "依次是：6 位验证码、新密码",
        "☑ 解绑微信",
        "☐ 交接",
        "T-1",
        "处理中",
        "［图片：图］",
        "二维码：JBSW Y3DP",
        "- 常见问题（2024-01-01）",
    ):
        assert words in said
    assert outgoing.pictures == (b"\x89PNG\r\n\x1a\n rest",)
