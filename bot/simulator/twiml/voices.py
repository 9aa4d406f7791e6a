"""The voices of Say and the language that each of them speaks, as far as they are known here.

Google's voices have the language in their name. Polly's are those for the languages of the British
Isles and their neighbours, from Amazon's list of voices [mem]; any other name is let pass.
"""

BAD_VOICE = 13511  # d:api/errors/13511

POLLY = {
    "en-GB": "Amy Arthur Brian Emma",
    "en-GB-WLS": "Geraint",
    "cy-GB": "Gwyneth",
    "en-IE": "Niamh",
    "en-US": "Danielle Gregory Ivy Joanna Joey Justin Kendra Kevin Kimberly Matthew Ruth Salli"
    " Stephen",
    "en-AU": "Nicole Olivia Russell",
    "fr-FR": "Celine Lea Mathieu Remi",
    "de-DE": "Daniel Hans Marlene Vicki",
    "es-ES": "Conchita Enrique Lucia Sergio",
    "it-IT": "Adriano Bianca Carla Giorgio",
    "pl-PL": "Ewa Jacek Jan Maja Ola",
}
_LANGUAGE = {name: language for language, names in POLLY.items() for name in names.split()}


def language_of(voice: str) -> str:
    """What it speaks; empty if that is not known."""
    maker, _, name = voice.partition(".")
    if maker == "Google":
        return "-".join(name.split("-")[:2])
    return _LANGUAGE.get(name.split("-")[0], "") if maker == "Polly" else ""
