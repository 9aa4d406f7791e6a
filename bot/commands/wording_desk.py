"""What the commands about wordings are given: the texts of this house, and the book about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from bot import start
from bot.commands.terminal import Terminal, records_of
from bot.proof import Audience
from bot.records import SqlApprovals
from bot.release import Text
from bot.runtime import House
from bot.wording_lint import lint
from bot.wording_release import WordingRelease

LANGUAGE = click.option("--language", help="Only in this one: en, cy. [default: in all]")
NAME = click.option("--as", "by", metavar="NAME", required=True, help="Who you are.")


@dataclass(frozen=True, slots=True)
class WordingsHere:
    """The texts that are configured here and how they stand; no Redis is needed for it."""

    house: House
    release: WordingRelease
    production: bool

    def moment(self, at: float) -> str:
        """A time as people here read it, with its year."""
        local = self.house.policy.calling_hours.week.local(at)
        return f"{local:%d %b %Y %H:%M}"

    def facts_of(self, text: Text) -> Iterator[tuple[str, str]]:
        """What there is to know of a text beside its words."""
        if not text.audience:  # no prompt
            yield "hash", text.hash
            return
        prompt = self.house.wording.prompt(text.item, text.language)
        yield "audience", text.audience
        yield "fields", ", ".join(prompt.fields) or "none"
        yield "lint", self.lint_of(text)
        yield "hash", text.hash

    def lint_of(self, text: Text) -> str:
        """What the lint has to say of a text: the words that offend, or that there are none."""
        named = self.house.policy.message.name_organisation_on_machines
        found = lint(text.words, Audience(text.audience), name_organisation=named)
        return "; ".join(found) or f"nothing in it offends {text.audience}"


def wordings_here(terminal: Terminal) -> WordingsHere:
    """The texts and the book. Raises `ConfigError` for texts that no approver need look at."""
    settings = terminal.settings
    house = House.load(settings, terminal.flows)
    book = SqlApprovals(records_of(settings))
    release = house.wordings(settings, book, start.the_clock(settings))
    return WordingsHere(house, release, settings.production)


def chosen(here: WordingsHere, items: Sequence[str], language: str | None) -> list[Text]:
    """The configured texts of these items, in every language or in one."""
    texts = [text for text in here.release.texts if language in (None, text.language)]
    for item in items:
        if item not in {text.item for text in texts}:
            inside = f" in {language}" if language else ""
            reason = f"no item {item}{inside}; `ringback wording list` shows them all"
            raise click.BadParameter(reason, param_hint="ITEM")
    return [text for text in texts if text.item in items]
