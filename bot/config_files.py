"""TOML files of `config/`: packaged defaults, the operator's file of the same name over them."""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import ConfigError

Table = dict[str, Any]

# A file under any other name would be silently without effect: `polcy.toml`.
_KNOWN = re.compile(
    r"(policy|verification|texts|roles|powers)\.toml|(wording|speech)\.[a-z]{2}\.toml"
)


class Strict(BaseModel):
    """A table whose keys and types are all known: a typo or a wrong unit stops the start."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


Model = TypeVar("Model", bound=Strict)


@dataclass(frozen=True, slots=True)
class Layers:
    """One configuration: the packaged table, the operator's, and both as one."""

    name: str
    operator_path: Path | None = None
    packaged: Table = field(default_factory=dict)
    operator: Table = field(default_factory=dict)
    merged: Table = field(default_factory=dict)

    def where(self, keys: Sequence[str | int]) -> str:
        """The file to blame for this key: the operator's, where it is theirs."""
        began_it = not _has(self.packaged, keys[:-1])
        dropped_it = _has(self.packaged, keys) and not _has(self.merged, keys)
        theirs = self.operator and (_has(self.operator, keys) or began_it or dropped_it)
        return str(self.operator_path) if theirs else f"config/{self.name}"

    def refusal(self, keys: Sequence[str | int], reason: str) -> ConfigError:
        """The error that names the file, the dotted key and the reason."""
        return ConfigError(self.where(keys), dotted(keys), reason)


def read_layers(name: str, config_dir: Path | None, *, whole: Sequence[str] = ()) -> Layers:
    """Read a configuration; the operator's keys win one by one.

    `whole` names tables (`retry.*`) that the operator's file replaces whole. Raises `ConfigError`.
    """
    packaged = _packaged(name)
    path = _operator_path(name, config_dir)
    operator = {} if path is None else _parse(path, str(path))
    return Layers(name, path, packaged, operator, _over(packaged, operator, whole, ()))


def file_names(pattern: str, config_dir: Path | None) -> list[str]:
    """The names of configuration files, packaged or the operator's, that match `pattern`."""
    names = {entry.name for entry in resources.files("config").iterdir()}
    if config_dir is not None:
        names |= {entry.name for entry in _operator_files(config_dir)}
    return sorted(name for name in names if re.fullmatch(pattern, name))


def validated(model: type[Model], layers: Layers) -> Model:
    """The merged table as a typed value. Raises `ConfigError` for the first key that is wrong."""
    try:
        return model.model_validate(layers.merged)
    except ValidationError as failure:
        first = failure.errors(include_url=False, include_input=False)[0]
        raise layers.refusal(first["loc"], _reason(model, first)) from None


def dotted(keys: Sequence[str | int]) -> str:
    """`("desk", "main", "phone")` as it stands in the file: `desk.main.phone`."""
    return ".".join(str(key) for key in keys) or "(the whole file)"


def nearest(word: str, known: Sequence[str]) -> str:
    """`; did you mean …?`, or nothing when no known word is near."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {found[0]}?" if found else ""


def _reason(model: type[BaseModel], error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        *parents, last = error["loc"]
        return f"unknown key{nearest(str(last), list(_keys_at(model, parents)))}"
    if error["type"] == "missing":
        return "missing"
    return str(error["msg"]).removeprefix("Value error, ")


def _keys_at(model: type[BaseModel], keys: Sequence[str | int]) -> Iterator[str]:
    """Every key that the table at this place may have; nothing where any name may stand."""
    here: Any = model
    for key in keys:
        here = _inside(here, key)
    for name, info in getattr(here, "model_fields", {}).items():
        yield info.alias or name


def _inside(kind: Any, key: str | int) -> Any:
    """The type of what stands under `key` in a value of this type, or None."""
    if get_origin(kind) in (dict, list):
        return get_args(kind)[-1]
    for name, info in getattr(kind, "model_fields", {}).items():
        if key == (info.alias or name):
            return info.annotation
    return None


def _over(base: Table, over: Table, whole: Sequence[str], at: tuple[str, ...]) -> Table:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and not _is_whole((*at, key), whole):
            merged[key] = _over(old, value, whole, (*at, key))
        else:
            merged[key] = value
    return merged


def _is_whole(keys: tuple[str, ...], whole: Sequence[str]) -> bool:
    patterns = [pattern.split(".") for pattern in whole]
    return any(
        len(pattern) == len(keys)
        and all(part in ("*", key) for part, key in zip(pattern, keys, strict=True))
        for pattern in patterns
    )


def _has(table: Any, keys: Sequence[str | int]) -> bool:
    for key in keys:
        if isinstance(table, list):
            return True
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True


def _packaged(name: str) -> Table:
    file = resources.files("config") / name
    return _parse(file, f"config/{name}") if file.is_file() else {}


def _operator_path(name: str, config_dir: Path | None) -> Path | None:
    if config_dir is None:
        return None
    return next((file for file in _operator_files(config_dir) if file.name == name), None)


def _operator_files(config_dir: Path) -> list[Path]:
    try:
        files = sorted(file for file in config_dir.iterdir() if file.suffix == ".toml")
    except OSError as failure:
        raise ConfigError(
            str(config_dir), "(directory)", failure.strerror or "unreadable"
        ) from None
    for file in files:
        if not _KNOWN.fullmatch(file.name):
            hint = nearest(file.name, ["policy.toml", "verification.toml", "wording.en.toml"])
            raise ConfigError(str(file), "(file name)", f"no configuration has this name{hint}")
    return files


def _parse(file: Traversable, where: str) -> Table:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as failure:
        raise ConfigError(where, "(syntax)", str(failure)) from None
    except UnicodeDecodeError:
        raise ConfigError(where, "(encoding)", "not UTF-8") from None
    except OSError as failure:
        raise ConfigError(where, "(file)", failure.strerror or "unreadable") from None
