"""Wrong values of Conference and Dial: a warning with Twilio's number, and the default counts."""

import pytest

from bot.simulator import Person
from tests.simulator.scene import ALICE, BOB, DESK, MALLORY

WRONG = [
    ("<Dial><Conference {}>Room</Conference></Dial>", 'muted="zz"', 13230),
    ("<Dial><Conference {}>Room</Conference></Dial>", 'endConferenceOnExit="zz"', 13231),
    ("<Dial><Conference {}>Room</Conference></Dial>", 'startConferenceOnEnter="no"', 13232),
    ("<Dial><Conference {}>Room</Conference></Dial>", 'waitMethod="PUT"', 13234),
    ("<Dial><Conference {}>Room</Conference></Dial>", 'beep="loud"', 13235),
    ("<Dial><Conference {}>Room</Conference></Dial>", 'maxParticipants="0"', 12200),
    ("<Dial><Conference {}>Room</Conference></Dial>", 'maxParticipants="251"', 12200),
    ("<Dial><Conference {}>Room</Conference></Dial>", 'statusCallbackEvent="begin"', 12200),
    (f"<Dial {{}}>{BOB}</Dial>", 'record="always"', 13217),
    (f"<Dial {{}}>{BOB}</Dial>", 'ringTone="zz"', 13220),
]


@pytest.fixture
def meets(network, service):
    """Have Alice ring a service that answers with this document; the numbers of the warnings."""

    def meets(document):
        service.answer("/call/received", document)
        network.add(Person("Bob", BOB, talk_seconds=5))
        network.dial(ALICE, DESK)
        network.advance(60)
        return [event.code for event in network.events]

    return meets


@pytest.mark.parametrize(("document", "attribute", "code"), WRONG, ids=lambda part: str(part)[:30])
def test_a_wrong_value_warns_and_the_default_counts(meets, document, attribute, code):
    assert meets(document.format(attribute)) == [code]


def test_two_people_meet_though_one_wrote_no(network, meets):
    """A `no` is no `false`: it is left out, so that the room begins as it does by default."""
    document = '<Dial><Conference startConferenceOnEnter="no">Room</Conference></Dial>'
    meets(document)
    network.dial(MALLORY, DESK)
    network.advance(5)

    assert [room.status for room in network.carrier.conferences.values()] == ["in-progress"]


@pytest.mark.parametrize("attribute", ['record="record-from-answer-dual"', 'ringTone="uk"'])
def test_right_values_pass_in_silence(meets, attribute):
    assert meets(f"<Dial {attribute}>{BOB}</Dial>") == []


@pytest.mark.parametrize("attribute", ["events", "passports", "recordingConfigurationId"])
def test_what_the_library_offers_is_known_though_not_heeded(meets, attribute):
    assert meets(f'<Dial {attribute}="x">{BOB}</Dial>') == [0]
