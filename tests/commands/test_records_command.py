"""The archive at the terminal: verified, exported, its keys shown."""

import subprocess
import sys
from pathlib import Path

import pytest
import verify_records
from sqlalchemy import create_engine, text

from bot.chain_text import published_text
from bot.records import SqlChain, connect, upgrade
from bot.records.flow_log import SqlFlowLog
from bot.signing import Signer, fresh_seed
from bot.start import demo_secrets

NOW = 1_798_020_000.0


def entry(number):
    told = {"at": f"{NOW + number:.3f}", "kind": "step", "case": "12345678-4"}
    return f"{1000 + number}-0", told


@pytest.fixture
def database(terminal):
    return f"sqlite:///{terminal.data_dir / 'records.sqlite'}"


@pytest.fixture
def archive(terminal, database):
    """Two desks, archived by the demo's own worker."""
    signer = Signer.parse(demo_secrets(terminal.data_dir)["records_key"])
    engine = connect(database)
    upgrade(engine)
    log = SqlFlowLog(engine)
    for desk, numbers in (("main", (1, 2, 3)), ("main", (4, 5)), ("north", (1,))):
        log.append(desk, [entry(number) for number in numbers], NOW, signer.signed)
    yield engine
    engine.dispose()


def sql(database, statement):
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def heads(archive, tmp_path):
    path = tmp_path / "heads.jsonl"
    chain = SqlChain(archive)
    blocks = [block for desk in ("main", "north") for block in chain.blocks(desk)]
    path.write_text("".join(f"{published_text(block)}\n" for block in blocks))
    return path


def test_a_sound_archive_is_said_to_be_sound(terminal, archive, heads):
    result = terminal.run("records", "verify", "--heads", str(heads))

    assert (result.exit_code, result.stderr) == (0, "")
    assert "main: sound, 5 lines in 2 blocks" in result.stdout
    assert "north: sound, 1 lines in 1 blocks" in result.stdout


def test_without_published_heads_it_says_what_nobody_can_see(terminal, archive):
    assert "cut off would not be seen" in terminal.run("records", "verify").stderr


def test_nothing_archived_is_nothing_wrong(terminal):
    assert "Nothing is archived" in terminal.says("records", "verify")


def test_a_changed_line_is_named_and_told_by_the_exit_code(terminal, archive, database):
    sql(database, "UPDATE flow_log_lines SET \"case\" = '87654321-1' WHERE number = 4")

    result = terminal.run("records", "verify")

    assert result.exit_code == 1
    assert "main: line 4 was changed (block 2); all 3 before are sound" in result.stdout
    assert "north: sound" in result.stdout
    assert "north" not in terminal.run("records", "verify", "--desk", "main").stdout


def test_a_desk_that_is_gone_is_missed_by_its_published_head(terminal, archive, database, heads):
    for table in ("flow_log_lines", "flow_log_blocks"):
        sql(database, f"DELETE FROM {table} WHERE desk = 'north'")

    result = terminal.run("records", "verify", "--heads", str(heads))

    assert result.exit_code == 1
    assert "north: line 1 were cut off" not in result.stdout  # its grammar
    assert "north: line 1 was cut off" in result.stdout


def test_the_file_to_which_heads_are_published_is_compared_by_itself(
    terminal, archive, database, heads, tmp_path
):
    (tmp_path / "policy.toml").write_text(f'[records]\nfile = "{heads}"\n')
    terminal.environment["RINGBACK_CONFIG_DIR"] = str(tmp_path)
    sql(database, "DELETE FROM flow_log_lines WHERE number > 3")
    sql(database, "DELETE FROM flow_log_blocks WHERE number > 1")

    assert "lines 4-5 were cut off" in terminal.run("records", "verify").stdout


def test_a_key_of_ones_own_is_what_is_trusted(terminal, archive, tmp_path):
    key = tmp_path / "key.pem"
    key.write_text(terminal.says("records", "key"))
    assert terminal.run("records", "verify", "--key", str(key)).exit_code == 0

    key.write_text(Signer(b"m" * 32).keys.pem)
    result = terminal.run("records", "verify", "--key", str(key))
    assert result.exit_code == 1
    assert "signed with no key that is trusted" in result.stdout


def test_after_a_rotation_the_former_key_is_in_the_rules(terminal, archive, tmp_path):
    middle = terminal.says("records", "key").splitlines()[1]
    terminal.environment["RINGBACK_RECORDS_KEY"] = fresh_seed()
    assert terminal.run("records", "verify").exit_code == 1

    (tmp_path / "policy.toml").write_text(f'[records]\nformer_keys = ["{middle}"]\n')
    terminal.environment["RINGBACK_CONFIG_DIR"] = str(tmp_path)
    assert terminal.run("records", "verify").exit_code == 0


@pytest.mark.parametrize("content", ["", "no head\n"])
def test_what_proves_nothing_is_neither_sound_nor_broken(terminal, archive, tmp_path, content):
    path = tmp_path / "spoilt"
    path.write_text(content)

    if content:
        result = terminal.run("records", "verify", "--heads", str(path))
        assert result.exit_code == 2
        assert "line 1" in result.stderr
    assert terminal.run("records", "verify", "--key", str(path)).exit_code == 2


def test_a_database_that_does_not_answer_is_neither(terminal, tmp_path):
    terminal.environment["RINGBACK_DATABASE_URL"] = f"sqlite:///{tmp_path / 'no' / 'where.db'}"

    assert terminal.run("records", "verify").exit_code == 2


@pytest.mark.parametrize("desk, sound", [((), True), (("--desk", "main"), True)])
def test_an_export_is_verified_by_the_program_that_stands_alone(
    terminal, archive, tmp_path, desk, sound
):
    out, key = tmp_path / "export.jsonl", tmp_path / "key.pem"
    terminal.says("records", "export", "--out", str(out), *desk)
    key.write_text(terminal.says("records", "key"))

    script = str(Path(verify_records.__file__))
    ran = subprocess.run(
        [sys.executable, "-I", script, str(out), "--key", str(key)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode == 0) == sound, ran
    assert out.stat().st_mode & 0o777 == 0o600
    assert terminal.says("records", "export", *desk) == out.read_text()
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_fresh_key_is_one(terminal):
    text = terminal.says("records", "new-key").strip()

    terminal.environment["RINGBACK_RECORDS_KEY"] = text
    assert terminal.says("records", "key").strip() == Signer.parse(text).keys.pem.strip()


def test_a_key_that_is_none_is_named_and_not_shown(terminal):
    result = terminal.run("records", "key", RINGBACK_RECORDS_KEY="c2hvcnQ=")

    assert result.exit_code == 2
    assert "RINGBACK_RECORDS_KEY: not base64 of 32 bytes" in result.stderr
    assert "c2hvcnQ" not in result.output
