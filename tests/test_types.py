"""Case details get out through `disclosure.open` and in no other way: the others are tried here.

What mypy refuses is in tests/test_types_mypy.py; what no source may do, in test_types_house.py.
"""

import copy
import dataclasses
import io
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable

import pytest
import structlog
from rich.console import Console
from rich.pretty import pretty_repr
from rich.traceback import Traceback

from bot.application_log import configure
from bot.cases import CaseDetails
from bot.errors import ConfigError
from bot.proof import Fact
from bot.secret import Secret
from bot.wording import Wording
from tests.people import ALICE

PLANTED = "a heron on the weir"
DETAILS = CaseDetails(ALICE.reference, dict.fromkeys(Fact, PLANTED))
SECRET = Secret(PLANTED)
BOTH = pytest.mark.parametrize("held", [DETAILS, SECRET], ids=["details", "secret"])

SHOWN: dict[str, Callable[[object], object]] = {
    "str": str,
    "repr": repr,
    "ascii": ascii,
    "format": format,
    "format, to a width": lambda held: format(held, ">20"),
    "%s": lambda held: "%s" % held,  # noqa: UP031
    "%r": lambda held: "%r" % held,  # noqa: UP031
    "f-string": lambda held: f"{held}",
    "f-string, !r": lambda held: f"{held!r:>30}",
    "f-string, !s": lambda held: f"{held!s}",
    "f-string, !a": lambda held: f"{held!a}",
    "f-string, =": lambda held: f"{held=}",
    "str.format": "{}".format,
    "str.format_map": lambda held: "{held}".format_map({"held": held}),
    "in a list": lambda held: str([held]),
    "in a dictionary": lambda held: str({"held": held}),
    "pprint": pprint.pformat,
    "rich": pretty_repr,
    "rich, in a list": lambda held: pretty_repr([held], expand_all=True),
    "json with default=str": lambda held: json.dumps(held, default=str),
    "json with default=repr": lambda held: json.dumps([held], default=repr),
    "dir": lambda held: str(dir(held)),
    "an exception's text": lambda held: str(ValueError(held)),
}


@BOTH
@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_whatever_shows_it_shows_nothing(show: Callable[[object], object], held: object) -> None:
    assert PLANTED not in str(show(held))


