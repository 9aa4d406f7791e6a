"""`ringback verification`: how strong the checks are."""

from fractions import Fraction

import click
from rich.table import Table

from bot.commands.showing import console, table, words
from bot.commands.terminal import Terminal, pass_terminal
from bot.question_set import Question, QuestionSet
from bot.strength import NEXT_STEP, Strength, odds, one_in, strengths, tries_a_day, weaknesses

NEAR = frozenset({"date", "month_year", "year"})


@click.group()
def verification() -> None:
    """How strong the checks are."""


@verification.command()
@pass_terminal
def strength(terminal: Terminal) -> None:
    """How often a stranger passes the checks.

    By guessing, and by knowing some of the answers: in one call, and in a day of as many tries as
    the budget allows. Reckoned exactly, for the average draw of questions and for the worst.

    Ends with 1 if that is more than [strength] in verification.toml allows: production then
    receives only. docs/strength.md has an example by hand.
    """
    questions = QuestionSet.load(terminal.config_dir)
    _show_questions(questions)
    _show_strengths(questions)
    _show_tries(questions)
    _show_verdict(questions)
    if weaknesses(questions):
        raise click.exceptions.Exit(1)


def _show_questions(questions: QuestionSet) -> None:
    sample = ": samples, production asks none of them" if questions.sample else ""
    _say(f"The questions of {questions.file}{sample}")
    shown = table("question", "answer", "one guess is right", "because", whole=("question",))
    for question in questions.question:
        guess = odds(Fraction(1, one_in(question, questions)))
        shown.add_row(question.id, words(question.kind), guess, _because(question, questions))
    console().print(shown)


def _because(question: Question, questions: QuestionSet) -> str:
    if question.source is not None:
        return question.source
    if question.kind in NEAR:
        return f"guessed near, among {questions.strength.years_guessed_among} years"
    return "one answer is as common as another"


def _show_strengths(questions: QuestionSet) -> None:
    _say("How often a stranger passes, who knows so many of the answers, the most useful ones")
    for contact, rule in questions.contacts.items():
        of = f"asks {rule.ask} of {len(questions.question)} questions, {rule.passes} must be right"
        _say(f"{words(contact)}: {of}")
        shown = table(
            "knows", "passes in", "on average", "worst draw", "at most", whole=("passes in",)
        )
        for found in strengths(questions):
            if found.contact is contact:
                _add_rows(shown, found)
        console().print(shown)


def _add_rows(shown: Table, found: Strength) -> None:
    knows = str(found.knowing) if found.knowing else "none"
    style = "bold red" if found.too_weak else None
    shown.add_row(knows, "a call", odds(found.call.mean), odds(found.call.worst))
    shown.add_row(
        knows, "a day", odds(found.day.mean), odds(found.day.worst), _allowed(found), style=style
    )


def _allowed(found: Strength) -> str:
    if found.limit is None:
        return ""
    return f"{odds(found.limit)}{': too weak' if found.too_weak else ''}"


def _show_tries(questions: QuestionSet) -> None:
    budget, tries = questions.budget, tries_a_day(questions.budget)
    _say(
        f"A case stands {budget.failed} failed tries in {budget.hours} h, whoever makes them: "
        f"{tries} a day, each with other guesses at the same questions."
    )
    _say(
        f"One telephone has {tries} a day too, over however many cases: the same odds, now of "
        "getting into any of them. Withheld callers share no such budget, only that of the case."
    )
    _say("Hearing the questions costs no try: a stranger can look for the worst draw.")


def _show_verdict(questions: QuestionSet) -> None:
    found = weaknesses(questions)
    if not found:
        _say("Every limit of [strength] is kept.")
        return
    for weak in found:
        console().print(str(weak), style="bold red", soft_wrap=True)
    _say(f"Production receives only, the demo goes on. {NEXT_STEP}.")


def _say(text: str) -> None:
    console().print(text, soft_wrap=True)
