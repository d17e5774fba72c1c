from __future__ import annotations

from dataclasses import replace

import pytest

from flows.accounts.commands.base import Anonymous
from flows.actions import Done
from flows.blocks import Choices, Image, Input, Option, Text
from flows.engine import Back, Cancel, Choice, Confirm, Engine, Repeat, Restart, Skip, Utterance, Why
from flows.load import load_flows
from flows.model import Flow, Lang
from flows.state import Slot, Suspended
from tests.flows.talking import SAMPLES, SampleActions, Talk

TO_CONFIRM = ("yes", "personal", "a@b.com", "13800138000", "on the train")


async def test_a_flow_goes_from_question_to_result(talk: Talk, actions: SampleActions) -> None:
    await talk.start("lost-phone", *TO_CONFIRM)
    assert talk.step == "submit"
    assert talk.text == "Please check: Personal, a***@b.com, 138****8000, on the train. Submit?"
    assert actions.keys == []
    await talk.say("yes please", "no")
    assert talk.text == "Done: ticket T-1."
    assert talk.turn.state.ended == "done"
    assert talk.turn.state.slots == {}
    assert actions.keys == ["c1:r1:submit:1"]


async def test_what_is_shown_are_neutral_blocks(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes")
    options = (Option(id="step:holder:personal", label="Personal"), Option(id="step:holder:company", label="Company"))
    assert turn.outputs == (Text(markdown="Is the account personal or a company's?"), Choices(options=options))
    turn = await talk.say("personal")
    assert turn.outputs[1] == Input(slot="email", format="email", example="name@example.com")


async def test_a_tap_answers_also_by_its_bare_name(talk: Talk) -> None:
    await talk.start("lost-phone", Choice("step:other_account:yes"), Choice("company"))
    assert talk.step == "licence"


async def test_a_tap_on_an_old_option_changes_that_answer(talk: Talk) -> None:
    await talk.start("lost-phone", "yes", "company", "the letter", "a@b.com", Choice("step:holder:personal"))
    assert talk.step == "phone"
    assert talk.slot("holder") == "personal"


async def test_an_option_that_is_not_there_says_so_and_asks_again(talk: Talk) -> None:
    turn = await talk.start("lost-phone", Choice("step:licence:neither"))
    assert turn.acceptance == "not_accepted"
    assert talk.step == "other_account"
    assert talk.options == ["step:other_account:yes", "step:other_account:no"]


# Several answers in one message


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "words",
    ["enterprise, and yes I still have another account", "yes, enterprise", "有，企业的", "企业的，而且我还有别的账号", "是企业账号，有"],
)
async def test_one_message_answers_several_steps_in_any_order(talk: Talk, words: str, lang: str) -> None:
    await talk.start("lost-phone", words, lang="zh" if lang == "zh" else "en")
    assert talk.step == "licence"
    assert (talk.slot("other_account"), talk.slot("holder")) == ("yes", "company")
    assert "企业账号" in talk.text if lang == "zh" else "Company" in talk.text


async def test_a_value_given_early_is_not_asked_again(talk: Talk) -> None:
    await talk.start("lost-phone", "yes, my phone is 13800138000")
    assert "138****8000" in talk.text
    await talk.say("personal", "a@b.com")
    assert talk.step == "story"
    assert talk.slot("phone") == "13800138000"


