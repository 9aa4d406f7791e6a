"""`ringback rules`: why a number may or may not be rung, rule by rule, with the source of each."""

from datetime import datetime
from enum import IntEnum

import click

from bot import number_history
from bot.callback_book import find_open
from bot.callbacks import Callback
from bot.cases import Case
from bot.commands.showing import console, table, until, words
from bot.commands.terminal import Terminal, pass_terminal
from bot.dial_rules import Finding, Verdict
from bot.errors import BadNumber, RingbackError
from bot.halts import is_left_alone, is_on_the_line
from bot.may_ring_now import explained
from bot.phone import PhoneNumber
from bot.policy import Policy
from bot.rule_words import WORDS
from bot.runtime import Runtime
from bot.unit_of_work import UnitOfWork


class NoSuchCase(RingbackError):
    """A handle that is nobody's."""


class Answer(IntEnum):
    """What the exit code tells; 1 and 2 are mistakes, as with every command."""

    YES = 0
    LATER = 3
    A_PERSON_DECIDES = 4


@click.group()
def rules() -> None:
    """Explain why a number may or may not be rung."""


@rules.command(
    epilog="For example: ringback rules explain 07700900123 --at 2027-01-31T12:00. The exit code is"
    " 0 for yes, 3 for later, 4 where a person must decide."
)
@click.argument("number")
@click.option("--case", "handle", help="For this case; else the one on which the number is.")
@click.option("--at", help="Then: 14:30 (today) or 2027-01-31T14:30; else now.")
@click.pass_context
@pass_terminal
def explain(
    terminal: Terminal, context: click.Context, number: str, handle: str | None, at: str | None
) -> None:
    """Say whether NUMBER may be rung, and when next. Nobody is rung by it."""
    try:
        asked = PhoneNumber.parse(number)
    except BadNumber:
        raise click.BadParameter("that is no telephone number", param_hint="NUMBER") from None
    with terminal.runtime() as runtime:
        policy, now = runtime.house.policy, runtime.clock.now()
        then = _instant(at, policy, now)
        number_hash = runtime.keyring.number_hash(asked.e164)
        callback = _owed_to(runtime, number_hash)
        case = _case(runtime, handle or (callback.case if callback else None), number_hash)
        units = [UnitOfWork(runtime.store, desk) for desk in runtime.desks]
        partition = number_history.partition(number_hash)
        read = runtime.store.read(partition, (number_history.RECORD,))
        verdict, found = explained(
            runtime,
            case,
            callback if callback and case and callback.case == case.handle else None,
            asked,
            read[number_history.RECORD].data,
            then,
            left_alone=any(
                is_left_alone(u, number_hash, case.handle if case else None) for u in units
            ),
            on_the_line=any(is_on_the_line(u, number_hash, then) for u in units),
        )
    _show(asked, case, found, policy, then)
    console().print(_sentence(verdict, policy, then), soft_wrap=True)
    context.exit(_answer(verdict))


def _owed_to(runtime: Runtime, number_hash: str) -> Callback | None:
    """The call that is owed there, at any desk."""
    units = [UnitOfWork(runtime.store, desk) for desk in runtime.desks]
    return next(filter(None, (find_open(unit, number_hash, None) for unit in units)), None)


def _case(runtime: Runtime, handle: str | None, number_hash: str) -> Case | None:
    """The case that is named, or the newest on this number if all are one person's."""
    if handle is not None:
        case = runtime.directory.by_handle(handle)
        if case is None:
            raise NoSuchCase(f"no case has the handle {handle}; see the letter, or the import")
        return case
    found = runtime.directory.by_number(number_hash)
    return found[0] if len({case.customer for case in found}) == 1 else None


def _instant(text: str | None, policy: Policy, now: float) -> float:
    """The instant that was typed, by the wall there. Raises `BadParameter` for one that is over."""
    if text is None:
        return now
    today = policy.calling_hours.week.local(now)
    try:
        written = f"{today:%Y-%m-%d}T{text}" if "-" not in text else text
        typed = datetime.fromisoformat(written)
        then = (typed if typed.tzinfo else typed.replace(tzinfo=today.tzinfo)).timestamp()
    except (ValueError, OverflowError):
        reason = "not a time such as 14:30 or 2027-01-31T14:30"
        raise click.BadParameter(reason, param_hint="--at") from None
    if then < now - 60.0:
        reason = "that is over; `ringback log` shows what the rules said then"
        raise click.BadParameter(reason, param_hint="--at")
    return then


def _show(
    number: PhoneNumber, case: Case | None, found: list[Finding], policy: Policy, then: float
) -> None:
    about = f"case {case.handle}" if case else "no case"
    console().print(f"{number}, {about}, at {_moment(policy, then)}")
    shown = table("", "rule", "what it finds", "until", "source")
    for one in found:
        fine, objects = WORDS[one.rule]
        again_at = one.refusal.again_at if one.refusal else None
        shown.add_row(
            "NO" if one.refusal else "lifted" if one.lifted else "ok",
            words(one.rule),
            objects if one.refusal or one.lifted else fine,
            _moment(policy, again_at) if again_at is not None else "",
            one.source,
            style="bold red" if one.refusal else "",
        )
    console().print(shown)


def _sentence(verdict: Verdict, policy: Policy, then: float) -> str:
    if verdict.allowed:
        return f"It may be rung at {_moment(policy, then)}."
    rule = f"It may not be rung at {_moment(policy, then)}: {WORDS[verdict.rule][1]}."
    source = f"The source is: {verdict.source}."
    if verdict.again_at is None:
        return f"{rule} Time does not cure that: a person decides. {source}"
    again = f"{_moment(policy, verdict.again_at)} ({until(verdict.again_at, then)})"
    return f"{rule} It may be rung from {again}, if nothing new happens. {source}"


def _answer(verdict: Verdict) -> Answer:
    if verdict.allowed:
        return Answer.YES
    return Answer.A_PERSON_DECIDES if verdict.again_at is None else Answer.LATER


def _moment(policy: Policy, at: float) -> str:
    return f"{policy.calling_hours.week.local(at):%a %d %b %Y %H:%M %Z}"
