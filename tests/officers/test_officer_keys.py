"""An officer on the line stays known while the department's keys are changed."""

from bot.keys import Keyring
from bot.officers import TOKEN, Officers
from bot.rekeyed import Rekeyed
from tests.house_in_memory import keyring
from tests.officers.conftest import OfficerWorld

NEWER = bytes(range(1, 33))


def test_the_ledger_of_a_call_is_put_under_the_newer_key(world: OfficerWorld) -> None:
    call = world.let_in()
    both = Keyring({"k2": NEWER, "k1": bytes(range(32))})

    moved = Rekeyed(both).document(f"call:{call.id}", call.talk)

    sealed = moved["tokens"][TOKEN]
    assert sealed.startswith("k2:")
    proof = Officers(Keyring({"k2": NEWER})).proof(sealed, call.id)
    assert proof is not None and proof.officer == "s1001"
    assert Officers(keyring()).proof(sealed, call.id) is None
