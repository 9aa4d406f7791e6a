"""A lint over wordings: which words may not be said to whom, whatever an operator writes.

The lists are of `policy.md` 5.2 and 8.1: a voicemail or an unknown listener never hears of a debt,
of legal action, or of anything that makes somebody act in alarm. They refuse too much rather than
too little.
"""

import re
import unicodedata
from collections.abc import Iterable

from bot.proof import Audience

# Who might be anybody: nothing that we hold about a person may show (CRCA 2005 s18).
STRANGERS = frozenset({Audience.ANY_EARS, Audience.MACHINE, Audience.UNVERIFIED})
# Who did not pick up a key yet: not even whose call this is (DMBM510330), unless switched on.
_UNKNOWN = frozenset({Audience.ANY_EARS, Audience.MACHINE})


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CASE_WORDS = _listed("""
    debt debts debtor debtors indebted owe owes owed owing arrear arrears overdue unpaid bill bills
    tax taxes taxed taxable taxman taxpayer taxation vat paye payment payments pay pays paid paying
    payable repay repayment repayments instalment instalments liability refund refunds rebate
    rebates amount amounts balance sum sums pound pounds penalty penalties penalise penalised fine
    fines interest enforcement enforce enforced bailiff bailiffs distraint distrain levy levies
    levied goods seize seized court courts legal lawsuit sued summons solicitor solicitors prosecute
    prosecution judgment judgement bankrupt bankruptcy arrest arrests arrested warrant police visit
    visits visited visiting urgent urgently immediately deadline outstanding overpaid overpayment
    underpaid underpayment collector collectors recovery recover tribunal tribunals evict evicted
    eviction insolvent insolvency ccj claim claims criminal crime fraud prison jail jailed custody
    gbp sterling quid cash cheque cheques
""")
# With their mutations: dyled, ddyled, nyled.
_CASE_WORDS_WELSH = _listed("""
    dyled ddyled nyled dyledion ddyledion nyledion dyledwr ddyledwr arnoch dyledus ddyledus
    ôl-ddyledion treth dreth threth nhreth trethi drethi threthi trethdalwr talu dalu thalu
    taliad daliad thaliad nhaliad taliadau daliadau thaliadau swm symiau balans bunt bunnoedd
    punt punnoedd phunt phunnoedd cosb gosb chosb nghosb cosbau gosbau chosbau dirwy ddirwy dirwyon
    gorfodi orfodi gorfodaeth orfodaeth beili beilïaid atafaelu hatafaelu ardoll nwyddau llys lys
    llysoedd lysoedd cyfreithiol gyfreithiol chyfreithiol gwŷs erlyn arestio harestio warant gwarant
    heddlu ymweld ymweliad ymweliadau llog brys
""")
# What we hold of somebody, or would ask them: HMRC leaves no such words on a machine (8.1), and who
# happens to pick up need not know that we have them.
_PERSONAL_WORDS = _listed("""
    address addresses postcode birth born utr nino insurance assessment bank account card password
    passcode pin cyfeiriad chyfeiriad nghyfeiriad gyfeiriad geni banc fanc cyfrif gyfrif cyfrinair
    gyfrinair yswiriant
""")
# What makes people ring back who think that it is about something else (CONC 7.9.2).
_PRETEXTS = _listed("""
    delivery deliveries parcel parcels package prize prizes winner reward survey competition
    parsel barsel pharsel gwobr wobr
""")
_ORGANISATION = _listed("hmrc hm rev cus inland revenue customs cthem cthef cyllid thollau tollau")
_KEYS = _listed("""
    press presses pressing key keys keypad hit dial dialling star hash pwyso pwyswch gwasgu gwasgwch
    wasgwch
""")

