"""Decoys: a query that finds nothing reads rows all the same, so that its time does not tell."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    cast,
    literal,
    null,
    select,
    union_all,
)


def or_decoys(
    real: Select[Any], like: Mapping[str, str | int], count: int = 1
) -> CompoundSelect[Any]:
    """What this query finds; where that is nothing, so many rows in which only `like` stands.

    The first column, which is never empty, is empty in them.
    """
    columns: list[ColumnElement[Any]] = [
        literal(like[column.name]) if column.name in like else cast(null(), column.type)
        for column in real.selected_columns
    ]
    numbers = select(literal(1, Integer).label("n")).cte("decoys", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count))
    decoys = select(*columns).select_from(numbers).where(~real.exists())
    return union_all(real, decoys)
