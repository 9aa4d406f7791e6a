"""How many parts a text is sent in: by its length, and by the letters that are in it."""

SEGMENT_UNITS = 160  # GSM 7-bit; 70 in UCS-2, 153 and 67 in each of several (twilio.md section 6)
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")  # each takes two places (GSM 03.38)


def segments(body: str) -> int:
    """How many SMS segments a body takes."""
    plain = all(letter in GSM or letter in GSM_EXTENSION for letter in body)
    extra = sum(letter in GSM_EXTENSION for letter in body)
    units = len(body) + extra if plain else len(body.encode("utf-16-le")) // 2
    single, part = (SEGMENT_UNITS, 153) if plain else (70, 67)
    return 1 if units <= single else -(-units // part)
