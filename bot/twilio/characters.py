"""The characters that text from or for a stranger may hold."""

import re

# XML 1.0 allows neither the controls below the space nor lone surrogates nor U+FFFE and U+FFFF; one
# of them in a document is Twilio's error 12100 (`twilio.md` 1.10), a surrogate breaks UTF-8. The
# controls U+007F to U+009F are allowed and mean nothing.
_UNFIT = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit(text: str) -> str:
    """The text without control characters and halves of characters; everything else is kept."""
    return text if text.isascii() and text.isprintable() else _UNFIT.sub("", text)
