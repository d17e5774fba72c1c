"""Takes an event to a state and returns the turn: sans I/O, so that the same event to the same state gives the same turn."""

from __future__ import annotations

from collections.abc import Mapping

from flows.actions import Done
from flows.answers.words import Kind, clauses, control, cue, is_question, normalise, unwilling
from flows.blocks import Block
from flows.engine.changing import Change, change, find_change, last_place
from flows.engine.events import Back, Cancel, Choice, Confirm, Event, Repeat, Restart, Skip, Turn, Utterance, Why
from flows.engine.orders import adopt, finish, follow, gone, is_secret, perform_again, refuse, sure
from flows.engine.reading import Given, find_early, read_answer
from flows.engine.walk import BACK_CHOICE, CANCEL_CHOICE, RESTART_CHOICE, RETRY_CHOICE, SKIP_CHOICE, Walk
from flows.formats import DEFAULTS, Formats
from flows.model import AskChoice, AskSlot, Do, Flow, Lang
from flows.state import Slot, State

SHORT = 24
"""Characters of a sentence that only takes an answer back."""

_CONTROLS: Mapping[Kind, Event] = {
    "back": Back(),
    "repeat": Repeat(),
    "retry": Repeat(),
    "why": Why(),
    "skip": Skip(),
    "cancel": Cancel(),
    "restart": Restart(),
}
_TAPS: Mapping[str, Event] = {
    BACK_CHOICE: Back(),
    CANCEL_CHOICE: Cancel(),
    SKIP_CHOICE: Skip(),
    RETRY_CHOICE: Repeat(),
    RESTART_CHOICE: Restart(),
}


