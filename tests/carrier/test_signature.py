"""Only a holder of the account's token gets in; judged beside twilio's own validator."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded import CALL, form, keys_from_bob, text_from_alice
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import Headers, MultiDict

from bot.twilio.signature import SignatureCheck

URL = "https://ringback.example"
TOKEN, NEW_TOKEN, MALLORYS = "primary-token", "secondary-token", "a-guess"  # noqa: S105
NO_FORM: MultiDict[str, str] = MultiDict()


def signed(url: str, posted, token: str = TOKEN, algorithm: str | None = None) -> Headers:
    """The headers that Twilio sends with a request."""
    signature = RequestValidator(token).compute_signature(url, posted, algorithm)
    headers = Headers({"x-twilio-signature": signature})
    if algorithm:
        settings = f"key=webhooks_sharedkey_1,algorithm={algorithm}"
        headers["X-Twilio-Webhooks-Signature-Settings"] = settings
    return headers


@pytest.fixture
def door() -> SignatureCheck:
    return SignatureCheck(URL, TOKEN, NEW_TOKEN)


@pytest.mark.parametrize(
    ("caller", "signature"),
    [
        ("+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
    ],
)
def test_the_worked_examples_of_twilios_documents(caller, signature):
    posted = MultiDict(
        {
            "CallSid": "CA1234567890ABCDE",
            "Caller": caller,
            "Digits": "1234",
            "From": caller,
            "To": "+18005551212",
        }
    )
    headers = Headers({"X-Twilio-Signature": signature})

    check = SignatureCheck("https://mycompany.com", "12345")

    assert check.accepts("/myapp.php?foo=1&bar=2", posted, headers)


def test_a_text_from_twilio_gets_in(door):
    posted = form(text_from_alice, Body="Sorry £ 🙏 ŵ\r\n& = + %41")

    assert door.accepts("/text/received", posted, signed(URL + "/text/received", posted))


@pytest.mark.parametrize("token", [TOKEN, NEW_TOKEN])
@pytest.mark.parametrize("algorithm", [None, "HMAC_SHA1", "HMAC_SHA256", "hmac_sha256"])
def test_both_tokens_and_both_algorithms_count(door, token, algorithm):
    posted = form(keys_from_bob)
    path = f"/call/digits-pressed/north/{CALL}/3"

    assert door.accepts(path, posted, signed(URL + path, posted, token, algorithm))


def test_mallory_does_not_get_in(door):
    path, posted = "/text/received", form(text_from_alice)
    good = signed(URL + path, posted)

    assert not door.accepts(path, posted, signed(URL + path, posted, MALLORYS))
    assert not door.accepts(path, posted, signed("https://mallory.example" + path, posted))
    assert not door.accepts(path, form(text_from_alice, Body="ring +4490"), good)
    assert not door.accepts(path, form(text_from_alice, To=None), good)
    assert not door.accepts("/text/delivery", posted, good)
    assert not door.accepts(path + "?x=1", posted, good)


@pytest.mark.parametrize("signature", [None, "", "x", "ü", "\ud800", "=" * 28, "a" * 10_000])
def test_a_missing_or_malformed_signature_is_refused(door, signature):
    headers = Headers() if signature is None else Headers({"X-Twilio-Signature": signature})

    assert door.accepts("/text/received", form(text_from_alice), headers) is False


def test_an_algorithm_that_nobody_knows_is_refused(door):
    headers = signed(URL + "/", NO_FORM)
    headers["X-Twilio-Webhooks-Signature-Settings"] = "key=k,algorithm=HMAC_MD5"

    assert not door.accepts("/", NO_FORM, headers)


def test_an_empty_token_lets_nobody_in():
    with pytest.raises(ValueError, match="empty token"):
        SignatureCheck(URL, "")
    assert not SignatureCheck(URL, TOKEN, "").accepts("/", NO_FORM, signed(URL + "/", NO_FORM, ""))


@pytest.mark.parametrize("query", ["?a=%7E%2F%C3%BC", "?a=%7e&b=+x", "?a=b%20c&a=1", "?%41=%3D"])
def test_escapes_stay_as_they_came(door, query):
    path, posted = f"/text/received{query}", form(text_from_alice)

    assert door.accepts(path, posted, signed(URL + path, posted))


def test_repeated_parameters_are_all_signed(door):
    posted = MultiDict([("Digits", "2"), ("Digits", "1"), ("Digits", "2"), ("CallSid", CALL)])
    headers = signed(URL + "/x", posted)

    assert door.accepts("/x", posted, headers)
    assert not door.accepts("/x", MultiDict([("Digits", "2"), ("CallSid", CALL)]), headers)


@pytest.mark.parametrize(
    ("public", "twilio_signs"),
    [
        ("https://ringback.example", "https://ringback.example:443"),
        ("https://ringback.example:443", "https://ringback.example"),
        ("https://ringback.example:8443", "https://ringback.example"),
        ("https://ringback.example:8443", "https://ringback.example:8443"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("http://localhost", "http://localhost:80"),
        ("https://dept.example/ringback", "https://dept.example/ringback"),
        ("https://dept.example/ringback/", "https://dept.example:443/ringback"),
    ],
)
def test_the_port_may_be_signed_or_not_and_a_prefix_belongs_to_the_url(public, twilio_signs):
    posted = form(text_from_alice)
    headers = signed(f"{twilio_signs}/text/received?a=1", posted)

    assert SignatureCheck(public, TOKEN).accepts("/text/received?a=1", posted, headers)


def test_a_body_that_is_no_form_must_be_the_one_that_was_hashed(door):
    body = json.dumps({"CallSid": CALL}).encode()
    path = f"/call/status?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = signed(URL + path, {})

    assert door.accepts(path, NO_FORM, headers, body)
    assert not door.accepts(path, NO_FORM, headers, body + b" ")
    assert not door.accepts("/call/status", NO_FORM, signed(URL + "/call/status", {}), body)


texts = st.text(max_size=20)


@settings(deadline=None)  # a busy machine is no fault
@given(
    st.lists(st.tuples(texts, texts), max_size=12).map(MultiDict),
    st.text("abc/%7EF0?&=.-_~", max_size=30),
    st.sampled_from([TOKEN, MALLORYS]),
)
def test_we_agree_with_twilios_own_validator(posted, rest, token):
    url = f"{URL}/p{rest}"
    headers = signed(url, posted, token)

    ours = SignatureCheck(URL, TOKEN).accepts(f"/p{rest}", posted, headers)

    assert ours is (token == TOKEN)
    if not url.endswith("?"):  # which the library loses on its way
        theirs = RequestValidator(TOKEN).validate(url, posted, headers["X-Twilio-Signature"])
        assert ours is theirs
