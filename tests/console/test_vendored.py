"""What is taken from npm is what it was, and holds nothing that is not ours to use."""

import hashlib
import re
import tomllib
from importlib import resources
from importlib.metadata import metadata
from pathlib import Path

import govuk_frontend_jinja

STATIC = Path(str(resources.files("bot.console"))) / "static"
MANIFEST = tomllib.loads((STATIC / "VENDORED.toml").read_text(encoding="utf-8"))
FILES = {file["as"]: file for package in MANIFEST["package"] for file in package["file"]}


def test_every_file_is_the_one_that_is_written_down() -> None:
    for name, file in FILES.items():
        content = (STATIC / "vendored" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"], f"run .ci/vendor: {name}"


def test_every_file_is_written_down_or_is_a_licence() -> None:
    found = {path.name for path in (STATIC / "vendored").iterdir()}
    assert {name for name in found - set(FILES) if not name.endswith(".LICENSE.txt")} == set()


def test_every_package_has_its_licence_beside_it() -> None:
    for package in MANIFEST["package"]:
        assert package["licence"] in ("MIT", "0BSD")
        stem = package["file"][0]["as"].rpartition(".")[0]
        assert (STATIC / "vendored" / f"{stem}.LICENSE.txt").exists(), package["name"]


def test_there_is_no_crown_no_crest_and_no_typeface_of_gov_uk() -> None:
    for path in STATIC.rglob("*"):
        if path.is_file() and path.suffix in (".css", ".js"):
            text = path.read_text(encoding="utf-8")
            assert "GDS Transport" not in text and "@font-face" not in text, path.name
            assert not re.search(r"url\((?!#)", text), path.name
    assert not [path for path in STATIC.rglob("*") if re.search("crown|crest|logo", path.name)]


def test_the_macros_are_written_for_this_version_of_gov_uk_frontend() -> None:
    (version,) = (p["version"] for p in MANIFEST["package"] if p["name"] == "govuk-frontend")
    told = str(metadata("govuk-frontend-jinja").get_payload())

    assert govuk_frontend_jinja.__name__
    assert f"GOV.UK%20Frontend-v{version}" in told
