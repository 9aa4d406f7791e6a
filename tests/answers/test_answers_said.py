"""Hundreds of ways to say an answer, and as many near misses: the tables beside this file.

A near miss is never taken for the right answer; where it is no sure answer it is asked again.
"""

import pytest

from bot.answers import KINDS, said
from tests.answers.tables import AGAIN, BUT, OF_KIND, ways

ALL = sorted(KINDS)


def wrongly_heard(kind: str) -> list[str]:
    """What was understood otherwise than its heading says."""
    found = []
    for heading, words in ways(kind):
        heard = said(OF_KIND[kind], words)
        wanted = None if heading == AGAIN else heading
        right = heard != heading.removeprefix(BUT) if heading.startswith(BUT) else heard == wanted
        if not right:
            found.append(f"{words!r} is {heard}, which should be: {heading}")
    return found


@pytest.mark.parametrize("kind", ALL)
def test_what_is_said_is_heard_as_the_table_has_it(kind):
    assert wrongly_heard(kind) == []


@pytest.mark.parametrize("kind", ALL)
def test_there_are_a_hundred_ways_of_each_and_a_hundred_near_misses(kind):
    headings = [heading for heading, _ in ways(kind)]
    misses = sum(heading == AGAIN or heading.startswith(BUT) for heading in headings)

    assert misses >= 100
    assert len(headings) - misses >= 100
    assert len({words for _, words in ways(kind)}) > 0.95 * len(headings)
