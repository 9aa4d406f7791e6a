"""The rules: packaged, overridden key by key, and refused with file, key and reason."""

import tomllib
from datetime import datetime
from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from bot.actions import Disposition
from bot.policy import Policy


def london(*moment: int) -> float:
    return datetime(*moment, tzinfo=ZoneInfo("Europe/London")).timestamp()


TUESDAY_TEN = london(2027, 1, 26, 10)
SATURDAY_TEN = london(2027, 1, 30, 10)
GOOD_FRIDAY_TEN = london(2027, 3, 26, 10)

NORTH = """
default_desk = "north"
[desk.north]
name = "the north desk"
phone = ""
caller_id = "+441914980001"
calls_per_second = 0.5
calls_at_once = 5
bank_holidays_of = "scotland"
source = "ours"
evidence = "default"
spoken_hours = { en = "on Mondays" }
lines = { customers = ["+441914980001"], officers = ["+441914980002"] }
hours = { zone = "Europe/London", monday = { from = 09:00:00, until = 17:00:00 } }
"""


def test_the_packaged_rules_are_the_ones_of_the_sheet():
    policy = Policy.load()

    assert (policy.attempts.per_case, policy.attempts.hard_cap) == (2, 6)
    assert policy.after_machine.hours == 24
    assert policy.after_abandoned.hours == 72
    assert policy.outbound_texts.enabled is False
    assert policy.message.name_organisation_on_machines is False
    assert policy.dialling.settle_after_seconds == 90


def test_every_group_of_rules_names_its_source_and_how_well_it_is_known():
    table = tomllib.loads((resources.files("config") / "policy.toml").read_text())
    groups = [table[name] for name in table if isinstance(table[name], dict)]
    rules = [g for g in groups if "source" not in g for g in g.values()] + [
        g for g in groups if "source" in g
    ]
    unsourced = [g for g in rules if not (g.get("source") and g.get("evidence"))]

    assert unsourced == list(table["voice"].values())  # names of voices are no rules


def test_every_disposition_has_a_rule_for_what_follows():
    assert set(Policy.load().retry) == set(Disposition)


def test_a_service_number_leads_to_its_desk_and_line():
    policy = Policy.load()

    assert policy.desk_of("+443069990100") == ("main", "customers")
    assert policy.desk_of("+443069990200") == ("main", "officers")
    assert policy.desk_of("+447700900123") is None


def test_the_desk_takes_calls_in_its_hours_only():
    desk = Policy.load().desk["main"]

    assert desk.takes_calls(TUESDAY_TEN)
    assert not desk.takes_calls(TUESDAY_TEN + 7 * 3600)  # the hour at which it closes
    assert not desk.takes_calls(SATURDAY_TEN)
    assert not desk.takes_calls(GOOD_FRIDAY_TEN)


def test_a_desk_without_a_number_for_transfers_takes_none(write):
    desk = Policy.load(write(policy='[desk.main]\nphone = ""')).desk["main"]

    assert not desk.takes_calls(TUESDAY_TEN)


def test_the_number_to_ring_is_spoken_digit_by_digit():
    assert Policy.load().desk["main"].spoken_number == "0 3 0 6, 9 9 9, 0 1 0 0"


def test_the_operators_file_overrides_key_by_key(write):
    policy = Policy.load(write(policy="[dialling]\nring_seconds = 30\n[attempts]\nper_case = 3"))

    assert policy.dialling.ring_seconds == 30
    assert policy.dialling.send_by_seconds == Policy.load().dialling.send_by_seconds
    assert (policy.attempts.per_case, policy.attempts.hard_cap) == (3, 6)


def test_a_retry_line_is_replaced_whole(write):
    line = 'task = true\nsource = "ours"\nevidence = "default"'
    policy = Policy.load(write(policy=f"[retry.busy]\n{line}"))

    assert policy.retry[Disposition.BUSY].task
    assert policy.retry[Disposition.BUSY].minutes is None
    assert policy.retry[Disposition.NO_ANSWER].minutes == 1620


def test_an_operators_own_desk_drops_the_sample_one(write):
    policy = Policy.load(write(policy=NORTH))

    assert list(policy.desk) == ["north"]
    assert policy.desk_of("+443069990100") is None


