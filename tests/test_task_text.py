"""An officer reads the text behind a task; the log says who did, and not what it said."""

import pytest

from bot.task_text import CannotRead, read_text
from tests.house_in_memory import HouseInMemory
from tests.people import DAVE


def test_omar_reads_what_dave_texted(house: HouseInMemory) -> None:
    house.text(DAVE, "Who? Ring my wife on 07700 900 111, ref 123456789 or 077.009.001.12")
    house.work()
    (task,) = house.runtime.tasks.open()

    said = read_text(house.runtime, task, "s1001")

    assert said == "Who? Ring my wife on …11, ref …89 or …12"
    assert house.log()[-1] | {"at": ""} == {
        "at": "",
        "kind": "note",
        "desk": "main",
        "conversation": task.conversation,
        "event": "text_read",
        "detail": "by s1001",
    }
    with pytest.raises(CannotRead, match="no officer"):
        read_text(house.runtime, task, "mallory")