async def test_a_value_for_later_instead_of_an_answer_is_kept_and_the_question_repeated(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes", "my email is a@b.com")
    assert (turn.acceptance, talk.step) == ("accepted", "holder")
    await talk.say("personal")
    assert talk.step == "phone"


async def test_the_words_that_led_here_are_not_asked_again(talk: Talk) -> None:
    await talk.start("lost-phone", lang="zh", said="我们企业账号的手机丢了，邮箱 a@b.com")
    assert talk.step == "other_account"
    await talk.say("有", "营业执照")
    assert talk.step == "phone"


async def test_a_question_after_the_answer_is_handed_to_the_caller(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes", "company. how long does that take?")
    assert (talk.step, turn.rest) == ("licence", "how long does that take?")


# Changes


@pytest.mark.parametrize(("lang", "words"), [("zh", "不对，是企业"), ("en", "no wait, it's a company"), ("en", "actually it is a company")])
async def test_an_earlier_choice_is_changed_and_the_way_walked_again(talk: Talk, lang: str, words: str) -> None:
    await talk.start("lost-phone", "yes", "personal", "a@b.com", words, lang="zh" if lang == "zh" else "en")
    assert talk.step == "licence"
    await talk.say("business licence")
    assert talk.step == "phone", "the e-mail address is still known"


@pytest.mark.parametrize(
    "words",
    [
        "actually the email is x@y.z",
        "邮箱改成 x@y.z",
        "不对，邮箱是x@y.z",
        "change my email to x@y.z",
        "no, x@y.z",
        "yes, but the email should be x@y.z",
    ],
)
async def test_an_earlier_value_is_changed_and_nothing_is_carried_out(talk: Talk, actions: SampleActions, words: str) -> None:
    await talk.start("lost-phone", *TO_CONFIRM, words)
    assert talk.slot("email") == "x@y.z"
    assert talk.step == "submit"
    assert "x***@y.z" in talk.text
    assert actions.keys == []


@pytest.mark.parametrize("words", ["change the phone", "手机号写错了", "the phone number is wrong"])
async def test_a_named_answer_is_asked_again(talk: Talk, words: str) -> None:
    await talk.start("lost-phone", *TO_CONFIRM, words)
    assert talk.step == "phone"
    await talk.say("13900139000")
    assert talk.step == "submit", "what comes after it is still known"


async def test_free_text_can_be_changed_by_its_name(talk: Talk) -> None:
    await talk.start("lost-phone", *TO_CONFIRM, "change the story to stolen from my bag")
    assert talk.slot("story") == "stolen from my bag"


async def test_two_values_of_one_format_are_told_apart_by_their_names(talk: Talk) -> None:
    await talk.start("new-login", "beta", "old@b.com", "new@b.com", "actually the old email is older@b.com")
    assert (talk.slot("old_email"), talk.slot("new_email")) == ("older@b.com", "new@b.com")


async def test_what_has_been_carried_out_cannot_be_changed(talk: Talk) -> None:
    await talk.start("lost-phone", *TO_CONFIRM, "yes", "change my email to x@y.z")
    assert "cannot be taken back" in talk.text
    assert talk.slot("email") == "a@b.com"
    turn = await talk.say(Back())
    assert "cannot be taken back" in talk.text
    assert (turn.acceptance, talk.step) == ("wrong", "more")


# Orders


async def test_back_takes_back_one_answer_at_a_time(talk: Talk) -> None:
    await talk.start("lost-phone", "yes", "personal", "go back")
    assert talk.step == "holder"
    await talk.say("返回")
    assert talk.step == "other_account"
    assert talk.turn.state.slots == {}
    turn = await talk.say(Back())
    assert (turn.acceptance, talk.step) == ("wrong", "other_account")


async def test_taking_back_a_message_takes_back_what_it_said_early(talk: Talk) -> None:
    await talk.start("lost-phone", "yes, my phone is 13800138000")
    assert talk.turn.state.early == {"phone": Slot(value="13800138000", sensitive=True)}
    await talk.say(Back())
    assert talk.turn.state.early == {}


async def test_back_from_a_code_that_was_wrong_leads_to_the_question_before(talk: Talk) -> None:
    await talk.start("new-login", "Alpha", "old@example.com", "new@example.com", "999999", "back")
    assert talk.step == "new_email"


async def test_a_mistyped_value_is_not_taken_for_another_one(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes", "personal", "a@b.com", "1380013800")
    assert (turn.acceptance, talk.step, turn.state.early) == ("wrong", "phone", {})


@pytest.mark.parametrize("words", ["我不想给手机号", "I don't want to give my number"])
async def test_whoever_would_rather_not_give_a_value_hears_why_and_how_to_stop(talk: Talk, words: str) -> None:
    await talk.start("lost-phone", "yes", "personal", "a@b.com", words, lang="en")
    assert talk.step == "phone"
    assert "We call this number about the ticket." in talk.text
    assert 'say "cancel"' in talk.text


async def test_why_is_answered_and_the_question_repeated(talk: Talk) -> None:
    await talk.start("lost-phone", "yes", "why do you ask?")
    assert talk.text == "The two kinds need different documents.\nIs the account personal or a company's?"
    await talk.say("personal", Why())
    assert "Lost phone ticket" in talk.text


async def test_only_optional_steps_are_skipped(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes", "personal", Skip())
    assert (turn.acceptance, talk.step) == ("wrong", "email")
    await talk.say("a@b.com", "13800138000", "I'd rather not say")
    assert talk.step == "submit"
    assert talk.text == "Please check: Personal, a***@b.com, 138****8000. Submit?"


@pytest.mark.parametrize("words", ["没有", "none", "跳过", "no"])
async def test_nothing_to_say_skips_an_optional_step(talk: Talk, words: str) -> None:
    await talk.start("lost-phone", "yes", "personal", "a@b.com", "13800138000", words)
    assert talk.slot("story") is None


async def test_cancel_says_what_was_done_and_keeps_nothing(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes", "personal", Cancel())
    assert "Nothing has been changed" in talk.text
    assert (turn.state.ended, turn.state.slots, turn.state.trail) == ("cancelled", {}, ())
    await talk.start("lost-phone", *TO_CONFIRM, "yes", "cancel")
    assert "Already done: opened a ticket" in talk.text
    turn = await talk.say("hello")
    assert turn.acceptance == "not_accepted"


async def test_restart_begins_again_with_other_keys(talk: Talk, actions: SampleActions) -> None:
    await talk.start("lost-phone", *TO_CONFIRM, "yes", Restart())
    assert (talk.step, talk.turn.state.slots) == ("other_account", {})
    await talk.say(*TO_CONFIRM, "yes")
    assert actions.keys == ["c1:r1:submit:1", "c1:r1:submit:2"]


async def test_after_a_digression_the_question_is_repeated(talk: Talk) -> None:
    before = await talk.start("lost-phone", "yes")
    digression = await talk.say("企业认证要多久？")
    assert digression.acceptance == "not_accepted"
    assert talk.engine.step(before.state, Repeat()).outputs == before.outputs
    assert talk.engine.step(before.state, Repeat()).state == before.state


async def test_the_language_may_change_on_the_way(talk: Talk) -> None:
    before = await talk.start("lost-phone", "yes")
    assert "个人" in str(talk.engine.step(before.state, Repeat(), "zh").outputs[0])


# Wrong answers


async def test_a_wrong_value_gets_the_reason_and_an_example_then_a_person(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes", "personal", "a@b.com", "12345")
    assert (turn.acceptance, turn.needs_person) == ("wrong", False)
    assert talk.text.endswith("for example 13800138000.")
    turn = await talk.say("1234567", "99999")
    assert turn.needs_person
    assert "act:human" in talk.options
    turn = await talk.say("13800138000")
    assert (turn.state.attempts, turn.needs_person) == (0, False)


async def test_words_that_are_no_value_may_be_a_question(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes", "personal", "how long does it take")
    assert turn.acceptance == "not_accepted"
    assert turn.state.attempts == 1


async def test_free_text_that_sounds_like_a_question_is_taken_only_if_it_is_none(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes", "personal", "a@b.com", "13800138000", "how much does it cost?")
    assert turn.acceptance == "not_accepted"
    assert talk.step == "submit", "used by a caller who finds no answer to it"


# Confirmation and actions


@pytest.mark.parametrize("words", ["yes", "确认", "好的，提交", "ok thanks", "go ahead", "继续"])
async def test_a_clear_yes_confirms(talk: Talk, actions: SampleActions, words: str) -> None:
    await talk.start("lost-phone", *TO_CONFIRM, words)
    assert actions.keys == ["c1:r1:submit:1"]


@pytest.mark.parametrize(
    "words", ["可以吗", "好的，但是等等", "yes, but wait until tomorrow", "is it free?", "hmm", "先不", "no", "不要提交", "ok?", "有问题"]
)
async def test_anything_else_does_not(talk: Talk, actions: SampleActions, words: str) -> None:
    await talk.start("lost-phone", *TO_CONFIRM, words)
    assert talk.step == "submit"
    assert actions.keys == []


async def test_a_no_leads_to_changes_or_where_the_flow_says(talk: Talk) -> None:
    await talk.start("lost-phone", *TO_CONFIRM, Confirm(yes=False))
    assert talk.options == ["step:submit:yes", "act:back", "act:cancel"]
    await talk.say(Choice("act:back"))
    assert talk.step == "story"
    await talk.start("new-login", "beta", "old@b.com", "new@b.com", "123456", "no")
    assert talk.text == "Nothing was changed."


async def test_a_leftover_yes_never_confirms(talk: Talk, actions: SampleActions) -> None:
    await talk.start("lost-phone", "yes", "personal", "a@b.com", "13800138000 skip, yes", "skip")
    assert actions.keys == []


async def test_options_may_come_from_an_action(talk: Talk) -> None:
    await talk.start("new-login", lang="zh")
    assert talk.options == ["step:which:a1", "step:which:b2"]
    await talk.say("第二个")
    assert talk.slot("account") == "b2"


@pytest.mark.parametrize("words", ["贝塔公司", "Beta", "总部的那个", "head office"])
async def test_options_from_an_action_go_by_all_their_names_in_both_languages(talk: Talk, words: str) -> None:
    await talk.start("new-login", lang="zh")
    await talk.say(words)
    assert talk.slot("account") == "b2"


async def test_an_action_shows_blocks_and_the_flow_goes_on(talk: Talk) -> None:
    turn = await talk.start("new-login", "beta", "old@b.com", "new@b.com")
    assert [type(block) for block in turn.outputs] == [Text, Image, Text, Input]


async def test_an_action_that_needs_an_identity_asks_for_it_first(talk: Talk, actions: SampleActions) -> None:
    talk.caller = replace(talk.caller, actor=Anonymous(conversation="c1"))
    await talk.start("new-login", "beta", "old@b.com", "new@b.com", "123456", "yes")
    assert talk.text == "Please prove your identity first."
    assert "c1:r1:change:1" not in actions.keys


async def test_an_unavailable_service_is_tried_three_times(talk: Talk, actions: SampleActions) -> None:
    actions.down = 2
    await talk.start("lost-phone", *TO_CONFIRM, "yes")
    assert talk.step == "more"
    assert actions.keys == ["c1:r1:submit:1"] * 3
    actions.down = 3
    await talk.start("lost-phone", *TO_CONFIRM, "yes")
    assert talk.text == "The system does not answer right now."


async def test_an_outcome_without_an_edge_leaves_nobody_stranded(engine: Engine, talk: Talk) -> None:
    await talk.start("lost-phone", *TO_CONFIRM)
    pending = engine.step(talk.turn.state, Confirm(yes=True))
    turn = engine.step(pending.state, Done("surprise"))
    assert turn.needs_person
    assert turn.state.step == "submit"
    assert engine.step(turn.state, Utterance("what now")).acceptance == "not_accepted"
    assert engine.step(turn.state, Back()).state.step == "story"
    assert engine.step(turn.state, Utterance("try again")).state.confirming


async def test_a_crash_between_action_and_save_repeats_the_same_key(engine: Engine, talk: Talk) -> None:
    await talk.start("lost-phone", *TO_CONFIRM)
    first, again = engine.step(talk.turn.state, Confirm(yes=True)), engine.step(talk.turn.state, Confirm(yes=True))
    assert first.pending_action
    assert first.pending_action == again.pending_action
    assert engine.step(first.state, Utterance("hello?")).pending_action == first.pending_action


async def test_a_result_nobody_asked_for_is_a_mistake(engine: Engine) -> None:
    with pytest.raises(ValueError, match="no action is pending"):
        engine.step(engine.start("lost-phone", "en", run="r").state, Done("opened"))


# Secrets


async def test_a_secret_reaches_its_action_and_nothing_else(talk: Talk, actions: SampleActions) -> None:
    await talk.start("password", "hunter2 hunter2")
    assert actions.slots[-1]["password"] == "hunter2 hunter2"
    assert "hunter2" not in talk.turn.state.model_dump_json()
    assert "hunter2" not in talk.text


@pytest.mark.parametrize(("lang", "labels"), [("zh", ["新密码", "再输一遍新密码"]), ("en", ["New password", "New password again"])])
async def test_secrets_that_come_together_have_a_field_each(talk: Talk, lang: Lang, labels: list[str]) -> None:
    turn = await talk.start("password", lang=lang)
    [given] = [block for block in turn.outputs if isinstance(block, Input)]
    assert given.secret
    assert [field.label for field in given.fields] == labels
    assert [(field.name, field.format) for field in given.fields] == [
        ("new_password", "new_password"),
        ("new_password_again", "repetition"),
    ]


async def test_a_secret_lost_in_a_crash_is_asked_for_again(engine: Engine) -> None:
    pending = engine.step(engine.start("password", "en", run="r").state, Utterance("hunter2"))
    assert "hunter2" not in repr(pending.pending_action)
    turn = engine.step(pending.state, Utterance("hello?"))
    assert (turn.pending_action, turn.state.step, turn.state.pending) == (None, "password", False)


async def test_a_code_typed_wrong_is_asked_again_with_a_new_key(talk: Talk, actions: SampleActions) -> None:
    await talk.start("new-login", "beta", "old@b.com", "new@b.com", "000000", "我的验证码是 123456")
    assert talk.step == "change"
    assert actions.keys[-2:] == ["c1:r1:check:1", "c1:r1:check:2"]


async def test_sensitive_values_can_be_encrypted_on_the_way_to_the_store(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes, my phone is 13800138000", "personal", "a@b.com")
    sealed = turn.state.with_sensitive(lambda value: value[::-1])
    assert "a@b.com" not in sealed.model_dump_json()
    assert sealed.with_sensitive(lambda value: value[::-1]) == turn.state


# New versions, other flows


def changed(flow: Flow, **steps: object) -> Flow:
    plain = flow.model_dump()
    return Flow.model_validate({**plain, "steps": {**plain["steps"], **steps}})


async def test_a_step_that_is_gone_restarts_the_flow_and_says_so(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes", "personal")
    flow = load_flows(SAMPLES)["lost-phone"]
    plain = flow.model_dump()
    steps = {name: step for name, step in plain["steps"].items() if name != "email"}
    steps["holder"]["choices"] = {name: {**choice, "next": "phone"} for name, choice in steps["holder"]["choices"].items()}
    steps["licence"]["choices"] = {name: {**choice, "next": "phone"} for name, choice in steps["licence"]["choices"].items()}
    newer = Engine({"lost-phone": Flow.model_validate({**plain, "steps": steps})})
    after = newer.step(turn.state, Utterance("a@b.com"))
    assert "updated" in str(after.outputs[0])
    assert after.state.step == "other_account"
    assert after.state.version != turn.state.version


async def test_a_new_version_that_still_has_the_step_goes_on(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes")
    newer = Engine({"lost-phone": changed(load_flows(SAMPLES)["lost-phone"], hotline={"say": {"zh": "新号码。", "en": "A new number."}})})
    after = newer.step(turn.state, Utterance("personal"))
    assert after.state.step == "email"
    assert after.state.version == newer.flows["lost-phone"].version


async def test_a_flow_that_is_gone_ends(talk: Talk) -> None:
    turn = await talk.start("lost-phone", "yes")
    after = Engine({}).step(turn.state, Utterance("personal"))
    assert (after.state.ended, after.state.slots) == ("gone", {})


async def test_a_flow_waits_while_another_one_runs_in_it(engine: Engine, talk: Talk) -> None:
    outer = (await talk.start("lost-phone", "yes")).state
    waiting = Suspended().push(outer)
    inner = (await talk.start("password")).state
    waiting = Suspended.model_validate_json(waiting.push(inner).model_dump_json())
    state, waiting = waiting.pop()
    assert state == inner
    offer = engine.offer_resume(outer, "en")
    assert '"Lost phone ticket" is still unfinished' in str(offer[0])
    found, rest = waiting.take("lost-phone")
    assert found == outer
    assert rest == waiting.drop() == Suspended()
    turn = engine.resume(outer, "en")
    assert 'Back to "Lost phone ticket"' in str(turn.outputs[0])
    assert turn.state == outer
    assert Suspended().pop() == (None, Suspended())


def test_a_flow_that_is_not_built_cannot_start(engine: Engine) -> None:
    with pytest.raises(KeyError):
        engine.start("later", "en", run="r")


def test_an_engine_without_a_format_refuses_to_be_made() -> None:
    with pytest.raises(ValueError, match=r"no such format: .*email"):
        Engine(load_flows(SAMPLES), {})


def test_a_step_may_hand_over_to_a_person() -> None:
    title = {"zh": "样例", "en": "Sample"}
    steps = {"a": {"say": {"zh": "请找人工。", "en": "Ask a person."}, "person": True}}
    flow = Flow.model_validate({"id": "sample", "title": title, "phrasings": {}, "start": "a", "steps": steps})
    turn = Engine({"sample": flow}).start("sample", "en", run="1")
    assert turn.needs_person
    assert turn.outputs == (Text(markdown="Ask a person."), Choices(options=(Option(id="act:human", label="Talk to a person"),)))
    assert turn.state.ended == "done"


async def test_whoever_will_not_type_a_password_has_not_typed_one(talk: Talk, actions: SampleActions) -> None:
    await talk.start("password", "I don't want to give you my password")
    assert talk.step == "password"
    assert actions.keys == []


async def test_a_no_in_front_of_a_correction_is_part_of_it(talk: Talk) -> None:
    await talk.start("lost-phone", "yes", "personal", "no, I meant a company")
    assert talk.slot("holder") == "company"
