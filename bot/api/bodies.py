"""What is asked of the API and what it answers, typed: its document is made of these."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Handle = Annotated[
    str,
    Field(pattern=r"^[0-9]{9}$", description="The handle of a case: it identifies, proves nothing"),
]
StaffNumber = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
Number = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$", description="In E.164 form")]
CALLBACK_ID = r"^[A-Za-z0-9]{2,64}$"


class Body(BaseModel):
    """A body of JSON. What it does not name is refused: a misspelt field is no field."""

    model_config = ConfigDict(extra="forbid")


class CallbackRequest(Body):
    """Have the customer of a case rung, for an officer."""

    case: Handle
    officer: StaffNumber
    number: Number | None = Field(
        None, description="One of the case's own; another is a lead, which a person approves first"
    )


class CancelRequest(Body):
    """Why a callback is owed no longer; the reason stands in the flow log."""

    reason: str = Field(min_length=1, max_length=120)


class Payment(Body):
    """Everything was paid: nobody is rung about this case any more."""

    case: Handle
    settled_on: date


class Contact(Body):
    """Something came from the customer: nobody is rung until it was dealt with."""

    case: Handle
    received_at: AwareDatetime = Field(description="When, with its zone")


class DealtWith(Body):
    """What had come was dealt with: they may be rung again."""

    case: Handle


class LostPhone(Body):
    """An officer's telephone is lost."""

    staff: StaffNumber


class Callback(Body):
    """A call that is owed, or was."""

    id: str = Field(pattern=CALLBACK_ID)
    state: Literal["due", "placing", "placed", "ended"]
    due_at: datetime | None = Field(description="When it is rung next; null once it has ended")
    attempts: int = Field(ge=0)
    ended_as: str | None = Field(description="How it ended, or how the last attempt did")


class Lead(Body):
    """A number that is not on the case: a person decides, nobody is rung on it before."""

    state: Literal["awaiting_approval"]


class Imported(Body):
    """How many rows of a file went in: all of them."""

    imported: int = Field(ge=0)


class Done(Body):
    """It is written down."""

    done: Literal[True]


class Shut(Body):
    """Everything of that officer's is shut."""

    news: bool
    calls_ended: int = Field(ge=0)


class BadRow(Body):
    """Why a row of a file was refused; never what stands in it."""

    line: int
    reason: str


class Problem(BaseModel):
    """What went wrong, and what to do (RFC 9457)."""

    type: str = Field(pattern=r"^urn:ringback:problem:[a-z_]+$")
    title: str
    status: int
    detail: str
    rows: list[BadRow] | None = None
