"""docs/callbacks.md: a callback's life, made from its moves, the rules of `config/` and the table."""

from collections.abc import Iterator

import callbacks_table

from bot.actions import Disposition
from bot.callbacks import MOVES, CallbackState
from bot.policy import Policy
from bot.policy_rules import Retry

ENDINGS = {
    Disposition.CONNECTED: "they passed the checks, or spoke to somebody",
    Disposition.DETAILS_READ: "they heard their case",
    Disposition.LEFT_MESSAGE: "a machine has the approved message",
    Disposition.NO_RESPONSE: "somebody or something picked up, and no key was pressed",
    Disposition.NO_ANSWER: "it rang, and nobody picked up",
    Disposition.BUSY: "engaged, or turned away",
    Disposition.FAILED: "the carrier could not ring it (a number that it refuses for good ends with a task)",
    Disposition.FAX: "a fax answered",
    Disposition.ABANDONED: "somebody picked up, and heard no word of ours",
    Disposition.WRONG_PERSON: "somebody else answered",
    Disposition.NOT_VERIFIED: "they did not pass the checks",
    Disposition.REFUSED: "they pressed a key, and did not go on",
    Disposition.POSTPONED: "they cannot talk now, or want proof first",
    Disposition.SETTLED_BY_CUSTOMER: "they were helped by ringing in",
    Disposition.CANCELLED: "nothing is owed any more, or the call was never placed (then it is due again)",
    Disposition.NEEDS_PERSON: "a person must go on",
}

INTRODUCTION = """# A callback's life

Made from `bot/callbacks.py`, `config/policy.toml` and `tests/callbacks/table.txt` by `make docs`; a test fails when
it is not up to date.

A callback is a call that we owe a customer; an attempt is one try at it. One is open for a number, and for a
case. Each step is one commit ([store.md](store.md)), and the same event twice is the same as once. A worker's claim is
a lease on its line in the queue, and no state of its own: it is still `due`.
"""

AFTER_PICTURE = """
Asked for again, put off by a rule, or the last because nothing is owed after it: that moves no state. A step
that the picture does not have is refused, and nobody is rung by it.

## How an attempt ends

What follows is a rule of `[retry]`, which counts from when the attempt began. The dial rules come on top
(`ringback rules explain`): hours, a day after a machine, once a day, another time of day, the caps. A text during the
attempt comes before its rule: the next is owed at once, or at the time asked for. A text counts the attempts of a
case anew; the hard cap counts them all.

| disposition | when | what follows | source | evidence |
| --- | --- | --- | --- | --- |"""

CAPS = """
{per_case} attempts at a case for each time that it is asked for, then a person; {per_number_per_day} a day at a number;
{hard_cap} in vain within {hard_cap_days} days at a number, over all desks, whoever asks; {hours_of_day_apart} hours of the
day apart from those in vain, where the day allows it. Source: {source}.

## Whatever happens, wherever it stands

Every cell is a test (`tests/callbacks/test_table.py`), played through the webhooks: each text comes twice, the attempt
that is under way ends in vain, and the days after it show whether, when and where it rings.
"""

BAD_INPUT = """
## What should not be

| what | what becomes of it | called |
| --- | --- | --- |
| due in the past | rung when it is found | |
| due years ahead: a clock was wrong | due now, as soon as a clock is seen to have gone back, or somebody asks | `clock put back` |
| a time asked for that is over, or more than a year ahead | a person decides | `asked_time_over`, `asked_for_later` |
| a number that is none any more, or sealed under a key that is lost | a person decides | `number_unreadable` |
| a number of a kind that is not rung | a person decides | `number_kind` |
| a case that vanished | a person decides | `no_case` |
| a case that vanishes while it rings | whoever answers hears the apology; an urgent task | `our_fault` |
| an attempt that lies in the future: a clock ran ahead | a person decides | `clock_in_doubt` |
| an ending that another version wrote | the longest wait | `unknown_ending` |
| a rule for an ending that there is not, or none for one that there is | the service does not start | `ConfigError` |
| a record with fields missing or unknown | as at the beginning; what is unknown is kept, but in an attempt | |
| a record that cannot be read at all | an urgent task, nobody is rung | `handed over: unreadable` |
| a line in the queue whose callback is gone | an urgent task, nobody is rung | `handed over: gone` |
| Redis' own clock ran months ahead: it forgot what it keeps for so long | the same | `handed over: gone` |
| clocks of two workers minutes apart | each is rung once, if one notice of a call arrives or the carrier's clock is within `clocks_apart_seconds`: settling waits from the first look, by the clock of whoever looks | |
| a line in the outbox of an unknown kind | it waits for a version that knows it, and stops nothing | `outbox_line_unknown` |
"""


def page() -> str:
    """The whole page."""
    policy, table = Policy.load(), callbacks_table.read()
    lines = [
        INTRODUCTION,
        *_picture(),
        AFTER_PICTURE,
        *(_ending(one, policy.retry[one]) for one in Disposition),
        CAPS.format(**policy.attempts.model_dump()),
        *_words("Where it stands", table.states),
        *_words("What becomes of it", table.outcomes),
        *_grid("A text, or an officer", table, table.asks),
        *_grid("A call of theirs", table, table.calls),
        BAD_INPUT,
    ]
    return "\n".join(lines).rstrip() + "\n"


def _picture() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {CallbackState.DUE}: asked for"
    for before, step, after in MOVES:
        yield f"    {before} --> {after}: {step}"
    yield f"    {CallbackState.ENDED} --> [*]"
    yield "```"


def _ending(disposition: Disposition, rule: Retry) -> str:
    if rule.task:
        follows = "a task for a person"
    elif rule.final:
        follows = "nothing more is owed"
    else:
        hours = (rule.minutes or 0) / 60
        follows = f"due again {hours:g} hours after it began"
    when = ENDINGS[disposition]
    return f"| `{disposition}` | {when} | {follows} | {rule.source} | `{rule.evidence}` |"


def _words(title: str, words: dict[str, str]) -> Iterator[str]:
    yield f"| {title.lower()} | |"
    yield "| --- | --- |"
    yield from (f"| {word} | {meaning} |" for word, meaning in words.items())
    yield ""


def _grid(title: str, table: callbacks_table.Table, happens: dict[str, str]) -> Iterator[str]:
    yield f"### {title}\n"
    yield from (f"* *{word}*: {meaning}" for word, meaning in happens.items())
    yield ""
    cells = {(cell.state, cell.happens): cell.outcome for cell in table.cells}
    yield f"| | {' | '.join(happens)} |"
    yield f"| --- |{' --- |' * len(happens)}"
    for state in table.states:
        yield f"| **{state}** | {' | '.join(cells[state, what] for what in happens)} |"
    yield ""
