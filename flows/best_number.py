"""After the checks: is the number in use the best one? If not, a better one is taken (DMBM512810).

It must not stand in the way of what they rang for: whoever leaves it unanswered goes on.
"""

from bot.actions import Ask, KeepNumber, NoteBestNumber, Say, SeeNumber
from bot.events import AnswerGiven, Event
from bot.flow import STAY, Move, move, moves_from
from flows.patience import Patient

NUMBER_LENGTH = (10, 16)  # 0 and nine digits, or ten with the prefix of Relay UK (18001)

SEEING = "seeing_number"
ABOUT_NUMBER = ["asking_best_number", "keying_best_number", "confirming_best_number"]
STATES = [SEEING, *ABOUT_NUMBER]

PROMPTS = frozenset({"best_number.in_use", "best_number.key_it", "best_number.read_back"})


def best_number_rows(goes_on_to: str) -> list[Move]:  # pragma: no mutate block
    """The rows of these states; `goes_on_to` is the state that all of them lead to."""
    asking, keying, confirming = ABOUT_NUMBER
    return [
        #    what happened         we were in    we go to      provided that, then
        move("number_shown", SEEING, asking),
        move("number_not_shown", SEEING, keying),
        move("is_best_number", asking, goes_on_to, then="note_number_in_use"),
        move("has_better_number", asking, keying),
        move("answer_given", keying, STAY, then="keep_number"),
        move("number_kept", keying, confirming),
        move("leaves_number", keying, goes_on_to, then="go_on"),
        move("is_right_number", confirming, goes_on_to, then="note_keyed_number"),
        move("is_wrong_number", confirming, keying),
        *moves_from(ABOUT_NUMBER, "silence", goes_on_to, when="silent_too_long", then="go_on"),
        *[move("silence", state, state, then="count_silence") for state in ABOUT_NUMBER],
        *moves_from(
            ABOUT_NUMBER, "not_understood", goes_on_to, when="silent_too_long", then="go_on"
        ),
        *[move("not_understood", state, state, then="ask_again") for state in ABOUT_NUMBER],
    ]


class AsksForBestNumber(Patient):
    """What the rows ask for."""

    # on the way

    def keep_number(self, event: AnswerGiven) -> None:
        """Have the number judged; whether it may be rung is told by the next event."""
        self.ask(KeepNumber(event.answer, said=event.said))

    def note_number_in_use(self, event: Event) -> None:
        """They are best reached where we reach them now."""
        self.heard_something()
        self.ask(NoteBestNumber(in_use=True))

    def note_keyed_number(self, event: Event) -> None:
        """They have heard the number they keyed, and it is right."""
        self.heard_something()
        self.ask(NoteBestNumber(in_use=False))

    def ask_again(self, event: Event) -> None:
        """What means nothing counts here as silence does: both together are asked three times."""
        self.count("silences")
        self.ask(Say("common.not_understood"))

    def go_on(self, event: Event) -> None:
        """The number stays as it is: on to what they rang for."""
        self.heard_something()

    # on arrival

    def on_enter_seeing_number(self, event: Event) -> None:
        """Is there a number in use of which to ask?"""
        self.ask(SeeNumber())

    def on_enter_asking_best_number(self, event: Event) -> None:
        """Is the number that we are speaking on the best one?"""
        keys = {"1": "is_best_number", "2": "has_better_number"}
        self.ask(Ask("best_number.in_use", keys))

    def on_enter_keying_best_number(self, event: Event) -> None:
        """Which number is the best one? They may leave it at what we have."""
        if event.trigger in ("has_better_number", "is_wrong_number"):
            self.heard_something()
        keys = {"9": "leaves_number"}
        ask = Ask("best_number.key_it", keys, digits=NUMBER_LENGTH, number=True, seconds=15)
        self.ask(ask)

    def on_enter_confirming_best_number(self, event: Event) -> None:
        """Say the number back, digit by digit, to whoever keyed it."""
        if event.trigger == "number_kept":
            self.heard_something()
        keys = {"1": "is_right_number", "2": "is_wrong_number"}
        self.ask(Ask("best_number.read_back", keys))
