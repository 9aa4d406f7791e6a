"""Alerts by e-mail, to a real mail server: over TLS, telling nothing, bounded in time."""

import time
from collections.abc import Iterator

import pytest

from bot.alerts import Channel, mail_server
from bot.delivery import RealCourier
from bot.errors import ConfigError, NotDelivered
from tests.alerts.conftest import BOB_WANTS_A_PERSON, IMPATIENT, alert, settings_with_key
from tests.alerts.receivers import PASSWORD, Mailbox, certificate, closed_port, mail
from tests.house_in_memory import TUESDAY_AT_TEN
from tests.people import BOB

FROM, TO = "ringback@dept.example", "desk@dept.example"
IN_URL = "ringback:p%40ss%3Aword%2F7"


@pytest.fixture
def box(tls) -> Iterator[Mailbox]:
    with mail(Mailbox(tls=tls[0])) as box:
        yield box


def hand_in(courier, step: int = 0) -> None:
    courier.mail(FROM, TO, alert(step, Channel.EMAIL), TUESDAY_AT_TEN + 60)


def test_bobs_task_is_told_over_tls_and_with_nothing_of_his(courier, box):
    hand_in(courier(profile="production", SMTP_URL=f"smtp://{IN_URL}@localhost:{box.port}"))

    (letter,) = box.letters
    assert (letter["From"], letter["To"]) == (FROM, TO)
    assert letter["Subject"] == f"Ringback: urgent task {BOB_WANTS_A_PERSON.public_id}"
    assert letter["Date"] == "Tue, 15 Sep 2026 10:01:00 +0000"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().splitlines() == [
        "A task is waiting for a person.",
        "",
        f"Task: {BOB_WANTS_A_PERSON.public_id}",
        "Why: wants person",
        "Priority: urgent",
        "Desk: main",
        "Raised: Tue 15 Sep 2026 11:00 (Europe/London)",
        "To be done by: Tue 15 Sep 2026 12:00 (Europe/London)",
        "",
        "Whom it concerns is told at the terminal only:",
        f"    ringback tasks take {BOB_WANTS_A_PERSON.public_id} --officer YOU",
    ]
    secrets = (BOB.reference, BOB.phone[-3:], BOB.full_name, "s1001", "morning", "sealed", "CA1")
    assert not [secret for secret in secrets if secret in letter.as_string()]


def test_the_password_goes_over_tls_only(courier, box):
    hand_in(courier(SMTP_URL=f"smtp://{IN_URL}@localhost:{box.port}"))

    words = [line.upper().split() for line in box.said]
    assert words[0][0] == "EHLO" and words[1][0] == "STARTTLS"
    assert all(line.startswith("(tls) ") for line in box.said[2:])
    assert any("AUTH" in word for word in words[2:])


def test_we_do_not_tell_the_mail_server_the_name_of_our_machine(courier, box):
    hand_in(courier(SMTP_URL=f"smtp://localhost:{box.port}"))

    assert box.said[0].upper() == "EHLO DEPT.EXAMPLE"


def test_a_letter_that_is_sent_again_has_the_same_id_and_another_step_another(courier, box):
    made = courier(SMTP_URL=f"smtp://localhost:{box.port}")
    for step in (0, 0, 1):
        hand_in(made, step)

    ids = [letter["Message-ID"] for letter in box.letters]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@dept.example>")
    assert "told again, 1" in box.letters[2]["Subject"]


@pytest.mark.parametrize(
    ("profile", "user"), [("production", ""), ("production", f"{IN_URL}@"), ("demo", f"{IN_URL}@")]
)
def test_a_server_without_tls_is_given_nothing_that_matters(courier, profile, user):
    with (
        mail(Mailbox()) as box,
        pytest.raises(NotDelivered, match="offers no STARTTLS"),
    ):
        hand_in(courier(profile=profile, SMTP_URL=f"smtp://{user}localhost:{box.port}"))

    assert box.letters == []
    assert not [line for line in box.said if {"AUTH", "MAIL"} & set(line.upper().split())]


def test_the_demo_may_hand_in_at_a_server_without_tls(courier):
    with mail(Mailbox()) as box:
        hand_in(courier(SMTP_URL=f"smtp://localhost:{box.port}"))

    assert len(box.letters) == 1


@pytest.mark.parametrize("refused", ["EHLO", "STARTTLS", "MAIL", "RCPT", "DATA"])
def test_a_server_that_says_no_is_told_by_its_number_not_its_words(courier, box, refused):
    box.refuses = refused

    with pytest.raises(NotDelivered) as told:
        hand_in(courier(profile="production", SMTP_URL=f"smtp://localhost:{box.port}"))

    assert "Mallory" not in str(told.value)
    assert TO not in str(told.value)
    assert box.letters == []


def test_a_wrong_password_is_told_without_it(courier, box):
    with pytest.raises(NotDelivered, match="said 535") as told:
        hand_in(courier(SMTP_URL=f"smtp://ringback:other@localhost:{box.port}"))

    assert "other" not in str(told.value)


def test_a_certificate_of_nobody_we_trust_is_given_nothing(courier, box):
    with pytest.raises(NotDelivered, match="certificate refused"):
        hand_in(courier(trusts=False, SMTP_URL=f"smtp://{IN_URL}@localhost:{box.port}"))

    assert box.letters == []


def test_a_certificate_for_another_name_is_given_nothing(tmp_path):
    server, trust = certificate(tmp_path, "mallory.example")
    with mail(Mailbox(tls=server)) as box, pytest.raises(NotDelivered, match="another name"):
        url = f"smtp://{IN_URL}@localhost:{box.port}"
        settings = settings_with_key(tmp_path, SMTP_URL=url)
        hand_in(RealCourier(settings, authorities=trust, seconds=IMPATIENT))

    assert box.letters == []


def test_a_server_that_greets_a_byte_at_a_time_costs_a_bounded_time(courier):
    began = time.monotonic()
    with mail(Mailbox(drips=True)) as box, pytest.raises(NotDelivered):
        hand_in(courier(SMTP_URL=f"smtp://localhost:{box.port}"))

    assert time.monotonic() - began < IMPATIENT + 2


def test_nobody_at_home(courier):
    with pytest.raises(NotDelivered, match="connection refused"):
        hand_in(courier(SMTP_URL=f"smtp://localhost:{closed_port()}"))


@pytest.mark.parametrize(
    "text",
    ["mail.example", "smtps://mail.example", "smtp://", "smtp://h:port", "smtp://u:s3cret@h/x?y"],
)
def test_an_address_that_is_none_is_refused_and_not_shown(text):
    with pytest.raises(ConfigError) as refused:
        mail_server(text)

    assert refused.value.key == "RINGBACK_SMTP_URL"
    assert "s3cret" not in str(refused.value)


def test_the_password_is_read_with_its_escapes_and_not_shown():
    server = mail_server(f"smtp://{IN_URL}@mail.example")

    assert (server.host, server.port, server.password) == ("mail.example", 587, PASSWORD)
    assert PASSWORD not in repr(server)
