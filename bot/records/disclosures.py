"""What was disclosed, kept by the retention rule (IDG40210); append-only, never the fact itself."""

from sqlalchemy import Engine


class SqlDisclosures:
    """The log of disclosures. Filing one twice is filing it once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
