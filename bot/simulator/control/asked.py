"""The JSON object that a request of the control brings, or an entry of a scenario file."""

from collections.abc import Mapping
from typing import Any, cast

from bot.simulator.handsets.plain import fits

NEEDED = object()


class Asked:
    """What is asked for, by name. A ValueError says what is missing or makes no sense."""

    def __init__(self, data: object) -> None:
        """Take the data to be an object."""
        if not isinstance(data, Mapping):
            raise ValueError(f"not a JSON object: {data!r}")
        self._data: Mapping[str, Any] = data

    def words(self, name: str, default: str | object = NEEDED) -> str:
        """Text."""
        return cast(str, self._get(name, str, "text", default))

    def number(self, name: str) -> float:
        """A number, which is finite and not below nothing."""
        return float(cast(float, self._get(name, float, "a number that is not negative", NEEDED)))

    def truth_or_words(self, name: str, default: bool) -> bool | str:
        """Yes, no, or text."""
        return cast("bool | str", self._get(name, bool | str, "true, false or text", default))

    def all_words(self, name: str) -> dict[str, str]:
        """Texts by name; none, if it is left out."""
        return cast("dict[str, str]", self._get(name, Mapping[str, str], "an object of texts", {}))

    def _get(self, name: str, hint: Any, what: str, default: object) -> object:
        value = self._data.get(name, default)
        if value is NEEDED:
            raise ValueError(f"missing: {name}")
        if value is not default and not fits(value, hint):
            raise ValueError(f"{name} must be {what}, not {value!r}")
        return value
