"""What staff do is in the flow log: who, what, why; by whoever, at whichever desk."""

import pytest

from bot.errors import StoreDown
from bot.flow_log import FlowLogLine, LineKind
from bot.log_view import as_text
from bot.staff import Person
from bot.staff_log import BadReason, act, line_of, reason_given
from tests.house_in_memory import HouseInMemory

MARY = Person(number="100004", name="Mary Manager", roles=frozenset(), desk="main")


def test_an_act_is_a_line_with_the_number_of_whoever_did_it(house: HouseInMemory) -> None:
    act(house.store, house.clock, MARY, "text_read", case="12345678", reason="she asked for it")

    (line,) = house.log()
    assert line["kind"] == "staff"
    assert (line["staff"], line["event"], line["case"]) == ("100004", "text_read", "12345678")
    assert line["reason"] == "she asked for it"
    assert "Mary" not in str(line)


def test_it_can_be_written_in_the_commit_that_it_tells_of() -> None:
    line = line_of(MARY, "callback_held", 1.0, desk="north", callback="cb1")

    assert (line.desk, line.kind, line.callback) == ("north", LineKind.STAFF, "cb1")
    assert FlowLogLine.from_fields(line.to_fields()) == line


def test_the_terminal_shows_it(house: HouseInMemory) -> None:
    line = line_of(MARY, "text_read", house.clock.now(), case="12345678", reason="asked")
    zone = house.runtime.house.policy.calling_hours.week.zone

    assert "100004 text_read (asked) about 12345678" in as_text(line, zone).plain


@pytest.mark.parametrize(
    "number",
    ["07700900123", "077 0090 0123", "077.009.001.23", "077–00–90–01–23", "+44(0)77.00.90.01.23"],
)
def test_a_reason_with_a_number_in_it_is_refused_however_it_is_written(number: str) -> None:
    with pytest.raises(BadReason, match="no telephone number"):
        reason_given(f"ring {number} instead")
    assert reason_given("back on 15 September, at 14:30") == "back on 15 September, at 14:30"


def test_what_cannot_be_written_down_is_not_done(house: HouseInMemory) -> None:
    class Down:
        def __getattr__(self, name: str) -> object:
            raise StoreDown("no answer")

    try:
        act(Down(), house.clock, MARY, "text_read")  # type: ignore[arg-type]
    except StoreDown:
        return
    raise AssertionError("it was taken for written")
