"""A house in which something has happened: what the pages have to show, and where.

Bob is owed a call; Frank, who shares a telephone, has texted too, so that a person must decide.
The sample staff are on the list.
"""

import hashlib

from bot.archivist import Archivist
from bot.console.kept_searches import KeptSearches
from bot.records import SAMPLE_STAFF, import_staff
from bot.records.flow_log_search import Wanted
from bot.tasks import PUBLIC_ID
from tests.house_in_memory import DESK, HouseInMemory, text_sid
from tests.people import BOB, PEOPLE

FRANKS_TASK = hashlib.sha256(f"{text_sid(2)}:several_people".encode()).hexdigest()[:PUBLIC_ID]

SEARCH = "a-search-of-yesterday"


def live_in(house: HouseInMemory, *searchers: str) -> None:
    house.text(BOB, "Hello", sid=text_sid(1))
    house.text(PEOPLE["Frank"], "You rang?", sid=text_sid(2))
    house.work()
    now = house.clock.now()
    import_staff(house.records, house.runtime.keyring, SAMPLE_STAFF, desks={DESK}, now=now)
    for number in searchers:
        KeptSearches(house.store, house.clock).keep(number, SEARCH, Wanted(case=BOB.reference))
    archivist = Archivist(house.runtime)
    while archivist.take_one(DESK):
        pass
    assert house.runtime.tasks.open()[0].public_id == FRANKS_TASK
