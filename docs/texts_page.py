"""docs/texts.md: what is read how, made from `config/texts.toml`."""

from bot.text_reading import TextRules
from bot.text_reading.rules import Part, Sign

SHOWN = 4  # phrases of a list: the whole lists stand in the file
READS = {
    "person": "nobody is rung; an urgent task, and so is every later text, until a person lifts it",
    "no_contact": "nobody is rung; a task, and so is every later text, until a person lifts it",
    "show": "the call is owed, and a task shows the text",
    "vague": "the same, unless the text gives a time as well",
}

INTRODUCTION = """# What a text is read as

{note}

A text verifies nobody and is never answered by text (DMBM511130). It asks for a call, and perhaps
for a time; or to be left alone; or it bears a sign that a person should see it. `bot/text_reading/`
reads it: words in, a small typed value out, which holds kinds, times and places in the text, and no
word of it. Both languages are tried on every text. Nothing is guessed: in doubt the call is owed at
the ordinary time, and somebody looks at the text.

The weightiest reading counts, in this order: `person`, `no_contact`, then a call. The flow log holds
the kind alone (`reads: window`): which sign it was is the customer's affair, and stands nowhere. The
words stay sealed with the conversation and the task; `tasks` shows them to an officer of the desk.

## Signs

| sign | what becomes of it | for example | source | evidence |
| --- | --- | --- | --- | --- |"""

TIMES = """
The carrier's own opt-outs (`OptOutType`, or a single word such as STOP) are `no_contact`. A telephone
number in a text is a lead (DMBM512150): it is shown to somebody, and never rung.

## Times

A time counts where the nearest telling word of its clause wishes for a call ("ring me", "free",
"best"), or where nothing but small talk stands beside it ("5pm tomorrow?"). It is only mentioned
beside words of what was ("you rang at 9", "I paid 250 on the 3rd"); it is in doubt beside words of
being busy ("out until 5"), and beside every word that is not in the lists.

| text | read as |
| --- | --- |
| after 5, from 5, not before 5 | from 17:00 to the end of that day |
| before 2, by 2, free until 2 | from now to 14:00 |
| between 2 and 4, 2-4pm | from 14:00 to 16:00 |
| at 2, 2pm, 1400, half ten, twenty to six | {at} minutes from then |
| in 20 mins, in half an hour | {at} minutes from then |
| tomorrow, Thursday, the 21st, 3 March | that day, up to {days} days ahead |
| next week | Monday to Sunday |
| not today | from the next day of the week on which we ring |
| not before 10, don't ring after 6 | turned round: after 10, before 6 |
| out until 5, ring me then | after 5 |
| 1 to 7 without more | in the afternoon; 8 to 11 in the morning, 12 at noon |
| a time that has passed | in doubt; after the day's last calling hour: the next day we ring |
| next Thursday; Tuesday, on a Tuesday; Monday or Tuesday | in doubt |
| more than {longest} characters | read so far, and in doubt |

An hour that clocks show twice begins with its first and ends with its second; one that they leave out
is as late as it would have been. The call is due when the window begins. The dial rules then decide
as for every call (calling hours, a day after a machine, and so on): if they allow none before the
window ends, or nobody rang in it, it is not rung at another time, and a person decides. A second text
with another time moves the call; one without keeps its place. The time is for one attempt that
rings: what follows goes by the retry rules.

| part of the day | from | until | for example | source | evidence |
| --- | --- | --- | --- | --- | --- |"""


def page(note: str, longest: int) -> str:
    """The whole page."""
    rules = TextRules.load()
    times = TIMES.format(at=rules.times.at_minutes, days=rules.times.most_days, longest=longest)
    lines = [
        INTRODUCTION.format(note=note),
        *(_sign(name, sign) for name, sign in rules.signs.items()),
        times,
        *(_part(name, part) for name, part in rules.parts.items()),
    ]
    return "\n".join(lines) + "\n"


def _sign(name: str, sign: Sign) -> str:
    examples = f"{_some(sign.en)}; {_some(sign.cy)}"
    return f"| `{name}` | {READS[sign.reads]} | {examples} | {sign.source} | `{sign.evidence}` |"


def _part(name: str, part: Part) -> str:
    examples = f"{_some(part.en)}; {_some(part.cy)}"
    times = f"{part.from_:%H:%M} | {part.until:%H:%M}"
    return f"| `{name}` | {times} | {examples} | {part.source} | `{part.evidence}` |"


def _some(phrases: tuple[str, ...]) -> str:
    return ", ".join(f"`{phrase.replace('|', '/')}`" for phrase in phrases[:SHOWN])
