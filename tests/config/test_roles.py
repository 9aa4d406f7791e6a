"""Roles as data: what each role may do, and what an operator's mistake is called."""

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.staff import Person, Right, Role, Roles


def test_every_role_is_known_and_every_right_is_somebodys() -> None:
    rules = Roles.load()
    assert set(rules.roles) == set(Role)
    assert set(Right) == {right for rights in rules.roles.values() for right in rights}


def test_who_may_author_wording_may_not_approve_it() -> None:
    rules = Roles.load()
    for role in Role:
        rights = rules.rights(frozenset({role}))
        assert not {Right.AUTHOR_WORDING, Right.APPROVE_WORDING} <= rights


def test_an_auditor_may_read_and_change_nothing() -> None:
    may = Roles.load().rights(frozenset({Role.AUDITOR}))
    assert all(right.startswith("see_") for right in may - {Right.EXPORT})


def test_who_has_left_may_do_nothing() -> None:
    rights = Roles.load().rights(frozenset({Role.MANAGER}))
    mary = Person(
        number="s1", name="Mary", roles=frozenset({Role.MANAGER}), desk="main", rights=rights
    )
    gone = Person(
        number="s1", name="Mary", roles=mary.roles, desk="main", rights=rights, left_at=1.0
    )
    assert mary.may(Right.SEE_FLOW)
    assert not any(gone.may(right) for right in Right)


@pytest.mark.parametrize(
    ("written", "key"),
    [('auditor = ["see_flwo"]', "roles.auditor.0"), ('boss = ["see_flow"]', "roles.boss.[key]")],
)
def test_a_mistake_is_named(tmp_path: Path, written: str, key: str) -> None:
    (tmp_path / "roles.toml").write_text(f"[roles]\n{written}\n")
    with pytest.raises(ConfigError) as refused:
        Roles.load(tmp_path)
    assert key in str(refused.value)
    assert "roles.toml" in str(refused.value)
