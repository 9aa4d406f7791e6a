"""A load in virtual time: who comes, what is counted, and the same again for the same seed."""

import json
from collections import Counter

import pytest

from bot.simulator import DeliveryError, WebhookResponse
from bot.simulator.load.people import BadPeople, read_people
from bot.simulator.server import simulator_app
from tests.simulator.load_scene import KINDS, Run, people_file

DAY = 24 * 3600


@pytest.fixture
def people(tmp_path):
    return people_file(tmp_path)


def test_everybody_is_counted_by_what_came_of_them(people):
    report = Run(people, count=200, per_second=0.2).report
    rows = {name: row for name, row in report.kinds.items() if row.begun}

    assert sum(row.begun for row in rows.values()) == report.begun == 200
    assert rows.keys() == {kind["name"] for kind in KINDS}
    for name, row in rows.items():
        assert row.calls == row.begun, name
        assert row.verified == (row.begun if name in ("texts, passes", "rings") else 0), name
        assert row.left_message == (row.begun if name == "voicemail" else 0), name
        assert row.busy == (row.begun if name == "busy" else 0), name
        assert row.no_answer == (row.begun if name == "no answer" else 0), name
        assert row.failed == (row.begun if name == "unreachable" else 0), name
        assert row.answered == row.begun - row.busy - row.no_answer - row.failed, name
    assert report.faults == report.still_awaited == 0


def test_a_day_of_calls_is_the_same_again_for_the_same_seed(people):
    first, second, other = (
        Run(people, count=300, per_second=300 / DAY, seed=seed) for seed in (1, 1, 2)
    )

    assert 0.8 * DAY < first.report.seconds < 1.2 * DAY
    assert first.network.happenings == second.network.happenings
    assert first.network.webhooks == second.network.webhooks
    assert first.network.happenings != other.network.happenings


def test_weights_decide_how_often_a_kind_is_met(tmp_path):
    kinds = [KINDS[0] | {"weight": 3}, KINDS[6], KINDS[7] | {"weight": 0}]
    rows = Run(people_file(tmp_path, kinds=kinds), count=400).report.kinds

    assert rows["hangs up"].begun == 0
    assert 2 < rows["texts, passes"].begun / rows["rings"].begun < 4.5


def test_customers_take_turns(tmp_path):
    network = Run(people_file(tmp_path, kinds=[KINDS[6]]), count=60).network
    turns = Counter(call.from_ for call in network.calls.values())

    assert set(turns.values()) == {3}
    assert len(turns) == 20


def test_the_most_calls_at_once(tmp_path):
    kinds = [{"name": "rings", "begins": "call", "handset": {}}]
    run = Run(people_file(tmp_path, kinds=kinds), count=60, call='<Pause length="10"/>')
    calls = run.network.calls.values()
    up = [sum(c.started_at <= call.started_at < c.ended_at for c in calls) for call in calls]

    assert run.report.peak_calls == max(up) > up[-1]


def test_who_hears_twice_that_they_are_through_counts_once(tmp_path):
    people = people_file(tmp_path, kinds=[KINDS[6]])
    report = Run(people, count=10, menu="<Say>You are through</Say>" * 2).report

    assert report.kinds["rings"].verified == 10


def test_webhooks_by_kind_with_how_long_each_took(people):
    slow = WebhookResponse(200, {"Content-Type": "text/xml"}, b"<Response/>", seconds=2)
    report = Run(people, count=40, text=slow).report

    texted = sum(
        row.begun for name, row in report.kinds.items() if name not in ("rings", "hangs up")
    )
    assert report.webhooks["text"].count == report.texts == report.texts_answered_empty == texted
    assert report.webhooks["text"].p50_ms == report.webhooks["text"].max_ms == 2000
    assert report.still_awaited > 0  # nobody was rung back


def test_replies_by_text_are_told_apart(people):
    report = Run(people, count=40, text="<Message>We will ring you</Message>").report

    assert report.texts_replied_to == report.texts > 0
    assert report.texts_answered_empty == 0


def test_errors_and_apologies_are_faults(people):
    report = Run(people, count=40, call=DeliveryError("ct", "refused")).report

    (event,) = report.events
    assert event.startswith("11205") or event.startswith("11200")
    apologies = sum(row.apologies for row in report.kinds.values())
    assert apologies > 0
    assert report.faults == report.events[event] + apologies
    assert report.webhooks["voice"].errors == report.webhooks["voice"].count


def test_what_is_over_is_forgotten_if_only_so_much_is_kept(people):
    run = Run(people, count=300, keep=10)
    network = run.network

    assert len(network.calls) < 60  # those that were up when the last one came
    assert len(network.webhooks) < 200
    assert len(network.happenings) < 20
    last = network.happenings[-1]
    books = simulator_app(network).test_client()
    told = books.get(f"/simulator/happenings?after={last.number - 1}").json
    assert told == [last.to_json()]
    assert sum(row.calls for row in run.report.kinds.values()) == 300


def test_the_lines_say_it_all(people):
    told = "\n".join(Run(people, count=50).report.lines())

    assert "50 things begun" in told
    for kind in KINDS:
        assert kind["name"] in told
    assert "webhook voice" in told
    assert "faults: 0" in told


def test_the_report_as_json(people, tmp_path):
    report = Run(people, count=20).report
    report.write(tmp_path / "report.json")
    kept = json.loads((tmp_path / "report.json").read_text())

    assert kept["begun"] == 20
    assert kept["kinds"]["rings"]["verified"] == report.kinds["rings"].verified
    assert kept["webhooks"]["voice"]["count"] == report.webhooks["voice"].count


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"customers": []}, "at least one"),
        ({"kinds": [KINDS[0] | {"weight": 0}]}, "weights"),
        ({"kinds": [KINDS[0] | {"weight": -1}]}, "weights"),
        ({"kinds": [KINDS[0] | {"begins": "fax"}]}, "begins"),
        ({"kinds": [{"name": "rings"}]}, "handset"),
        ({"kinds": [KINDS[0] | {"handset": {"kind": "pigeon"}}]}, "pigeon"),
        ({"kinds": [KINDS[0] | {"handset": {"script": [{"answers": "best"}]}}]}, "best"),
        ({"kinds": [KINDS[0] | {"colour": "red"}]}, "colour"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_the_reason(tmp_path, wrong, why):
    with pytest.raises(BadPeople, match=why):
        read_people(people_file(tmp_path, **wrong))


def test_a_file_that_is_not_there_or_no_json(tmp_path):
    (tmp_path / "broken.json").write_text("{")
    for path in (tmp_path / "none.json", tmp_path / "broken.json"):
        with pytest.raises(BadPeople, match=path.name):
            read_people(path)