class Engine:
    """Runs the flows it is given; holds nothing of any conversation."""

    def __init__(self, flows: Mapping[str, Flow], formats: Formats = DEFAULTS) -> None:
        self.flows = {flow_id: flow for flow_id, flow in flows.items() if flow.built}
        self.formats = formats
        accepted = {
            step.accepts for flow in self.flows.values() for step in flow.steps.values() if isinstance(step, AskSlot) and step.accepts
        }
        if unknown := accepted - set(formats):
            raise ValueError(f"no such format: {', '.join(sorted(unknown))}")

    def start(self, flow_id: str, lang: Lang, *, run: str, said: str = "") -> Turn:
        """Begin a flow; ``run`` is unique within the conversation, ``said`` the words that led here: they may answer steps already.

        Raises ``KeyError`` for a flow that does not exist or is not built yet.
        """
        flow = self.flows[flow_id]
        walk = Walk(flow, self.formats, State(flow=flow_id, run=run, version=flow.version, lang=lang, step=flow.start))
        assert flow.start
        if said:
            self._learn(walk, said, flow.start)
        walk.go(flow.start)
        return walk.turn()

    def step(self, state: State, event: Event, lang: Lang | None = None) -> Turn:
        """What an event leads to, in the language the conversation now has."""
        flow = self.flows.get(state.flow)
        state = state.model_copy(update={"lang": lang or state.lang})
        if flow is None:
            return gone(state, self.formats)
        walk = Walk(flow, self.formats, state)
        if state.ended:
            walk.say("over", title=walk.title())
            return walk.turn("not_accepted")
        if state.step not in flow.steps:
            walk.say("new-version")
            return self._restart(walk)
        if state.version != flow.version:
            adopt(walk)
        if walk.state.pending and not isinstance(event, Done):
            return perform_again(walk)
        return self._handle(walk, event)

    def resume(self, state: State, lang: Lang | None = None) -> Turn:
        """Go on with a flow that waited."""
        turn = self.step(state, Repeat(), lang)
        flow = self.flows.get(state.flow)
        if flow is None:
            return turn
        walk = Walk(flow, self.formats, turn.state)
        walk.say("resumed", title=walk.title())
        return Turn(turn.state, (*walk.blocks, *turn.outputs), turn.pending_action, turn.acceptance, turn.needs_person)

    def offer_resume(self, state: State, lang: Lang) -> tuple[Block, ...]:
        """Ask whether to go on with a flow that waits; the choices are ``resume:yes`` and ``resume:no``."""
        flow = self.flows.get(state.flow)
        if flow is None:
            return ()
        walk = Walk(flow, self.formats, state.model_copy(update={"lang": lang}))
        walk.say("resume-offer", title=walk.title())
        walk.offer(("resume:yes", "resume-yes"), ("resume:no", "resume-no"))
        return tuple(walk.blocks)

    def _handle(self, walk: Walk, event: Event) -> Turn:
        match event:
            case Utterance(text):
                return self._utterance(walk, text)
            case Choice(option):
                return self._choice(walk, option)
            case Confirm(yes):
                return self._confirm(walk, yes=yes)
            case Done():
                return finish(walk, event)
            case Restart():
                walk.say("restarted")
                return self._restart(walk)
            case Skip():
                return self._skip(walk)
            case _:
                return follow(walk, event)

    # Words

    def _utterance(self, walk: Walk, text: str) -> Turn:
        step = walk.step
        if isinstance(step, AskChoice | AskSlot):
            return self._answer(walk, step, text)
        answer = sure(text) if walk.state.confirming else None
        if answer is not True and (kind := control(text)):
            return self._handle(walk, _CONTROLS[kind])
        strength, said = cue(text) or (None, text)
        if answer is not True and (wanted := find_change(walk, said, strength)):
            change(walk, wanted)
            return walk.turn()
        if not walk.state.confirming:
            walk.stuck()
            return walk.turn("not_accepted")
        if answer is None:
            walk.say("confirm-please")
            walk.prompt(question=False)
            return walk.turn("not_accepted")
        return self._confirm(walk, yes=answer)

    def _answer(self, walk: Walk, step: AskChoice | AskSlot, text: str) -> Turn:
        reading = read_answer(step, text, walk.names(step), self.formats)
        kind = control(text)
        if kind and not (isinstance(reading, Given) and isinstance(step, AskChoice)):
            return self._handle(walk, _CONTROLS[kind])
        strength, said = cue(text) or (None, text)
        free = isinstance(reading, Given) and isinstance(step, AskSlot) and step.accepts and not self.formats[step.accepts].pattern
        missing = not isinstance(reading, Given)
        # A password may read like anything; a sentence typed as free text may only begin like a change.
        first = missing or (not is_secret(step) and (strength == "strong" or (strength == "weak" and free and len(said) <= SHORT)))
        if first and (wanted := find_change(walk, said, strength)):
            change(walk, wanted)
            return walk.turn()
        if isinstance(reading, Given):
            # Nobody's password is a sentence that says no.
            return self._skip(walk) if is_secret(step) and unwilling(text) else self._take(walk, reading)
        if strength == "strong" and not clauses(said):
            return self._handle(walk, Back())
        if unwilling(text):
            return self._skip(walk)
        if isinstance(step, AskChoice) and (option := self._leads_to(walk, step, text)):
            assert walk.state.step
            walk.arrive(walk.answer(walk.state.step, Slot(value=option)))
            return self._utterance(walk, text)
        if not is_secret(step) and not self._tried(step, text) and self._given_ahead(walk, text):
            return walk.turn()
        return refuse(walk, reading)

    def _tried(self, step: AskChoice | AskSlot, text: str) -> bool:
        """Whether the words have the form of what was asked for: a mistyped ID number is no value of another step."""
        pattern = self.formats[step.accepts].pattern if isinstance(step, AskSlot) and step.accepts else None
        return pattern is not None and pattern.search(text) is not None

    def _leads_to(self, walk: Walk, step: AskChoice, text: str) -> str | None:
        """The one option after which just this is asked for: a code, typed where "another try?" was asked."""
        asks = {name: walk.flow.steps.get(choice.next) for name, choice in step.choices.items()}
        fits = [name for name, ask in asks.items() if isinstance(ask, AskSlot) and self.fits(ask, text)]
        return fits[0] if len(fits) == 1 else None

    def fits(self, step: AskSlot, text: str) -> bool:
        """Whether a text is just a value of the form that a step asks for, right or wrong."""
        pattern = self.formats[step.accepts].pattern if step.accepts else None
        return pattern is not None and any(pattern.fullmatch(value) for value in (text.strip(), normalise(text)))

    def _given_ahead(self, walk: Walk, text: str) -> bool:
        """Whether the words are no answer yet, but hold a value that a later step asks for: keep it, and ask again."""
        assert walk.state.step
        if is_question(text):
            return False
        values = {
            step_id: slot
            for step_id, slot in find_early(walk, text, walk.state.step).items()
            if step_id != walk.state.step and isinstance(walk.flow.steps[step_id], AskSlot)
        }
        walk.keep_early(values)
        for step_id, slot in values.items():
            walk.note(step_id, slot)
        if values:
            walk.prompt()
        return bool(values)

    def _take(self, walk: Walk, given: Given) -> Turn:
        assert walk.state.step
        following = walk.answer(walk.state.step, given.slot)
        if given.before:
            self._learn(walk, given.before, following)
        walk.rest = given.rest
        walk.go(following)
        if walk.rest and walk.state.step:
            self._learn(walk, walk.rest, walk.state.step)
        return walk.turn("accepted" if given.sure else "not_accepted")

    def _learn(self, walk: Walk, text: str, start: str) -> None:
        """Keep what a message says about steps still to come."""
        known = find_early(walk, text, start)
        walk.keep_early(known)
        for step_id, slot in known.items():
            walk.note(step_id, slot)

    # Taps and orders

    def _choice(self, walk: Walk, option: str) -> Turn:
        if order := _TAPS.get(option):
            return self._handle(walk, order)
        step_id, _, name = option.removeprefix("step:").rpartition(":")
        step_id = step_id or walk.state.step or ""
        if step_id == walk.state.step:
            if walk.state.confirming and name in ("yes", "no"):
                return self._confirm(walk, yes=name == "yes")
            if self._is_option(walk, step_id, name):
                return self._take(walk, Given(Slot(value=name)))
        place = last_place(walk, step_id)
        if place is not None and self._is_option(walk, step_id, name):
            change(walk, Change(place, Slot(value=name)))
            return walk.turn()
        walk.say("expired-choice")
        walk.prompt()
        return walk.turn("not_accepted")

    def _is_option(self, walk: Walk, step_id: str, name: str) -> bool:
        step = walk.flow.steps.get(step_id)
        return isinstance(step, AskChoice | AskSlot) and name in dict(walk.options(step))

    def _confirm(self, walk: Walk, *, yes: bool) -> Turn:
        step = walk.step
        if not isinstance(step, Do) or not walk.state.confirming:
            walk.prompt()
            return walk.turn("not_accepted")
        if yes:
            walk.perform()
        elif step.declined:
            assert walk.state.step
            walk.left.append((walk.state.step, "declined"))
            walk.visit(walk.state.step, {})
            walk.go(step.declined)
        else:
            walk.say("declined")
            walk.offer((f"step:{walk.state.step}:yes", "confirm-yes"), (BACK_CHOICE, "back"), (CANCEL_CHOICE, "cancel"))
        return walk.turn()

    def _skip(self, walk: Walk) -> Turn:
        if isinstance(walk.step, AskSlot) and walk.step.optional:
            return self._take(walk, Given(Slot(value=None)))
        if isinstance(walk.step, AskSlot) and walk.step.why:
            walk.tell(walk.step.why)
        walk.say("no-skip")
        walk.prompt()
        return walk.turn("wrong")

    def _restart(self, walk: Walk) -> Turn:
        old, flow = walk.state, walk.flow
        # The visits go on counting: what is done again now is not what was done before.
        fresh = State(flow=old.flow, run=old.run, version=flow.version, lang=old.lang, step=flow.start, visits=old.visits, done=old.done)
        walk.state = fresh
        assert flow.start
        walk.go(flow.start)
        return walk.turn()
