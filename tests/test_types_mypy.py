"""mypy refuses whatever would let case details, proofs and secrets go where they may not.

One run over one file. A line that ends in `# refused: code` has to be refused, with that code; any
other line has to be accepted, so that what is refused is refused for its own sake.
"""

import re
import textwrap
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parent.parent
SNIPPETS = """
    from collections.abc import Mapping
    from dataclasses import replace

    from bot import disclosure
    from bot.actions import Say
    from bot.cases import CaseDetails
    from bot.conversation import Conversation
    from bot.events import AnswerGiven
    from bot.flow import Flow
    from bot.flow_log import FlowLogLine, LineKind
    from bot.proof import ContactType, OfficerProof, Proof
    from bot.secret import Secret
    from bot.spoken import Words
    from bot.verification import Ledger, Verification
    from bot.wording import Prompt


    def into_words(details: CaseDetails, prompt: Prompt) -> None:
        prompt.fill(details)  # refused: arg-type
        prompt.fill({"balance": details})  # refused: dict-item
        Words(details)  # refused: arg-type
        Say(details)  # refused: arg-type
        "%s" + details  # refused: operator
        " ".join([details])  # refused: list-item


    def into_what_is_kept(details: CaseDetails, talk: Conversation) -> None:
        told = FlowLogLine(at=0.0, kind=LineKind.NOTE, desk="", conversation="")
        replace(told, detail=details)  # refused: arg-type
        talk.tokens["details"] = details  # refused: assignment
        talk.facts["details"] = details  # refused: assignment
        talk.disclosure = details  # refused: assignment
        Secret(details)  # refused: arg-type


    def looked_into(details: CaseDetails) -> None:
        details["balance"]  # refused: index
        details[0]  # refused: index
        len(details)  # refused: arg-type
        "balance" in details  # refused: operator
        dict(details)  # refused: call-overload
        details.values()  # refused: attr-defined
        details.__values  # refused: attr-defined
        details._opened_by()  # refused: call-arg
        details.case = "100000025"  # refused: misc
        sorted(details)  # refused: call-overload


    class Open(CaseDetails):  # refused: misc
        pass


    def opened(details: CaseDetails, proof: Proof, officer: OfficerProof) -> None:
        disclosure.open(details)  # refused: call-arg
        disclosure.open(details, proof)  # refused: call-arg
        disclosure.open(proof, details, None)  # refused: arg-type
        disclosure.open(details, True, None)  # refused: arg-type
        disclosure.open(details, "proof", None)  # refused: arg-type
        disclosure.open(details, proof, {"facts": []})  # refused: arg-type
        disclosure.open(None, proof, None)  # refused: arg-type
        accepted: Mapping[str, str] = disclosure.open(details, proof, None)
        accepted = disclosure.open(details, officer, None)


    def proven(verification: Verification, proof: Proof, ledger: Ledger) -> None:
        Proof("CA1", "100000017", ContactType.INBOUND, ())  # refused: call-arg
        OfficerProof("CA1", "s1001")  # refused: call-arg
        proof.case = "100000025"  # refused: misc
        proof._mint  # refused: attr-defined
        verification.proof(ledger, "CA1")  # refused: arg-type
        needs: Proof = verification.proof("sealed", "CA1")  # refused: assignment
        accepted: Proof | None = verification.proof("sealed", "CA1")


    class Reads(Flow):
        def on_enter_reading(self, event: AnswerGiven) -> None:
            read: str = event.answer  # refused: assignment
            event.answer + "1"  # refused: operator
            event.answer[0]  # refused: index
            len(event.answer)  # refused: arg-type
            event.answer.value  # refused: attr-defined
            self.facts["answer"] = event.answer  # refused: assignment
            self.ask(Say(event.answer))  # refused: arg-type
            for key in event.answer:  # refused: attr-defined
                pass
"""
REFUSED = re.compile(r"  # refused: ([a-z-]+)$")
TOLD = re.compile(r"^snippets\.py:(\d+): error: .*\[([a-z-]+)\]$")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], str]:
    """The lines of the snippets, and what mypy says of them."""
    if Path(__file__).parent.parent != ROOT:
        pytest.skip("types are checked on the sources")
    mypy = pytest.importorskip("mypy.api")
    folder = tmp_path_factory.mktemp("types")
    text = textwrap.dedent(SNIPPETS)
    (folder / "snippets.py").write_text(text, encoding="utf-8")
    (folder / "mypy.ini").write_text(
        f"[mypy]\nstrict = true\nmypy_path = {ROOT}\ncache_dir = {folder / 'cache'}\n"
        "show_error_codes = true\nfollow_imports = silent\n"
        "[mypy-transitions.*]\nignore_missing_imports = true\n",
        encoding="utf-8",
    )
    said, wrong, _ = mypy.run(
        ["--config-file", str(folder / "mypy.ini"), str(folder / "snippets.py")]
    )
    assert not wrong, wrong
    return text.splitlines(), said.replace(f"{folder}/", "")


def test_mypy_refuses_each_of_them_and_nothing_else(told: tuple[list[str], str]) -> None:
    lines, said = told
    wanted = {
        (number, found.group(1))
        for number, line in enumerate(lines, start=1)
        if (found := REFUSED.search(line))
    }
    refused = {
        (int(found.group(1)), found.group(2))
        for line in said.splitlines()
        if (found := TOLD.match(line.rpartition("/")[2]))
    }

    assert len(wanted) > 40
    assert {lines[number - 1].strip() for number, _ in wanted - refused} == set(), said
    assert {lines[number - 1].strip() for number, _ in refused - wanted} == set(), said
