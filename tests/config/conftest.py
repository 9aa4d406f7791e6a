from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import ConfigError


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write the operator's own files: `write(policy="…")` is policy.toml; gives their directory."""

    def write(**texts: str) -> Path:
        for name, text in texts.items():
            (tmp_path / f"{name.replace('_', '.')}.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def refused() -> Callable[..., ConfigError]:
    """Call a loader and give the refusal, which it must end in."""

    def refused(load: Callable[..., object], *args: object, **options: object) -> ConfigError:
        with pytest.raises(ConfigError) as caught:
            load(*args, **options)
        return caught.value

    return refused
