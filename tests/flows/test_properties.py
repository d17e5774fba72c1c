from __future__ import annotations

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from flows.actions import Done
from flows.engine import Back, Cancel, Choice, Confirm, Engine, Event, Repeat, Restart, Skip, Turn, Utterance, Why
from flows.load import load_flows
from flows.model import Lang
from flows.state import State
from tests.flows.talking import SAMPLES

ENGINE = Engine(load_flows(SAMPLES))
SECRETS = ("482913", "Tr0ub4dor&3")
WORDS = [
    "yes",
    "没有",
    "个人",
    "company",
    "第二个",
    "1",
    "last",
    "beta",
    "营业执照",
    "a@b.com",
    "我的邮箱是 c@d.org",
    "13800138000",
    "phone 13900139000, yes",
    "enterprise, and yes I still have another account",
    "不对，是企业",
    "actually the email is x@y.z",
    "change the phone to 13700137000",
    "手机号写错了",
    "how long does it take?",
    "丢在地铁上了",
    "12345",
    "确认",
    "no",
    "  ",
    "返回",
    "why",
    "skip",
    "重复",
    *SECRETS,
]
PATHS = {
    "lost-phone": ["yes", "company", "the letter", "a@b.com", "13800138000", "on the train", "confirm", "no"],
    "new-login": ["beta", "old@b.com", "new@b.com", "123456", "confirm"],
    "password": ["Tr0ub4dor&3", "alerts"],
}


@st.composite
def starts(draw: st.DrawFn) -> tuple[str, list[Event]]:
    """A flow and some steps into it, so that the interesting parts are reached often."""
    flow_id = draw(st.sampled_from(sorted(PATHS)))
    depth = draw(st.integers(0, len(PATHS[flow_id])))
    return flow_id, [Utterance(words) for words in PATHS[flow_id][:depth]]


EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.sampled_from(WORDS).map(Utterance),
    st.text(max_size=20).map(Utterance),
    st.sampled_from(["yes", "company", "step:holder:personal", "step:which:b2", "act:back", "nonsense"]).map(Choice),
    st.sampled_from([Back(), Repeat(), Why(), Skip(), Restart(), Cancel(), Confirm(yes=True), Confirm(yes=False)]),
)
OUTCOMES = {"find": Done("found", {"accounts": ["a1", "b2"]}), "send": Done("sent"), "check": Done("right")}
CHANGED = {"submit": Done("opened", {"ticket": "T-1"}, changed=True)}
ANSWERS = {
    "other_account": ["yes", "有的", "yes, my phone is 13800138000", "1"] * 8,
    "holder": ["个人", "company", "the second one", "企业，邮箱 a@b.com"] * 8,
    "licence": ["执照", "letter", "1"] * 8,
    "email": ["a@b.com", "我的邮箱是 c@d.org"] * 8,
    "phone": ["13800138000", "my number is 13900139000"] * 8,
    "story": ["on the train", "skip"] * 8,
    "which": ["a1", "2"] * 8,
    "old_email": ["old@b.com"] * 8,
    "new_email": ["new@b.com"] * 8,
    "code": ["123456"] * 8,
}
NOT_ASKED = {"intro", "send", "find", "check"}
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def settled(turn: Turn) -> Turn:
    while pending := turn.pending_action:
        done = OUTCOMES.get(pending.step) or CHANGED.get(pending.step) or Done("changed", changed=True)
        turn = ENGINE.step(turn.state, done)
    return turn


def begin(flow_id: str, lang: Lang = "en") -> State:
    return settled(ENGINE.start(flow_id, lang, run="r1")).state


def walked(flow_id: str, events: list[Event], lang: Lang = "en") -> list[State]:
    states = [begin(flow_id, lang)]
    for happened in events:
        states.append(settled(ENGINE.step(states[-1], happened, lang)).state)
    return states


def where(state: State) -> State:
    """The state but for what only counts up."""
    return state.model_copy(update={"attempts": 0, "visits": {}})


@relaxed
@given(starts(), st.lists(EVENTS, max_size=8))
def test_the_same_events_lead_to_the_same_state_also_through_the_store(start: tuple[str, list[Event]], events: list[Event]) -> None:
    states = walked(start[0], [*start[1], *events])
    assert states == walked(start[0], [*start[1], *events])
    for before, happened, after in zip(states, [*start[1], *events], states[1:], strict=False):
        stored = State.model_validate_json(before.model_dump_json())
        assert settled(ENGINE.step(stored, happened, "en")).state == after


@relaxed
@given(starts(), st.lists(EVENTS, max_size=2), st.data())
def test_back_undoes_an_answer(start: tuple[str, list[Event]], events: list[Event], data: st.DataObject) -> None:
    before = walked(start[0], [*start[1], *events])[-1]
    answered = ENGINE.step(before, Utterance(data.draw(st.sampled_from([*ANSWERS.get(before.step or "", ()), *WORDS]))))
    after = settled(answered).state
    # An answer that walked one question further, and neither changed an earlier answer nor led to a change that stays.
    asked = [visit.step for visit in after.trail[len(before.trail) :] if visit.step not in NOT_ASKED]
    only_grew = after.trail[: len(before.trail)] == before.trail and before.early.items() <= after.early.items()
    if answered.acceptance == "accepted" and only_grew and len(asked) == 1 and after.sealed == before.sealed and not after.ended:
        event("undone")
        assert where(ENGINE.step(after, Back()).state) == where(before)


@relaxed
@given(starts(), st.lists(EVENTS, max_size=8))
def test_both_languages_walk_the_same_steps(start: tuple[str, list[Event]], events: list[Event]) -> None:
    chinese, english = walked(start[0], [*start[1], *events], "zh"), walked(start[0], [*start[1], *events], "en")
    assert [state.step for state in chinese] == [state.step for state in english]
    assert [state.slots for state in chinese] == [state.slots for state in english]


@relaxed
@given(st.lists(EVENTS, max_size=8), st.sampled_from(SECRETS))
def test_secrets_never_enter_the_state(events: list[Event], secret: str) -> None:
    for flow_id, to_the_secret in (("password", []), ("new-login", ["beta", "old@b.com", "new@b.com"])):
        state = begin(flow_id)
        for happened in (*map(Utterance, to_the_secret), Utterance(secret)):
            turn = ENGINE.step(state, happened)
            assert secret not in turn.state.model_dump_json()
            state = settled(turn).state
        for state in walked(flow_id, [*map(Utterance, to_the_secret), Utterance(secret), *(e for e in events if e != Utterance(secret))]):
            assert secret not in state.model_dump_json()


@relaxed
@given(starts(), st.lists(EVENTS, max_size=10))
def test_there_is_always_something_to_say(start: tuple[str, list[Event]], events: list[Event]) -> None:
    state = walked(*start)[-1]
    for happened in events:
        turn = settled(ENGINE.step(state, happened))
        assert turn.outputs
        assert (turn.state.step is None) == (turn.state.ended is not None)
        state = turn.state
