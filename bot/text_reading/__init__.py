"""What a text asks for: a call and when, to be left alone, or a person; and never a guess.

Phrases are data (`config/texts.toml`), in both languages; `docs/texts.md` tells what is read how.
Pure: the words, the time and the hours in which we ring are handed in.
"""

from bot.text_reading.reader import KEYWORDS, TextReader
from bot.text_reading.reading import Reading, Reads, Window
from bot.text_reading.rules import TextRules

__all__ = ["KEYWORDS", "Reading", "Reads", "TextReader", "TextRules", "Window"]
