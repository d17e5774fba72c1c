"""Goes from step to step within one turn, and collects what to show on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import JsonValue

from flows.answers import choices
from flows.answers.words import clauses, is_question
from flows.blocks import Block, Choices, Input, Option, Text
from flows.engine.events import Acceptance, PendingAction, Turn
from flows.engine.reading import read_rest
from flows.engine.show import context, listed, named, shown, slot_name
from flows.fields import input_field
from flows.formats import Formats
from flows.model import AskChoice, AskSlot, Bilingual, Do, Flow, Say, Step
from flows.state import Slot, State, Visit
from flows.texts import fill, sentence

HUMAN_CHOICE, BACK_CHOICE, CANCEL_CHOICE, TICKET_CHOICE = "act:human", "act:back", "act:cancel", "act:ticket"
SKIP_CHOICE, RETRY_CHOICE, RESTART_CHOICE = "act:skip", "act:retry", "act:restart"
LONGEST_WALK = 200
"""Steps in one turn; lint finds the loops that would need more."""


class Walk:
    """One turn being made: the state as it changes, the blocks to show, and the secrets that must not outlive it."""

    def __init__(self, flow: Flow, formats: Formats, state: State) -> None:
        self.flow = flow
        self.formats = formats
        self.state = state
        self.blocks: list[Block] = []
        self.rest = ""
        self.noted: list[str] = []
        """What was understood beyond the question that was asked; said first, so that mistakes are seen."""
        self.needs_person = False
        self._walked: list[str] = []
        self.left: list[tuple[str, str]] = []
        self._secrets: dict[str, JsonValue] = {}
        self._pending: PendingAction | None = None
        self._began = len(state.trail)

    @property
    def step(self) -> Step | None:
        """The current step."""
        return self.flow.steps[self.state.step] if self.state.step else None

    def change(self, **fields: object) -> None:
        """Go on with another state."""
        self.state = self.state.model_copy(update=fields)

    def turn(self, acceptance: Acceptance = "accepted") -> Turn:
        """What came of it."""
        noted = [Text(markdown=sentence("noted", self.state.lang, values=list(dict.fromkeys(self.noted))))] if self.noted else []
        asked = ", ".join(clause for clause in clauses(self.rest) if is_question(clause))
        return Turn(
            self.state, (*noted, *self.blocks), self._pending, acceptance, self.needs_person, asked, tuple(self._walked), tuple(self.left)
        )

    # Saying

    def say(self, name: str, **values: object) -> None:
        """One of the engine's own sentences."""
        self.blocks.append(Text(markdown=sentence(name, self.state.lang, **values)))

    def tell(self, text: Bilingual) -> None:
        """A step's text."""
        self.blocks.append(Text(markdown=fill(text[self.state.lang], context(self.flow, self.formats, self.state)).strip()))

    def offer(self, *options: tuple[str, str]) -> None:
        """Some of the engine's own options: their ids and their sentences."""
        labels = (Option(id=option, label=sentence(name, self.state.lang)) for option, name in options)
        self.blocks.append(Choices(options=tuple(labels)))

    def title(self) -> str:
        """The flow's title."""
        return self.flow.title[self.state.lang]

    def prompt(self, *, question: bool = True) -> None:
        """Ask what the current step asks; without the ``question``, only its options or its field."""
        match self.step:
            case AskChoice() | AskSlot() as step:
                if question:
                    self.tell(step.ask)
                self.blocks += self._fields(step)
            case Do(confirm=confirm) if confirm and self.state.confirming:
                if question:
                    self.tell(confirm)
                here = f"step:{self.state.step}"
                self.offer((f"{here}:yes", "confirm-yes"), (f"{here}:no", "confirm-no"))
            case Do() if not self._pending:
                self.stuck()
            case _:
                pass

    def _fields(self, step: AskChoice | AskSlot) -> Iterator[Block]:
        options = [Option(id=f"step:{self.state.step}:{option}", label=label) for option, label in self.options(step)]
        if isinstance(step, AskSlot):
            if step.accepts:
                fields = tuple(input_field(name, self.state.lang) for name in step.fields)
                example = self.formats[step.accepts].example
                yield Input(slot=step.slot, format=step.accepts, secret=step.secret, example=example, fields=fields)
            if step.optional:
                options.append(Option(id=SKIP_CHOICE, label=sentence("skip", self.state.lang)))
        if options:
            yield Choices(options=tuple(options))

    def options(self, step: AskChoice | AskSlot) -> list[tuple[str, str]]:
        """The options of a step with their labels; none for a value to type."""
        if isinstance(step, AskChoice):
            return [(name, choice.label[self.state.lang]) for name, choice in step.choices.items()]
        return list(listed(step, self.state))

    def names(self, step: AskChoice | AskSlot) -> list[choices.Option]:
        """The same options with everything that people call them."""
        return choices.options_of(step.choices) if isinstance(step, AskChoice) else named(step, self.state)

    def stuck(self, why: Literal["stuck", "unavailable"] = "stuck") -> None:
        """An action failed in a way that the flow has no answer to."""
        self.say(why)
        ticket = [(TICKET_CHOICE, "ticket")] if why == "unavailable" else []
        self.offer((RETRY_CHOICE, "retry"), *ticket, (BACK_CHOICE, "back"), (HUMAN_CHOICE, "person"))
        self.needs_person = True

    def note(self, step_id: str, slot: Slot) -> None:
        """Say later that this was understood too."""
        self.noted.append(str(shown(step_id, slot, self.flow, self.formats, self.state)))

    # Walking

    def go(self, target: str) -> None:
        """Walk from a step on until one needs an answer, a confirmation or an action, or the flow ends."""
        following: str | None = target
        for _ in range(LONGEST_WALK):
            if following is None:
                return
            following = self._enter(following)
        raise RuntimeError(f"{self.flow.id}: {LONGEST_WALK} steps without a question; `flows lint` names the loop")

    def arrive(self, step_id: str) -> None:
        """Be at a step, which has asked nothing yet."""
        self.change(step=step_id, attempts=0, confirming=False, pending=False)
        self._walked.append(step_id)

    def _enter(self, step_id: str) -> str | None:
        self.arrive(step_id)
        match self.flow.steps[step_id]:
            case Say() as step:
                self.tell(step.say)
                if step.person:
                    self.offer((HUMAN_CHOICE, "person"))
                    self.needs_person = True
                self.visit(step_id, {})
                if step.next is None:
                    self.end("done")
                else:
                    self.left.append((step_id, "next"))
                return step.next
            case Do() as step:
                if not step.confirm:
                    self.perform()
                    return None
                self.change(confirming=True)
                self.prompt()
                return None
            case AskChoice() | AskSlot() as step:
                return self._ask(step_id, step)

    def _ask(self, step_id: str, step: AskChoice | AskSlot) -> str | None:
        kept = self.state.early.get(step_id)
        if kept is None or not self.fits(step, kept):
            kept = self._from_rest(step_id, step)
        if kept is None:
            self.prompt()
            return None
        return self.answer(step_id, kept)

    def _from_rest(self, step_id: str, step: AskChoice | AskSlot) -> Slot | None:
        """The answer that the words left over from the step before give to this one too."""
        given = read_rest(step, self.rest, self.names(step), self.formats) if self.rest else None
        if given is None:
            return None
        self.rest = given.rest
        self.note(step_id, given.slot)
        return given.slot

    def fits(self, step: AskChoice | AskSlot, slot: Slot) -> bool:
        """Whether an answer given earlier is one that the step still takes."""
        if isinstance(step, AskChoice):
            return slot.value in step.choices
        if slot.value is None:
            return step.optional
        return step.options is None or slot.value in dict(self.options(step))

    def answer(self, step_id: str, slot: Slot) -> str:
        """Keep the answer to a step, and tell which step comes next; a secret is kept until the turn is over."""
        step = self.flow.steps[step_id]
        assert isinstance(step, AskChoice | AskSlot)
        name = slot_name(step_id, step)
        secret = isinstance(step, AskSlot) and step.secret
        if secret:
            self._secrets[name] = slot.value
        self.change(early={key: value for key, value in self.state.early.items() if key != step_id})
        self.visit(step_id, {} if secret else {name: slot})
        if isinstance(step, AskChoice):
            self.left.append((step_id, str(slot.value)))
            return step.choices[str(slot.value)].next
        self.left.append((step_id, "next"))
        return step.next

    def visit(self, step_id: str, slots: Mapping[str, Slot]) -> None:
        """Add a step and the slots it fills to the trail."""
        replaced = {name: self.state.slots[name] for name in slots if name in self.state.slots}
        walked = Visit(step=step_id, slots=tuple(slots), replaced=replaced)
        self.change(slots={**self.state.slots, **slots}, trail=(*self.state.trail, walked))

    def keep_early(self, known: dict[str, Slot]) -> None:
        """Keep answers to later steps; taking back the message that gave them takes them back too."""
        if not known:
            return
        self.change(early={**self.state.early, **known})
        if len(self.state.trail) > self._began:
            last = self.state.trail[-1]
            last = last.model_copy(update={"early": (*last.early, *known)})
            self.change(trail=(*self.state.trail[:-1], last))

    def perform(self) -> None:
        """Ask the caller to carry out the current ``do``."""
        step_id, step = self.state.step, self.step
        assert step_id
        assert isinstance(step, Do)
        if not self.state.pending:
            visits = {**self.state.visits, step_id: self.state.visits.get(step_id, 0) + 1}
            self.change(visits=visits, pending=True, confirming=False)
        slots = {name: slot.value for name, slot in self.state.slots.items()}
        key = f"{self.state.run}:{step_id}:{self.state.visits[step_id]}"
        self._pending = PendingAction(step.do, step_id, key, {**slots, **self._secrets})

    def end(self, how: Literal["done", "cancelled", "gone"]) -> None:
        """The flow is over; what was given for it is not kept."""
        self.change(step=None, ended=how, slots={}, early={}, trail=(), sealed=0, attempts=0, confirming=False, pending=False)

    # Taking back

    def take_back(self, place: int) -> dict[str, Slot]:
        """Cut the trail before one of its visits; what the cut steps had been answered comes back, by step."""
        cut = self.state.trail[place:]
        slots = dict(self.state.slots)
        for visit in reversed(cut):
            for name in visit.slots:
                slots.pop(name, None)
            slots.update(visit.replaced)
        early = {name for visit in cut for name in visit.early}
        answers = {
            visit.step: self.state.slots[visit.slots[0]]
            for visit in cut
            if visit.slots and visit.slots[0] in self.state.slots and isinstance(self.flow.steps.get(visit.step), AskChoice | AskSlot)
        }
        self.change(
            trail=self.state.trail[:place],
            slots=slots,
            early={step: slot for step, slot in self.state.early.items() if step not in early},
            step=cut[0].step if cut else self.state.step,
            attempts=0,
            confirming=False,
            pending=False,
        )
        return answers
