"""The shape of a British postcode: `SW1A2AA`, an area that exists, a district, and three more.

Source: Royal Mail, Programmers' Guide to the Postcode Address File (formats A9 9AA to AA9A 9AA,
letters that do not occur at the end); areas as in the Office for National Statistics' directory.
"""

import re

_AREAS = """
    AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY
    E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL
    LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN
    SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
AREAS = frozenset(_AREAS.split())
_WITH_A_LETTER = frozenset(
    {"E", "N", "W", "EC", "NW", "SE", "SW", "WC"}
)  # areas with districts such as W1A
_WITH_ZERO = frozenset({"BL", "BS", "CM", "CR", "FY", "HA", "PR", "SL", "SS"})

# In a pattern over letters, digits and glued pairs: a glued pair is one number that was said as
# one ("fifteen"), so it can be a district and never the end of one and the beginning of the rest.
GLUED = 0xE000
_SHAPE = re.compile(
    rf"""
    ([A-Z]{{1,2}})
    ( [0-9] [ABCDEFGHJKMNPRSTUVWXY]? | [1-9][0-9] | [{chr(GLUED + 10)}-{chr(GLUED + 99)}] )
    ( [0-9] [ABD-HJLNP-UW-Z]{{2}} )
    """,
    re.VERBOSE,
)


def shaped(text: str) -> str | None:
    """These letters, digits and glued pairs as a postcode without its space, or None."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    area, district, rest = match.groups()
    if area not in AREAS or (district[-1].isalpha() and area not in _WITH_A_LETTER):
        return None
    if district[0] == "0" and (district != "0" or area not in _WITH_ZERO):
        return None
    if ord(district[0]) >= GLUED:
        district = str(ord(district[0]) - GLUED)
    return area + district + rest
