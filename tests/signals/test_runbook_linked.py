"""Whoever is told of a task is told where it says what to do."""

import json

from bot.actions import TaskReason
from bot.alerts import Alert, Channel
from bot.delivery.mail import letter
from bot.delivery.webhook import body_of
from bot.tasks import Priority, Task
from tests.house_in_memory import DESK, TUESDAY_AT_TEN

URL = "https://wiki.example/ringback"


def alert(runbook_url: str | None) -> Alert:
    task = Task(
        id="t1",
        desk=DESK,
        reason=TaskReason.TEXT_NEEDS_PERSON,
        priority=Priority.URGENT,
        owner=DESK,
        raised_at=TUESDAY_AT_TEN,
        conversation="",
    )
    return Alert.of(task, Channel.WEBHOOK, 0, "Europe/London", runbook_url)


def test_the_webhook_and_the_letter_link_the_page_of_the_reason() -> None:
    told = alert(URL)
    sent = letter("ringback@example", "desk@example", told, TUESDAY_AT_TEN)

    assert json.loads(body_of(told))["runbook"] == f"{URL}/text_needs_person"
    assert f"What to do: {URL}/text_needs_person\n" in sent.get_content()


def test_without_an_address_there_is_no_link() -> None:
    told = alert(None)
    sent = letter("ringback@example", "desk@example", told, TUESDAY_AT_TEN)

    assert "runbook" not in json.loads(body_of(told))
    assert "What to do" not in sent.get_content()
