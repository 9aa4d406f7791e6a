"""Action, and its three kinds: a reply to speak, a look-up to answer, an effect to carry out."""


class Action:
    """Anything that a flow may ask for."""

    __slots__ = ()


class Reply(Action):
    """Words or a wait: part of the answer to this request."""

    __slots__ = ()


class LookUp(Action):
    """A question to the house, answered with an event before the request ends."""

    __slots__ = ()


class Effect(Action):
    """Something that will be done beside the request, once it is committed."""

    __slots__ = ()
