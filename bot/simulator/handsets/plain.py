"""Objects from plain data, as it comes out of JSON: names and types must be those of the class."""

import math
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Shape = TypeVar("Shape")


class BadHandset(ValueError):
    """Plain data that describes no handset, with the reason."""


def made(shape: type[Shape], given: Mapping[str, Any]) -> Shape:
    """A dataclass from plain data."""
    kind, known = shape.__name__, _fields(shape)
    if unknown := given.keys() - known.keys():
        raise BadHandset(f"{kind} has no {', '.join(sorted(map(str, unknown)))}")
    for name, (each, hint) in known.items():
        if name in given:
            if not fits(given[name], hint):
                raise BadHandset(f"{kind} cannot have {name} {given[name]!r}")
        elif each.default is MISSING and each.default_factory is MISSING:
            raise BadHandset(f"{kind} needs a {name}")
    return shape(**given)


def _fields(shape: type) -> Mapping[str, tuple[Field[Any], Any]]:
    hints = get_type_hints(shape)
    return {each.name: (each, hints[each.name]) for each in fields(shape) if each.init}


def fits(value: object, hint: Any) -> bool:
    """Is the value of that type? A number is one of seconds: finite, and not below nothing."""
    parts = get_args(hint)
    if get_origin(hint) in (Union, types.UnionType):
        return any(fits(value, part) for part in parts)
    if get_origin(hint) is Mapping:
        return isinstance(value, dict) and all(fits(each, parts[1]) for each in value.values())
    if get_origin(hint) is Sequence:
        return isinstance(value, list) and all(fits(each, parts[0]) for each in value)
    if hint is float:
        return type(value) in (int, float) and 0 <= value < math.inf  # type: ignore[operator]
    return isinstance(value, hint)
