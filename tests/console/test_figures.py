"""Figures: a small story counted by hand, on the page that Mary sees."""

import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import text

from bot.console.charts import Value, bars, columns
from tests.console.archiving import archive
from tests.console.staff import AUDREY, MARY, OLIVE, OMAR, Browser
from tests.house_in_memory import DESK, HOUR, HouseInMemory, text_sid
from tests.people import ALICE, BOB, CARYS

DAY = 24 * HOUR


@pytest.fixture
def told(house: HouseInMemory) -> HouseInMemory:
    """Tuesday: Alice texts, is rung at once and hears her case; Bob texts, and does not answer.
    Carys rings in and hears hers. Wednesday: Bob is rung again, and a machine gets the message; two
    tries are all that he gets, and a person decides."""
    house.text(ALICE, "Please ring me", sid=text_sid(1))
    call = house.place()
    call.answered()
    call.press("1")
    call.press("1")
    call.answer_all(ALICE)
    call.keep_number()
    call.press("1")
    call.hang_up()
    house.later(5)
    house.text(BOB, "Hello", sid=text_sid(2))
    house.place().status("no-answer")
    mine = house.rings(CARYS)
    mine.verify(CARYS)
    mine.press("1")
    mine.hang_up()
    house.later(DAY + 4 * HOUR)
    again = house.place()
    again.answered()
    again.verdict("machine_end_beep")
    again.again()
    again.hang_up()
    house.work()
    archive(house)
    return house


class Tables(HTMLParser):
    """The rows of each table, by the name of its figure."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self.section, self.cell = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if name := dict(attributes).get("data-figure"):
            self.section = name
        elif tag == "tr" and self.section:
            self.found.setdefault(self.section, []).append([])
        self.cell = tag in ("th", "td")

    def handle_data(self, text: str) -> None:
        if self.cell and self.section and text.strip():
            self.found[self.section][-1].append(text.strip())

    def rows(self, section: str) -> dict[str, list[int]]:
        """The numbers of each row that has any, by its name."""
        rows = {row[0]: [int(each) for each in row[1:]] for row in self.found[section][1:]}
        return {name: numbers for name, numbers in rows.items() if any(numbers)}


def look(browser: Browser, path: str = "/figures") -> Tables:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return Tables(answer.text)


def test_mary_reads_what_became_of_the_calls(told: HouseInMemory, browser: Browser) -> None:
    shown = look(browser.signed_in(MARY))

    assert shown.rows("outcomes") == {
        "Ended": [3, 1],
        "Answered": [2, 1],
        "Machine": [1, 0],
        "Left message": [1, 0],
        "Verified": [1, 1],
    }
    assert shown.rows("endings") == {
        "details read": [2],
        "no answer": [1],
        "left message": [1],
    }
    assert shown.rows("wait") == {"within 1 minute": [2]}
    assert shown.rows("tries") == {"1 try": [1, 1], "2 tries": [1, 0]}
    assert shown.rows("days") == {"Tue 15 Sep": [2, 1], "Wed 16 Sep": [1, 1]}
    assert shown.rows("hours") == {"11": [2, 1], "15": [1, 1]}  # in London, not in UTC
    assert shown.rows("desk") == {DESK: [3, 2, 1, 1, 1, 0]}


def test_officers_are_those_of_the_cases(told: HouseInMemory, browser: Browser) -> None:
    directory = told.runtime.directory
    case = directory.by_handle(ALICE.reference)
    assert case is not None
    assert case.officer in look(browser.signed_in(MARY)).rows("officer")


def test_one_day_is_counted_by_itself(told: HouseInMemory, browser: Browser) -> None:
    day = "-day=16&{0}-month=9&{0}-year=2026"
    period = "&".join(f"{name}{day.format(name)}" for name in ("since", "until"))
    shown = look(browser.signed_in(MARY), f"/figures?{period}")

    assert shown.rows("days") == {"Wed 16 Sep": [1, 1]}
    assert shown.rows("outcomes")["Ended"] == [1, 0]


def test_every_figure_says_what_was_counted_and_how_fresh_it_is(
    told: HouseInMemory, browser: Browser
) -> None:
    page = browser.signed_in(MARY).get("/figures").text
    assert page.count("Counted: ") == page.count("data-figure") == 9
    assert "none waits to be archived" in page

    told.text(CARYS, "Hello?", sid=text_sid(3))
    assert re.search(r"\d newer lines wait", browser.get("/figures").text)


def test_each_picture_has_a_name_and_no_style_or_script(
    told: HouseInMemory, browser: Browser
) -> None:
    page = browser.signed_in(MARY).get("/figures").text
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(pictures) >= 7
    for picture in pictures:
        assert 'role="img" aria-label="' in picture
        assert "style" not in picture and "script" not in picture


@pytest.mark.parametrize(
    ("asked", "told", "field"),
    [
        ("since-day=31&since-month=2&since-year=2026", "a day that there is", "since-day"),
        ("since-day=1&since-year=2026", "Give the month too", "since-month"),
        ("since-day=1&since-month=1&since-year=9999", "Give a year", "since-year"),
        ("since-day=1&since-month=1&since-year=2016", "longer than 92 days", "since-day"),
        ("since-day=1&since-month=12&since-year=2026", "ends before it begins", "until-day"),
        ("desk=%25", "no such desk", "desk"),
    ],
)
def test_a_period_that_cannot_be_is_said_above_the_form(
    browser: Browser, asked: str, told: str, field: str
) -> None:
    answer = browser.signed_in(MARY).get(f"/figures?{asked}")
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert told in answer.text
    assert f'href="#{field}"' in answer.text


def test_who_may_see_figures(browser: Browser) -> None:
    for who, status in ((MARY, 200), (AUDREY, 200), (OLIVE, 403), (OMAR, 403)):
        assert browser.signed_in(who).get("/figures").status_code == status, who


def test_without_the_archive_the_page_says_so(told: HouseInMemory, browser: Browser) -> None:
    with told.records.begin() as connection:
        connection.execute(text("ALTER TABLE flow_log_lines RENAME TO elsewhere"))
    answer = browser.signed_in(MARY).get("/figures")
    assert answer.status_code == 503
    assert "Nothing is lost" in answer.text


def test_what_is_drawn_is_what_was_counted() -> None:
    drawn = bars("Calls <by> ending", [Value("no answer", 4, 1), Value("<b>", 2)])
    assert 'aria-label="Calls &lt;by&gt; ending"' in drawn
    assert "no answer: 1 of 4" in drawn and "&lt;b&gt;: 2" in drawn
    widths = [
        float(each) for each in re.findall(r'class="rb-chart__whole"[^>]*width="([^"]+)', drawn)
    ]
    assert widths[0] == 2 * widths[1]

    high = [
        float(each) for each in re.findall(r'height="([^"]+)"/>', columns("c", [Value("1", 6, 3)]))
    ]
    assert high[0] == 2 * high[1]
    assert bars("nothing", [Value("a", 0)]) == columns("nothing", [Value("a", 0)]) == ""


def test_nobody_is_named_on_the_page(told: HouseInMemory, browser: Browser) -> None:
    page = browser.signed_in(MARY).get("/figures").text
    for person in (ALICE, BOB, CARYS):
        for hidden in (person.reference, person.phone, person.full_name, *person.details):
            assert hidden not in page