_ALARMS = re.compile(r"\b(?:final|last)\s+(?:notice|warning|chance|demand)\b|\bact\s+now\b")
_MONEY = re.compile(r"[£$€]\s*[0-9]*|[0-9]+\s*(?:p|pence)\b")
# GOV.UK by itself names the place where people look us up; with anything after it, it is a link.
_LINK = re.compile(
    r"https?\b\S*|www\.\S*|\S+@\S+|\bgov\.uk/\S*"
    r"|(?<![\w.-])(?!gov\.uk(?![\w-]|\.\w))[\w-]+(?:\.[\w-]+)*\.[^\W\d_]\w+"
    r"|\b(?:dot|slash)\b"
)
_PREMIUM = re.compile(
    r"(?:\+44|0)(?:[\s-]*)(?:9|8[\s-]*[47]|7[\s-]*0)(?:[\s-]*[0-9]){4,}|\b118[0-9]{3}\b"
)
_DIGITS = re.compile(r"[0-9](?:[\s.,;/()-]*[0-9]){5,}")
_DIGIT_WORDS = (
    "zero|oh|nought|naught|hundred|thousand|one|two|three|four|five|six|seven|eight|nine|double|treble|triple"
    "|dim|sero|un|dau|dwy|tri|tair|pedwar|pedair|pump|chwech|saith|wyth|naw"
)
_DIGITS_IN_WORDS = re.compile(rf"\b(?:(?:{_DIGIT_WORDS})\b[\W_]*){{5,}}")
_REFERENCE = re.compile(
    rf"\b(?:reference|cyfeirnod)\b[^.?!]{{0,40}}?(?:(?:[0-9]|\b(?:{_DIGIT_WORDS})\b)[\W_]*){{3,}}"
)
_SPELT = re.compile(r"(?<!\w)[^\W\d_](?:[\s.-]+[^\W\d_]){2,}(?!\w)")  # d e b t, h.m.r.c.
# For whom, which number, when somebody is there (5.3); the name says whom to ask for.
_NEEDED_ON_MACHINES = ("{full_name}", "{service_number}", "{desk_hours}")


def lint(text: str, audience: Audience, *, name_organisation: bool = False) -> list[str]:
    """What is wrong with this text for these ears, showing the words; empty if nothing is.

    `name_organisation` is the policy's switch `message.name_organisation_on_machines`.
    """
    found = offences(text, audience, name_organisation=name_organisation)
    missing = [field for field in _NEEDED_ON_MACHINES if field not in text]
    if audience is Audience.MACHINE and missing:
        found.append(f"lacks {' and '.join(missing)}")
    return found


def offences(text: str, audience: Audience, *, name_organisation: bool = False) -> list[str]:
    """What these ears may not hear of this text, be its fields filled or not."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found: list[str] = []
    if audience in STRANGERS:
        found += _refuse("words of a case", _words(plain, _CASE_WORDS | _CASE_WORDS_WELSH))
        found += _refuse("letters that hide words", _disguises(plain))
        found += _refuse("an alarm", _ALARMS.findall(plain))
        found += _refuse("money", _MONEY.findall(plain))
        found += _refuse("a link", _LINK.findall(plain))
        found += _refuse("a premium-rate number", _PREMIUM.findall(plain))
        # A number of ours comes from the policy ({service_number}); any other may be an officer's.
        found += _refuse("a number", [*_DIGITS.findall(plain), *_in_words(plain)])
        found += _refuse("a reference", _REFERENCE.findall(plain))
    if audience in _UNKNOWN:
        found += _refuse("personal matters", _words(plain, _PERSONAL_WORDS))
        found += _refuse("a pretext", _words(plain, _PRETEXTS))
    if audience in _UNKNOWN and not name_organisation:
        found += _refuse("the organisation's name", _organisation(plain))
    if audience is Audience.MACHINE:
        found += _refuse("an instruction to press keys", _words(plain, _KEYS))
        found += _refuse("a question", re.findall(r"[^.?!]*\?", plain))
    return found


def _refuse(what: str, words: Iterable[str]) -> list[str]:
    shown = ", ".join(dict.fromkeys(word.strip() for word in words))
    return [f"has {what}: {shown}"] if shown else []


def _words(plain: str, refused: frozenset[str]) -> list[str]:
    """The words of the text that are refused: also joined at a hyphen, spelt out, or accented."""
    said = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", re.sub(r"\{\w*\}", " ", plain))
    parts = [part for word in said for part in dict.fromkeys([word, *word.split("-")])]
    spelt = [
        letters for letters in _SPELT.findall(plain) if re.sub(r"[\W_]", "", letters) in refused
    ]
    return [*(word for word in parts if refused & {word, _bare(word)}), *spelt]


def _bare(word: str) -> str:
    """A word without its hyphens and accents: `de-bt`, `débt`."""
    apart = unicodedata.normalize("NFD", word.replace("-", ""))
    return "".join(one for one in apart if not unicodedata.combining(one))


def _disguises(plain: str) -> list[str]:
    """Letters of another script, and marks that nobody sees: a soft hyphen, a zero-width space."""
    return [
        f"U+{ord(one):04X}"
        for one in plain
        if unicodedata.category(one) == "Cf"
        or (one.isalpha() and not unicodedata.name(one, "").startswith("LATIN"))
    ]


def _in_words(plain: str) -> list[str]:
    """Telephone numbers that are written out, digit by digit."""
    return [match.group() for match in _DIGITS_IN_WORDS.finditer(plain)]


def _organisation(plain: str) -> list[str]:
    field = ["{organisation}"] if "{organisation}" in plain else []
    return [*_words(plain, _ORGANISATION), *field]
