"""Secret: a value that flows pass on and cannot read, and that no log can print."""

from typing import NoReturn


class Secret:
    """Wraps what a customer typed or wrote. `reveal()` is for the few modules that must read it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself: verification, look-ups and the sealed stores only (house test)."""
        return self._value

    def __repr__(self) -> str:
        return "[secret]"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "[secret]"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")

    __getstate__ = __reduce__  # else whoever asks for its state is given the value
