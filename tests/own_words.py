"""What an operator brings: words and questions of their own, and who decides on them.

The questions are the sample ones by another hand, so that the invented people can answer them; how
often a stranger passes them is not the matter here, so any strength will do.
"""

import re
from importlib import resources
from pathlib import Path

GOODBYE = "Thank you for ringing. Goodbye."
WORDS = """\
sample = false

[common.goodbye]
audience = "any_ears"
text = "{goodbye}"
"""
NAMES = """\
[wording_approval]
authors = ["ada", "both"]
approvers = ["grace", "both"]
source = "the department's own rule"
evidence = "default"
"""


def write_own_words(folder: Path, *, goodbye: str = GOODBYE) -> dict[str, str]:
    """Write the three files; the environment that names them."""
    folder.mkdir(parents=True, exist_ok=True)
    packaged = (resources.files("config") / "verification.toml").read_text(encoding="utf-8")
    questions = packaged.replace("sample = true", "sample = false")
    questions = re.sub(r"(?<=ing_one_in = )[\d_]+", "1", questions)
    (folder / "verification.toml").write_text(questions, encoding="utf-8")
    (folder / "wording.en.toml").write_text(WORDS.format(goodbye=goodbye), encoding="utf-8")
    (folder / "policy.toml").write_text(NAMES, encoding="utf-8")
    return {"RINGBACK_CONFIG_DIR": str(folder)}
