import pytest

from bot.simulator import signature
from tests.simulator.scene import ALICE, BASE, DESK, signed


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        ("+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ("+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ],
)
def test_the_classic_worked_examples(caller, expected):
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    params = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", caller),
        ("Digits", "1234"),
        ("From", caller),
        ("To", "+18005551212"),
    ]

    assert signature("12345", url, params) == expected


def test_repeated_names_and_escapes_are_signed(network, service):
    network.own(DESK, sms_url=f"{BASE}/text/received?name=%7Euser%2F%C3%BC&port=1#rc=2")
    network.text(ALICE, DESK, "é & ü = 100 %")

    (request,) = service.requests
    assert request.url == f"{BASE}/text/received?name=%7Euser%2F%C3%BC&port=1"
    assert signed(request)
