"""Callbacks: the calls that are owed, why one is held back, and what staff may do to them."""

from collections import Counter
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.bulk_orders import BulkOrder, confirm, propose, waiting, withdraw
from bot.callback_book import held_back_by
from bot.callback_orders import CannotOrder, Order, Ordered, carry_out
from bot.callbacks import Callback, CallbackState
from bot.console.room import person, runtime
from bot.dial_rules import Verdict
from bot.errors import BadSeal
from bot.may_ring_now import verdict_now
from bot.owed_list import open_callbacks, the_callback
from bot.rule_words import WORDS
from bot.staff import Right
from bot.staff_log import BadReason

page = Blueprint("callbacks", __name__)

MOST = 200  # that are shown at once
MOST_REASONS = 5
ORDERS = {
    Order.HOLD: "Hold until",
    Order.RELEASE: "Release",
    Order.MOVE: "Move to",
    Order.CANCEL: "Cancel: nobody rings",
    Order.HAND_OVER: "Hand over to a person",
}
TIMED = frozenset({Order.HOLD, Order.MOVE})


@page.get("/callbacks", right=Right.SEE_FLOW, menu="Callbacks")
def callbacks() -> str:
    """What is owed, the next first."""
    return _listed()


@page.get("/callbacks/<desk>/<id>", right=Right.SEE_FLOW)
def callback(desk: str, id: str) -> str:
    """One callback: its attempts, and what the dial rules say of it now."""
    return _shown(_found(desk, id))


@page.post("/callbacks/<desk>/<id>", right=Right.ACT_ON_CALLBACKS)
def order(desk: str, id: str) -> str | Response | tuple[str, int]:
    """Do something to one callback."""
    found = _found(desk, id)
    try:
        ordered = _ordered()
        carry_out(runtime(), person(), desk, id, ordered)
    except (CannotOrder, BadReason) as refused:
        return _shown(found, errors=_errors(refused)), 400
    flash(f"{ORDERS[ordered.order].partition(':')[0]}: done.", "done")
    return redirect(url_for("callbacks.callback", desk=desk, id=id))


@page.post("/callbacks/many", right=Right.ACT_IN_BULK)
def many() -> str | Response | tuple[str, int]:
    """Ask for one order for many; a second person carries it out."""
    chosen = [one.partition("/") for one in request.form.getlist("callback")]
    desks = {desk for desk, _, _ in chosen}
    try:
        if len(desks) > 1 or not desks <= set(runtime().desks):
            raise CannotOrder("choose callbacks of one desk")
        bulk = propose(runtime(), person(), "".join(desks), [id for _, _, id in chosen], _ordered())
    except (CannotOrder, BadReason) as refused:
        return _listed(errors=_errors(refused)), 400
    flash(f"Asked for, for {len(bulk.callbacks)} callbacks. A second person must confirm it.")
    return redirect(url_for("callbacks.callbacks"))


@page.post("/callbacks/many/<desk>/<id>/confirm", right=Right.ACT_IN_BULK)
def confirm_many(desk: str, id: str) -> str | Response | tuple[str, int]:
    """Carry it out, as the second person."""
    try:
        outcomes = confirm(runtime(), person(), _desk(desk), id)
    except CannotOrder as refused:
        return _listed(errors=_errors(refused)), 400
    done = sum(not one.refused for one in outcomes)
    flash(f"Done for {done} of {len(outcomes)} callbacks.", "done" if done else "note")
    reasons = Counter(one.refused for one in outcomes if one.refused)
    for why, number in reasons.most_common(MOST_REASONS):  # a cookie takes them to the next page
        flash(f"{number} not done: {why}.")
    return redirect(url_for("callbacks.callbacks"))


@page.post("/callbacks/many/<desk>/<id>/withdraw", right=Right.ACT_IN_BULK)
def withdraw_many(desk: str, id: str) -> str | Response | tuple[str, int]:
    """Nothing of it is done."""
    try:
        withdraw(runtime(), person(), _desk(desk), id)
    except CannotOrder as refused:
        return _listed(errors=_errors(refused)), 400
    flash("Withdrawn: nothing is done.", "done")
    return redirect(url_for("callbacks.callbacks"))


def _listed(*, errors: list[dict[str, str]] | None = None) -> str:
    desks = list(runtime().desks)
    owed = [one for desk in desks for one in open_callbacks(runtime(), desk, MOST)]
    bulk: list[BulkOrder] = [one for desk in desks for one in waiting(runtime(), desk)]
    return render_template(
        "callbacks.html",
        owed=sorted(owed, key=lambda one: one.due_at)[:MOST],
        most=MOST,
        bulk=bulk,
        now=runtime().clock.now(),
        held_back=held_back,
        orders=ORDERS,
        given=request.form,
        errors=errors or [],
    )


def _shown(found: Callback, *, errors: list[dict[str, str]] | None = None) -> str:
    ended = found.state is CallbackState.ENDED
    return render_template(
        "callback.html",
        callback=found,
        verdict=None if ended or found.under_way else _verdict(found),
        now=runtime().clock.now(),
        held_back=held_back,
        rule_words=WORDS,
        orders={} if ended else _orders_for(found),
        given=request.form,
        errors=errors or [],
    )


def held_back(callback: Callback) -> str:
    """Why it is not rung, in words; "" where nothing is known to stand against it."""
    rule = held_back_by(callback, runtime().clock.now()) or ""
    return WORDS[rule][1] if rule in WORDS else rule.replace("_", " ")


def _orders_for(found: Callback) -> dict[Order, str]:
    """Those that make sense for it as it stands."""
    no_sense = {Order.RELEASE} if found.held_until is None else set()
    return {order: words for order, words in ORDERS.items() if order not in no_sense}


def _verdict(found: Callback) -> Verdict:
    try:
        return verdict_now(runtime(), found)
    except BadSeal:
        return Verdict(False, "number_unreadable")


def _found(desk: str, id: str) -> Callback:
    return the_callback(runtime(), desk, id) or abort(404)


def _desk(desk: str) -> str:
    return desk if desk in runtime().desks else abort(404)


def _ordered() -> Ordered:
    """The order of the form. Raises `CannotOrder` for one that there is not, or for no time."""
    form = request.form
    try:
        order = Order(form.get("order", ""))
    except ValueError:
        raise CannotOrder("choose what is to be done") from None
    until = _time(form.get("until", "")) if order in TIMED else None
    return Ordered(order=order, reason=form.get("reason", ""), until=until)


def _time(text: str) -> float:
    """A day and a time as a browser gives them, on the clocks of the desk."""
    try:
        local = datetime.strptime(text.strip().replace(" ", "T"), "%Y-%m-%dT%H:%M")
    except ValueError:
        raise CannotOrder("give a day and a time, as 2026-09-15 14:30") from None
    return local.replace(tzinfo=runtime().house.policy.calling_hours.week.zone).timestamp()


def _errors(refused: CannotOrder | BadReason) -> list[dict[str, str]]:
    told = str(refused)
    href = "#reason" if isinstance(refused, BadReason) else "#until" if "time" in told else "#order"
    return [{"text": told[:1].upper() + told[1:], "href": href}]
