"""What one release says: texts, what desks say of themselves, questions, each to be approved.

A release is known by its digest, a text by its key. The approved set of a desk (`WORDINGS` in
`bot.step`) names the releases that are wholly approved, and the texts whose approval was withdrawn.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.desk_words import item_of, said_by
from bot.policy import Policy
from bot.question_set import QuestionSet
from bot.store import Json
from bot.wording import Prompt, Wording

QUESTIONS = "questions"  # the item that is no prompt: what is asked, and how many must be right
EMPTY: Json = {"releases": [], "withdrawn": {}}
_DIGITS = 16  # of a hash in a key: two texts of one id that share them are refused together


@dataclass(frozen=True, slots=True)
class Text:
    """Something to be approved: a prompt in one language, a desk's own words, or the questions.

    `words` is what an approver reads; only a prompt has a `language` and an `audience`.
    """

    item: str
    language: str
    audience: str
    words: str
    hash: str

    @property
    def key(self) -> str:
        """How the approved set names it."""
        return key_of(self.item, self.language, self.hash)


def key_of(item: str, language: str, hash: str) -> str:
    """The name of exactly this text: `id@language@` and the beginning of its hash."""
    return f"{item}@{language}@{hash[:_DIGITS]}"


def texts_of(wording: Wording, questions: QuestionSet, policy: Policy) -> tuple[Text, ...]:
    """Every text of a release; prompts of questions that are not asked are none of it."""
    prompts = sorted(_said(wording, questions), key=lambda prompt: (prompt.id, prompt.language))
    asked = Text(QUESTIONS, "", "", in_words(questions), questions.digest)
    return (*(_text(prompt) for prompt in prompts), *_of_desks(policy), asked)


def keys_of(wording: Wording, questions: QuestionSet, policy: Policy) -> frozenset[str]:
    """The keys of every text of a release."""
    return frozenset(text.key for text in texts_of(wording, questions, policy))


def desks_digest(policy: Policy) -> str:
    """SHA-256 (hex) over what every desk says of itself: part of a release."""
    rows = sorted(f"{text.item} {text.hash}" for text in _of_desks(policy))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def hash_of(audience: str, words: str) -> str:
    """SHA-256 (hex) of a prompt, as `Prompt.hash` has it, or of a desk's words (for no ears)."""
    return hashlib.sha256(f"{audience}\n{words}".encode()).hexdigest()


def in_words(questions: QuestionSet) -> str:
    """The question set as an approver reads it: every rule and every question, one a line."""
    whole = questions.model_dump(mode="json", by_alias=True, exclude_none=True)
    asked = whole.pop("question")
    return "\n".join([*_rules(whole, ()), *(_question(one) for one in asked)])


def why_not(approved: Json | None, release: str | None, texts: frozenset[str]) -> str | None:
    """Why this release may not be spoken, or None if it may: asked in every turn.

    One text without approval is enough: a call in which a single prompt could not be said would
    only end in an apology (invariant 9).
    """
    if release is None:
        return "nothing may be spoken under these settings"
    if not approved or release not in approved.get("releases", ()):
        return "this release is not wholly approved"
    if withdrawn := sorted(texts.intersection(approved["withdrawn"])):
        return f"{', '.join(withdrawn)}: approval was withdrawn"
    return None


def _said(wording: Wording, questions: QuestionSet) -> Iterator[Prompt]:
    for prompt in wording.prompts.values():
        if not prompt.id.startswith("question.") or prompt.id in questions.prompts:
            yield prompt


def _of_desks(policy: Policy) -> Iterator[Text]:
    for desk in sorted(policy.desk):
        words = said_by(policy, desk)
        yield Text(item_of(desk), "", "", words, hash_of("", words))


def _text(prompt: Prompt) -> Text:
    return Text(prompt.id, prompt.language, prompt.audience.value, prompt.text, prompt.hash)


def _rules(table: dict[str, Any], at: tuple[str, ...]) -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _rules(value, (*at, key))
        else:
            yield f"{'.'.join((*at, key))} = {value}"


def _question(question: dict[str, Any]) -> str:
    rest = {key: value for key, value in question.items() if key != "id" and value not in ({}, [])}
    return f"{question['id']}: {', '.join(f'{key} {value}' for key, value in rest.items())}"
