"""Conferences as the tests dial them, and what was told of them."""

EVENTS = "start end join leave mute hold modify speaker announcement"
NOTICES = f'statusCallback="/room" statusCallbackEvent="{EVENTS}"'


def conference(attributes: str = "", dial: str = "", name: str = "Room") -> str:
    """A Dial into a room, silent while it waits."""
    noun = f'<Conference waitUrl="" beep="false" {attributes}>{name}</Conference>'
    return f"<Dial {dial}>{noun}</Dial>"


def told(service) -> list[str]:
    """The notices of the conference, in order."""
    return [asked["StatusCallbackEvent"] for asked in service.asked("/room")]