TAKEN: dict[str, Callable[[object], object]] = {
    **{
        f"pickle, protocol {protocol}": lambda held, protocol=protocol: pickle.dumps(held, protocol)
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "deepcopy, in a dictionary": lambda held: copy.deepcopy({"held": held}),
    "the state that pickle asks for": lambda held: held.__getstate__(),
    "reduce": lambda held: held.__reduce__(),
    "reduce_ex": lambda held: held.__reduce_ex__(4),
    "json": json.dumps,
    "json with default=vars": lambda held: json.dumps(held, default=vars),
    "json with default=list": lambda held: json.dumps(held, default=list),
    "json with default=asdict": lambda held: json.dumps(held, default=dataclasses.asdict),
    "json of its dictionary": lambda held: json.dumps(held, default=lambda one: one.__dict__),
    "vars": vars,
    "dict": dict,
    "list": list,
    "iter": iter,
    "unpacked": lambda held: [*held],
    "unpacked by name": lambda held: dict(**held),
    "length": len,
    "item": lambda held: held["balance"],
    "place": lambda held: held[0],
    "membership": lambda held: PLANTED in held,
    "asdict": dataclasses.asdict,
    "astuple": dataclasses.astuple,
    "asdict of what holds it": lambda held: dataclasses.asdict(Holds(held)),
    "str.format of an item": "{0[balance]}".format,
    "str.format of its dictionary": "{0.__dict__}".format,
    "str.format_map with it as the map": lambda held: "{balance}".format_map(held),
    "% with it as the map": lambda held: "%(balance)s" % held,  # noqa: UP031
    "added to a text": lambda held: "it is " + held,
    "joined": lambda held: " ".join([held]),
}


@dataclasses.dataclass
class Holds:
    held: object


@BOTH
@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
def test_whatever_would_take_it_elsewhere_is_refused(
    take: Callable[[object], object], held: object
) -> None:
    with pytest.raises((TypeError, AttributeError)) as refused:
        take(held)

    assert PLANTED not in "".join(traceback.format_exception(refused.value))


def test_its_attributes_walked_one_by_one_hold_nothing() -> None:
    slots = [name for kind in type(DETAILS).__mro__ for name in getattr(kind, "__slots__", ())]
    found = {name: getattr(DETAILS, name) for name in {*slots, *dir(DETAILS)}}

    assert PLANTED not in str(found)
    assert found["case"] == ALICE.reference


def test_what_keeps_them_asks_for_the_key_of_the_gate() -> None:
    for key in (None, object(), True, PLANTED):
        with pytest.raises(TypeError):
            DETAILS._opened_by(key)


@pytest.mark.parametrize(
    "probe",
    [
        lambda other: DETAILS == other,  # noqa: SIM300
        lambda other: DETAILS != other,  # noqa: SIM300
        lambda other: DETAILS in [other],
        lambda other: hash(DETAILS),
        lambda other: {DETAILS},
        lambda other: other > DETAILS,
    ],
)
def test_nothing_is_learnt_by_comparing(probe: Callable[[object], object]) -> None:
    twin = CaseDetails(ALICE.reference, dict.fromkeys(Fact, PLANTED))
    with pytest.raises(TypeError):
        probe(twin)


@pytest.mark.parametrize("name", ["case", "_opened_by", "balance"])
def test_the_details_of_one_case_do_not_become_those_of_another(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(DETAILS, name, "100000025")
    with pytest.raises(AttributeError):
        delattr(DETAILS, name)


def test_nobody_makes_a_kind_of_details_that_opens() -> None:
    with pytest.raises(TypeError):
        type("Open", (CaseDetails,), {})


def test_what_they_were_made_from_can_change_and_they_do_not() -> None:
    values = {Fact.BALANCE: PLANTED}
    details = CaseDetails(ALICE.reference, values)
    values.clear()

    assert PLANTED not in repr(details)


# Into a log


@BOTH
def test_the_application_log_shows_nothing(
    held: object, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("test")
    log = structlog.get_logger("test")

    log.info("told", held=held, also=[held], inside={"held": held})
    try:
        fail_with(held)
    except ValueError:
        log.exception("failed", held=held)

    said = capsys.readouterr().err
    assert "told" in said and "failed" in said and "ValueError" in said
    assert PLANTED not in said


RENDERERS = {
    "console": structlog.dev.ConsoleRenderer(),
    "console with rich tracebacks": structlog.dev.ConsoleRenderer(
        exception_formatter=structlog.dev.RichTracebackFormatter(show_locals=True)
    ),
    "key and value": structlog.processors.KeyValueRenderer(),
    "logfmt": structlog.processors.LogfmtRenderer(),
    "json": structlog.processors.JSONRenderer(),
    "json, locals and all": lambda *event: structlog.processors.JSONRenderer()(
        event[0], event[1], structlog.processors.dict_tracebacks(*event)
    ),
}


@BOTH
@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
def test_no_other_renderer_shows_it_either(render: Callable[..., str], held: object) -> None:
    """Whoever sets another one up one day."""
    try:
        fail_with(held)
    except ValueError as error:
        event = {"event": "failed", "held": held, "exc_info": error}
        assert PLANTED not in str(render(None, "error", event))


@BOTH
def test_logging_with_arguments_shows_nothing(held: object) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s %(args)s"))
    logger = logging.Logger("of this test")
    logger.addHandler(handler)

    logger.warning("told %s and %r", held, held)
    logger.warning("told %(held)s", {"held": held})
    try:
        fail_with(held)
    except ValueError:
        logger.exception("failed %s", held, stack_info=True)

    assert stream.getvalue().count("told") == 2
    assert PLANTED not in stream.getvalue()


@BOTH
def test_a_traceback_with_locals_shows_nothing(held: object) -> None:
    console = Console(file=io.StringIO(), width=200)
    try:
        fail_with(held)
    except ValueError as error:
        console.print(
            Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True)
        )
        kept = traceback.TracebackException.from_exception(error, capture_locals=True)
        console.print("".join(kept.format()), markup=False)

    said = console.file.getvalue()
    assert "mine" in said
    assert PLANTED not in said


def fail_with(held: object) -> None:
    mine = [held, {"held": held}]
    raise ValueError(f"failed with {mine}")


# Into words


@pytest.mark.parametrize(
    "values",
    [
        DETAILS,
        {"balance": DETAILS, "last_payment": DETAILS, "next_action": DETAILS},
        {"balance": SECRET, "last_payment": SECRET, "next_action": SECRET},
    ],
    ids=["details as the values", "details as a value", "a secret as a value"],
)
def test_no_prompt_is_filled_with_it(values: object) -> None:
    with pytest.raises((TypeError, ConfigError)) as refused:
        Wording.load().prompt("case.details").fill(values)

    assert PLANTED not in str(refused.value)
