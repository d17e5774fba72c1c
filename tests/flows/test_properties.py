from __future__ import annotations

from hypothesis import HealthCheck, given, settings
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
    "yes", "没有", "个人", "company", "第二个", "1", "last", "beta", "营业执照", "a@b.com", "我的邮箱是 c@d.org", "13800138000", "phone 13900139000, yes",
    "enterprise, and yes I still have another account", "不对，是企业", "actually the email is x@y.z", "change the phone to 13700137000", "手机号写错了",
    "how long does it take?", "丢在地铁上了", "12345", "确认", "no", "  ", "返回", "why", "skip", "重复", *SECRETS,
]  # fmt: skip
WHERE = st.sampled_from(["lost-phone", "new-login", "password"])
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.sampled_from(WORDS).map(Utterance),
    st.text(max_size=20).map(Utterance),
    st.sampled_from(["yes", "company", "step:holder:personal", "step:which:b2", "act:back", "nonsense"]).map(Choice),
    st.sampled_from([Back(), Repeat(), Why(), Skip(), Restart(), Cancel(), Confirm(yes=True), Confirm(yes=False)]),
)
FORWARD = st.sampled_from([word for word in WORDS if word not in ("返回",)])
OUTCOMES = {"find": Done("found", {"accounts": ["a1", "b2"]}), "send": Done("sent"), "check": Done("right")}
CHANGED = {"submit": Done("opened", {"ticket": "T-1"}, changed=True)}
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
    for event in events:
        states.append(settled(ENGINE.step(states[-1], event, lang)).state)
    return states


def where(state: State) -> State:
    """The state but for what only counts up."""
    return state.model_copy(update={"attempts": 0, "visits": {}})


@relaxed
@given(WHERE, st.lists(EVENTS, max_size=8))
def test_the_same_events_lead_to_the_same_state_also_through_the_store(flow_id: str, events: list[Event]) -> None:
    states = walked(flow_id, events)
    assert states == walked(flow_id, events)
    for before, event, after in zip(states, events, states[1:], strict=False):
        stored = State.model_validate_json(before.model_dump_json())
        assert settled(ENGINE.step(stored, event, "en")).state == after


@relaxed
@given(WHERE, st.lists(EVENTS, max_size=6), FORWARD)
def test_back_undoes_an_answer(flow_id: str, events: list[Event], words: str) -> None:
    before = walked(flow_id, events)[-1]
    answered = ENGINE.step(before, Utterance(words))
    after = settled(answered).state
    new = [visit.step for visit in after.trail[len(before.trail) :]]
    asked = [step for step in new if step not in ("intro", "send", "find", "check")]
    grown = after.trail[: len(before.trail)] == before.trail and before.trail == after.trail[: len(before.trail)]
    if (
        answered.acceptance == "accepted"
        and grown
        and len(asked) == 1
        and after.sealed == before.sealed
        and before.early.keys() <= after.early.keys()
    ):
        assert where(ENGINE.step(after, Back()).state) == where(before)


@relaxed
@given(WHERE, st.lists(EVENTS, max_size=8))
def test_both_languages_walk_the_same_steps(flow_id: str, events: list[Event]) -> None:
    chinese, english = walked(flow_id, events, "zh"), walked(flow_id, events, "en")
    assert [state.step for state in chinese] == [state.step for state in english]
    assert [state.slots for state in chinese] == [state.slots for state in english]


@relaxed
@given(st.lists(EVENTS, max_size=8), st.sampled_from(SECRETS))
def test_secrets_never_enter_the_state(events: list[Event], secret: str) -> None:
    for flow_id, to_the_secret in (("password", []), ("new-login", ["beta", "old@b.com", "new@b.com"])):
        state = begin(flow_id)
        for event in (*map(Utterance, to_the_secret), Utterance(secret)):
            turn = ENGINE.step(state, event)
            assert secret not in turn.state.model_dump_json()
            state = settled(turn).state
        for state in walked(flow_id, [*map(Utterance, to_the_secret), Utterance(secret), *(e for e in events if e != Utterance(secret))]):
            assert secret not in state.model_dump_json()


@relaxed
@given(WHERE, st.lists(EVENTS, max_size=10))
def test_there_is_always_something_to_say(flow_id: str, events: list[Event]) -> None:
    state = begin(flow_id)
    for event in events:
        turn = settled(ENGINE.step(state, event))
        assert turn.outputs
        assert (turn.state.step is None) == (turn.state.ended is not None)
        state = turn.state
