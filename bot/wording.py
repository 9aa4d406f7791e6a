"""The words of `config/wording.*.toml`: each with an audience, a language and a hash."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.config_files import Layers, dotted, file_names, nearest, read_layers
from bot.errors import ConfigError, WordingOffends
from bot.proof import Audience, Fact
from bot.spoken_caseload import FIELDS as CASELOAD
from bot.wording_lint import lint

# Said when we are at fault, to whoever is listening. In code, since `config/` may be the fault.
BUILT_IN_APOLOGY = (
    "We are sorry. Something has gone wrong on our side, and nothing is lost. "
    "Please ring again later. Goodbye."
)

MOST_CHARACTERS = 1000
FACTS = frozenset(fact.value for fact in Fact)
_ALWAYS = frozenset({"service_number", "desk_hours", "organisation"})
ALLOWED: Mapping[Audience, frozenset[str]] = {
    Audience.ANY_EARS: _ALWAYS,
    Audience.MACHINE: _ALWAYS,
    Audience.UNVERIFIED: _ALWAYS,
    Audience.VERIFIED: _ALWAYS | FACTS | {"best_number"},  # the one that was keyed in this call
    Audience.OFFICER: _ALWAYS | FACTS | CASELOAD | {"case_handle"},  # the one they have opened
}
_HANDED_IN = (
    FACTS | CASELOAD | {"best_number", "case_handle"}
)  # what only the flow can fill, where it asks for this prompt
_NAMING_FLOW = "outbound_call."  # whom we ask for by name, as DMBM512930 wants it
_FIELD = re.compile(r"\{([a-z_]+)\}")
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)  # no slots: what is derived is kept
class Prompt:
    """One text for one audience in one language. `hash` is what an approval approves."""

    id: str
    language: str
    audience: Audience
    text: str

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that `fill` needs, each once, in the order in which they are said."""
        return tuple(dict.fromkeys(_FIELD.findall(self.text)))

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of the audience and the template: never of the rendered sentence.

        The audience is in it: the same words for other ears need another approval.
        """
        return hashlib.sha256(f"{self.audience.value}\n{self.text}".encode()).hexdigest()

    def fill(self, values: Mapping[str, str]) -> str:
        """The sentence to be spoken. Raises `ConfigError` for a missing or an extra field."""
        if set(values) != set(self.fields):
            wrong = sorted(set(values) ^ set(self.fields))
            reason = f"needs exactly {', '.join(self.fields) or 'no fields'}; wrong: {wrong}"
            raise ConfigError(_file(self.language), self.id, reason)
        return _FIELD.sub(lambda match: values[match.group(1)], self.text)


@dataclass(frozen=True)  # no slots: what is derived is kept
class Wording:
    """Every prompt in every language; `Wording.load` is the way in."""

    sample: bool
    prompts: Mapping[tuple[str, str], Prompt] = field(repr=False)
    own_files: Mapping[str, str] = field(default_factory=dict)  # the operator's, by language

    @classmethod
    def load(
        cls, config_dir: Path | None = None, *, name_organisation_on_machines: bool = False
    ) -> "Wording":
        """The packaged words with the operator's over them. Raises `ConfigError`.

        The switch is the policy's `message.name_organisation_on_machines`.
        """
        sample = False
        prompts: dict[tuple[str, str], Prompt] = {}
        own_files: dict[str, str] = {}
        for name in file_names(r"wording\.[a-z]{2}\.toml", config_dir):
            layers = read_layers(name, config_dir)
            sample |= _sample(layers)
            if layers.operator_path is not None:
                own_files[name.split(".")[1]] = str(layers.operator_path)
            for prompt in _prompts(layers, name_organisation=name_organisation_on_machines):
                prompts[prompt.language, prompt.id] = prompt
        wording = cls(sample, MappingProxyType(prompts), own_files)
        wording._refuse_gaps()
        wording._refuse_what_flows_do_not_expect(_packaged_prompts())
        return wording

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are words in."""
        return tuple(sorted({language for language, _ in self.prompts}))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over id, language and hash of every prompt: which wording was live."""
        rows = sorted((prompt.id, prompt.language, prompt.hash) for prompt in self.prompts.values())
        return hashlib.sha256("\n".join(" ".join(row) for row in rows).encode()).hexdigest()

    def ids(self, language: str) -> frozenset[str]:
        """The prompts of one language."""
        return frozenset(prompt_id for spoken, prompt_id in self.prompts if spoken == language)

    def prompt(self, prompt_id: str, language: str = "en") -> Prompt:
        """One prompt. Raises `ConfigError` where there is none.

        There is no falling back to another language here: for a customer whose language is Welsh,
        English is not a lesser good but forbidden (TCM0138160).
        """
        try:
            return self.prompts[language, prompt_id]
        except KeyError:
            raise ConfigError(_file(language), prompt_id, "no such prompt") from None

    def require(self, prompt_ids: Iterable[str]) -> None:
        """Raise `ConfigError` naming prompts that are missing, or that nothing uses.

        An unused `question.…` is let pass: an operator's own questions leave the sample ones over.
        """
        needed = set(prompt_ids)
        for language in self.languages or ("en",):
            held = self.ids(language)
            unused = sorted(name for name in held - needed if not name.startswith("question."))
            strange = f"no flow uses it{nearest(unused[0], sorted(needed))}" if unused else ""
            for names, reason in ((sorted(needed - held), "missing"), (unused, strange)):
                if names:
                    file = self.own_files.get(language) or _file(language)
                    raise ConfigError(file, ", ".join(names), reason)

    def _refuse_what_flows_do_not_expect(self, packaged: Mapping[str, Prompt]) -> None:
        """An operator changes words: not for whom they are, nor the facts that are told in them."""
        for prompt in self.prompts.values():
            ours = packaged.get(prompt.id)
            if ours is not None and prompt.audience is not ours.audience:
                reason = f"must be {ours.audience.value}, as the flow expects it"
                raise ConfigError(_file(prompt.language), f"{prompt.id}.audience", reason)
            expected = _HANDED_IN.intersection(ours.fields if ours else ())
            filled = frozenset(prompt.fields) if expected & FACTS else _HANDED_IN & {*prompt.fields}
            if filled != expected:
                known = ", ".join(f"{{{name}}}" for name in sorted(expected)) or "none of them"
                wrong = ", ".join(f"{{{name}}}" for name in sorted(filled ^ expected))
                reason = f"here are filled {known}; wrong: {wrong}"
                raise ConfigError(_file(prompt.language), f"{prompt.id}.text", reason)

    def _refuse_gaps(self) -> None:
        """What one language has, every language has, and for the same ears."""
        for prompt in self.prompts.values():
            for language in self.languages:
                twin = self.prompts.get((language, prompt.id))
                if twin is None:
                    raise ConfigError(
                        _file(language), prompt.id, f"missing: {prompt.language} has it"
                    )
                if twin.audience is not prompt.audience:
                    reason = f"its audience is {prompt.audience.value} in {prompt.language}"
                    raise ConfigError(_file(language), f"{prompt.id}.audience", reason)


def _file(language: str) -> str:
    return f"wording.{language}.toml"


def _packaged_prompts() -> Mapping[str, Prompt]:
    layers = read_layers("wording.en.toml", None)
    layers.merged.pop("sample", None)
    return {prompt.id: prompt for prompt in _read(layers, "en")}


def _sample(layers: Layers) -> bool:
    sample = layers.merged.pop("sample", None)
    if not isinstance(sample, bool):
        raise layers.refusal(("sample",), "needs `sample = true` or `sample = false`")
    return sample


def _prompts(layers: Layers, *, name_organisation: bool) -> Iterable[Prompt]:
    """The prompts of one language, or a refusal that names every text that offends."""
    language = layers.name.split(".")[1]
    prompts = [*_read(layers, language)]
    offences = [
        (prompt.id, prompt.audience.value, "; ".join(problems))
        for prompt in prompts
        if (problems := lint(prompt.text, prompt.audience, name_organisation=name_organisation))
    ]
    if offences:
        raise WordingOffends(layers.where((*offences[0][0].split("."), "text")), offences)
    return prompts


def _read(layers: Layers, language: str) -> Iterable[Prompt]:
    for flow, tables in layers.merged.items():
        if not isinstance(tables, dict):
            raise layers.refusal((flow,), "unknown key: prompts are written [flow.prompt]")
        for name, table in tables.items():
            yield _prompt(layers, language, (flow, name), table)


def _prompt(layers: Layers, language: str, keys: tuple[str, str], table: Any) -> Prompt:
    if not isinstance(table, dict) or not all(_ID.fullmatch(key) for key in keys):
        raise layers.refusal(keys, "prompts are written [flow.prompt], in small letters")
    if unknown := sorted(set(table) - {"audience", "text"}):
        raise layers.refusal((*keys, unknown[0]), "unknown key: a prompt has audience and text")
    try:
        audience = Audience(str(table.get("audience")))
    except ValueError:
        words = ", ".join(Audience)
        raise layers.refusal((*keys, "audience"), f"must be one of {words}") from None
    text = table.get("text")
    reason = _fault(dotted(keys), audience, text) if isinstance(text, str) else "must be a text"
    if reason:
        raise layers.refusal((*keys, "text"), reason)
    return Prompt(dotted(keys), language, audience, str(text))


def _fault(prompt_id: str, audience: Audience, text: str) -> str | None:
    if not text.strip():
        return "empty"
    if len(text) > MOST_CHARACTERS:
        return f"{len(text)} characters; at most {MOST_CHARACTERS}"
    if odd := [char for char in text if unicodedata.category(char).startswith("C") or char in "<>"]:
        return (
            f"characters that cannot be spoken: {', '.join(f'U+{ord(char):04X}' for char in odd)}"
        )
    if re.search(r"[{}]", _FIELD.sub("", text)):
        return "malformed braces: a field is written {like_this}"
    allowed = ALLOWED[audience] | ({"full_name"} if prompt_id.startswith(_NAMING_FLOW) else set())
    if unknown := sorted(set(_FIELD.findall(text)) - allowed):
        known = ", ".join(sorted(allowed))
        return f"{audience.value} may not use {{{unknown[0]}}}; it may use {known}"
    return None
