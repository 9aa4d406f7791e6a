"""The department's keys: what is sealed opens with the right key, for the right thing, only."""

import base64

import pytest

from bot.errors import BadSeal, ConfigError
from bot.keys import Keyring, fresh_key, key_of

OLD, NEW = b"o" * 32, b"n" * 32


def test_what_is_sealed_opens_for_what_it_is_bound_to() -> None:
    keys = Keyring({"k1": OLD})
    sealed = keys.seal("£1,234.56", bound_to="case:1")

    assert keys.open(sealed, bound_to="case:1") == "£1,234.56"
    assert "1,234" not in sealed
    with pytest.raises(BadSeal):
        keys.open(sealed, bound_to="case:2")


def test_a_seal_is_never_the_same_twice() -> None:
    keys = Keyring({"k1": OLD})

    assert keys.seal("x", bound_to="y") != keys.seal("x", bound_to="y")


@pytest.mark.parametrize("sealed", ["", "k1", "k1:", "k1:AAAA", "k2:AAAA", "k1:%%%", "k1:é", "::"])
def test_what_is_no_seal_does_not_open(sealed: str) -> None:
    with pytest.raises(BadSeal):
        Keyring({"k1": OLD}).open(sealed, bound_to="y")


def test_while_keys_are_rotated_both_open_and_the_newest_seals() -> None:
    before, during, after = (
        Keyring({"old": OLD}),
        Keyring({"new": NEW, "old": OLD}),
        Keyring({"new": NEW}),
    )
    sealed = before.seal("x", bound_to="y")

    assert during.open(sealed, bound_to="y") == "x"
    assert after.open(during.seal("x", bound_to="y"), bound_to="y") == "x"
    assert before.number_hash("+447700900123") == during.number_hash("+447700900123")
    assert during.mac("a", key_id="old") == before.mac("a")
    with pytest.raises(BadSeal):
        after.open(sealed, bound_to="y")
    with pytest.raises(BadSeal):
        after.mac("a", key_id="old")


def test_names_are_made_with_one_key_whichever_comes_first() -> None:
    before = Keyring({"old": OLD})
    keys = Keyring({"new": NEW, "old": OLD, "older": b"r" * 32}).named_by("old")

    assert keys.number_hash("+447700900123") == before.number_hash("+447700900123")
    assert keys.name_of("customer", "alice") == before.name_of("customer", "alice")
    assert key_of(keys.seal("x", bound_to="y")) == "new"
    with pytest.raises(ConfigError, match="lost"):
        before.named_by("lost")


def test_naming_otherwise_leaves_the_first_keyring_alone() -> None:
    keys = Keyring({"new": NEW, "old": OLD})
    keys.named_by("new")

    assert keys.names == "old"


def test_a_fresh_key_is_a_key() -> None:
    line = fresh_key("k2", random_bytes=lambda count: b"f" * count)

    assert Keyring.parse(line).newest == "k2"
    with pytest.raises(ConfigError):
        fresh_key("k:2")


@pytest.mark.parametrize(("sealed", "key"), [("k1:AAAA", "k1"), (":A", ""), ("k1", ""), ("", "")])
def test_a_sealed_value_says_its_key(sealed: str, key: str) -> None:
    assert key_of(sealed) == key


def test_parts_of_a_hash_do_not_run_together() -> None:
    keys = Keyring({"k1": OLD})

    assert keys.mac("ab", "c") != keys.mac("a", "bc") != keys.mac("abc")
    assert Keyring({"k1": NEW}).mac("ab", "c") != keys.mac("ab", "c")


def test_keys_are_read_from_the_settings_newest_first() -> None:
    new, old = (base64.b64encode(key).decode() for key in (NEW, OLD))

    for between in (",", ", ", "\n", "\r\n", ",\n", " "):
        keys = Keyring.parse(f"new:{new}{between}old:{old}\n")
        assert (keys.newest, keys.oldest) == ("new", "old")


def test_two_keys_of_one_name_are_refused() -> None:
    new, old = (base64.b64encode(key).decode() for key in (NEW, OLD))

    with pytest.raises(ConfigError, match="two keys are called k1"):
        Keyring.parse(f"k1:{new},k1:{old}")


@pytest.mark.parametrize(
    "text", ["", ",", "k1", "AAAA", "k1: AAAA", "k1:abc", "k1:AAAA", "k 1:AAAA", ":AAAA"]
)
def test_a_malformed_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        Keyring.parse(text)

    assert "RINGBACK_KEYS" in str(refusal.value)
    assert "AAAA" not in str(refusal.value)


def test_a_keyring_does_not_print_its_keys() -> None:
    assert "oooo" not in repr(Keyring({"k1": OLD}))
