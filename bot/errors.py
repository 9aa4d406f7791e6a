"""Every exception the house raises: few, named, each for whoever can act on it."""


class RingbackError(Exception):
    """The root of everything we raise on purpose.

    `invariant` is the number of the invariant whose breach it is (`bot.invariants`), if it is one.
    """

    invariant: int | None = None


class BadNumber(RingbackError):
    """A text that is no telephone number."""


class BadEvent(RingbackError):
    """A webhook that lacks what its route needs; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"missing or malformed parameter {field}")
        self.field = field


class ConfigError(RingbackError):
    """A setting or a rule that cannot be used: where it stands, which key, and why."""

    def __init__(self, where: str, key: str, reason: str) -> None:
        super().__init__(f"{where}: {key}: {reason}")
        self.where, self.key, self.reason = where, key, reason


class WordingOffends(ConfigError):
    """Texts that may not be said to their ears: (id, audience, the words that offend) of each."""

    def __init__(self, where: str, offences: list[tuple[str, str, str]]) -> None:
        prompt, audience, words = offences[0]
        super().__init__(where, f"{prompt}.text", f"not for {audience}: {words}")
        self.offences = offences


class BadImport(RingbackError):
    """Rows of an import file that were refused: (line, reason) each; nothing was imported."""

    def __init__(self, rows: list[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"line {line}: {reason}" for line, reason in rows))
        self.rows = rows


class BadBackup(RingbackError):
    """A backup that cannot be restored, or not here: why, and what to do instead."""


class NoSuchMove(RingbackError):
    """An event for which the flow's table has no row in this state."""

    def __init__(self, flow: str, state: str, trigger: str) -> None:
        super().__init__(f"{flow}: no row for {trigger!r} in {state!r}")
        self.flow, self.state, self.trigger = flow, state, trigger


class WrongEars(RingbackError):
    """A prompt that this listener may not hear (design section 1, invariant 2)."""


class NotDisclosable(RingbackError):
    """Case details that were asked for without a proof that fits (invariant 3)."""


class UnapprovedWording(RingbackError):
    """A prompt without an approval, or altered since (invariant 9)."""


class ApprovalRefused(RingbackError):
    """A wording that this person may not submit, approve or withdraw, or not as things stand."""


class SearchRefused(RingbackError):
    """A search that would look through all there is, or a page that is none; says what to give."""


class UnreadableCallback(RingbackError):
    """A callback of which this version cannot tell how it stands: a person decides."""


class Conflict(RingbackError):
    """A record that was read for a decision has changed meanwhile: decide again."""


class StoreDown(RingbackError):
    """Redis or the records did not answer in time; nothing is known to have been written."""


class NotReplicated(StoreDown):
    """It is written, but no replica has it yet: a failover could lose it."""


class DiskFull(StoreDown):
    """The records have no room to write: nothing was written, and reading may still work."""


class StorageRefused(RingbackError):
    """The store answered, and said no: a fault of ours or of its configuration."""


class CarrierError(RingbackError):
    """The carrier said no, or said nothing.

    `retryable` answers whether trying again can help; `unclear` that the request may have been
    carried out although we were not told (design section 2, *once* kinds). `account` says that the
    whole account is refused, `too_many` that there was nothing wrong with it but its time.
    """

    def __init__(
        self,
        reason: str,
        *,
        retryable: bool,
        unclear: bool = False,
        account: bool = False,
        too_many: bool = False,
    ) -> None:
        super().__init__(reason)
        self.retryable, self.unclear = retryable, unclear
        self.account, self.too_many = account, too_many


class NotDelivered(RingbackError):
    """An alert that its receiver has not acknowledged; the text says why, and names no address."""


class OtherCall(RingbackError):
    """A webhook of one call about the conversation of another: it is told nothing, and moves none.

    The text names the conversation.
    """


class UnknownWord(RingbackError):
    """A word of the carrier's that no table of ours knows."""

    def __init__(self, field: str, word: str) -> None:
        super().__init__(f"unknown {field}: {word[:40]!r}")


class BadSeal(RingbackError):
    """A sealed value that was altered, or sealed under a key we do not hold."""