def test_a_day_can_be_closed(write):
    policy = Policy.load(write(policy="[calling_hours]\nsaturday = false"))

    assert not policy.calling_hours.week.is_open(SATURDAY_TEN, lambda day: False)
    assert Policy.load().calling_hours.week.is_open(SATURDAY_TEN, lambda day: False)


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("[dialling]\nring_minutes = 1", "dialling.ring_minutes", "did you mean ring_seconds?"),
        ('[dialling]\nring_seconds = "25s"', "dialling.ring_seconds", "valid integer"),
        ("[dialling]\nring_seconds = 25.0", "dialling.ring_seconds", "valid integer"),
        ("[dialling]\nring_seconds = 14", "dialling.ring_seconds", "greater than or equal to 15"),
        ("[dialling]\nlease_seconds = 30", "dialling", "lease_seconds must be more than"),
        ("[dialing]\nring_seconds = 30", "dialing", "did you mean dialling?"),
        ("[desk.main]\nnme = 'x'", "desk.main.nme", "did you mean name?"),
        ("[desk.main]\nphone = '0306 999 0300'", "desk.main.phone", "E.164"),
        ("[desk.main]\ncaller_id = '+443069990999'", "desk.main", "one of the desk's own lines"),
        (
            "[desk.main]\ncaller_id = '+447400123456'\nlines.customers = ['+447400123456']",
            "desk.main",
            "01, 02 or 03",
        ),
        (
            "[desk.main]\ncaller_id = '+441534123456'\nlines.customers = ['+441534123456']",
            "desk.main",
            "01, 02 or 03",
        ),
        (
            "[desk.main]\ncaller_id = '+8010000'\nlines.customers = ['+8010000']",
            "desk.main",
            "01, 02 or 03",
        ),
        ("[desk.main]\ncaller_id = '+443069990200'", "desk.main", "lines for customers"),
        ("[desk.main]\nphone = '+447700900555'", "desk.main", "phone must be a UK number"),
        ("[desk.main]\nphone = '+449011234567'", "desk.main", "phone must be a UK number"),
        ("[desk.main]\nphone = '+443069990100'", "desk.main.phone", "a line of ours"),
        ("[desk.main]\nphone = '+443069990200'", "desk.main.phone", "a line of ours"),
        ("[desk.main.lines]\nofficers = ['+443069990100']", "desk", "stands on two lines"),
        ("[desk.main]\ncalls_per_second = 2.0", "desk", "the account has 1"),
        ("[desk.main]\ncalls_at_once = 21", "desk", "calls_at_once sum to 21, the account has 20"),
        ("[desk.main]\ncalls_at_once = 0", "desk.main.calls_at_once", "greater than or equal to 1"),
        ("[desk.main.hours]\nzone = 'Europe/Londn'", "desk.main.hours", "no time zone"),
        ("[desk.'North Desk']\nname = 'x'", "desk.North Desk.[key]", "match pattern"),
        ("default_desk = 'south'", "default_desk", "there is no desk.south"),
        (
            "[calling_hours]\nmonday = { from = 20:00:00, until = 08:00:00 }",
            "calling_hours.monday",
            "before",
        ),
        ("[attempts]\nper_case = 6\nhard_cap = 5", "attempts", "no more than hard_cap"),
        ("[attempts]\nhard_cap = 7", "attempts.hard_cap", "less than or equal to 6"),
        ("[after_machine]\nhours = 12", "after_machine.hours", "greater than or equal to 24"),
        ("[after_machine]\nevidence = 'sure'", "after_machine.evidence", "'full', 'cut'"),
        ("[retry.busy]\nminutes = 5", "retry.busy.source", "missing"),
        ("[retry.engaged]\nminutes = 5", "retry.engaged", ""),
        (
            "[retry.busy]\nminutes = 5\ntask = true\nsource = 'x'\nevidence = 'default'",
            "retry.busy",
            "exactly one",
        ),
        ("[numbers]\nkinds = ['mobile', 'premium']", "numbers.kinds.1", "'mobile', 'geographic'"),
        ("[outbound_texts]\ntypes = ['marketing']", "outbound_texts.types.0", "officer_alert"),
        ("[breaker]\npause_minutes = 0", "breaker.pause_minutes", "1"),
        ("[breaker]\npause_minutes = 161", "breaker", "no more than longest_pause"),
        ("[machine_detection]\ntimeout_seconds = 60", "machine_detection.timeout_seconds", "59"),
        ("[dialling\n", "(syntax)", "line 1"),
    ],
)
def test_what_cannot_be_used_is_refused_with_file_key_and_reason(write, refused, text, key, reason):
    directory = write(policy=text)

    refusal = refused(Policy.load, directory)

    assert refusal.where == str(directory / "policy.toml")
    assert refusal.key.startswith(key)
    assert reason in refusal.reason


def test_a_desk_that_lacks_a_key_is_the_operators_to_mend(write, refused):
    directory = write(policy=NORTH.replace('phone = ""\n', ""))

    refusal = refused(Policy.load, directory)

    assert (refusal.where, refusal.key) == (str(directory / "policy.toml"), "desk.north.phone")
    assert refusal.reason == "missing"


def test_a_file_under_a_name_that_nothing_reads_is_refused(write, refused):
    refusal = refused(Policy.load, write(polcy=""))

    assert refusal.where.endswith("polcy.toml")
    assert "did you mean policy.toml?" in refusal.reason


def test_a_directory_that_is_not_there_is_refused(tmp_path, refused):
    assert refused(Policy.load, tmp_path / "nowhere").where.endswith("nowhere")


def test_a_file_that_is_not_utf8_is_refused(tmp_path, refused):
    (tmp_path / "policy.toml").write_bytes(b"default_desk = '\xff'")

    assert refused(Policy.load, tmp_path).key == "(encoding)"
