"""Addresses of pages for what is rendered outside a request; "" for a page that there is not."""

from flask import Flask
from werkzeug.routing import BuildError


class Links:
    """Builds addresses of one console."""

    def __init__(self, console: Flask) -> None:
        self._addresses = console.url_map.bind("")

    def to(self, endpoint: str, **values: str) -> str:
        """The address of a page."""
        try:
            return self._addresses.build(endpoint, values)
        except BuildError:
            return ""

    def conversation(self, desk: str, id: str) -> str:
        """The address of a conversation's page."""
        return self.to("conversation.conversation", desk=desk, id=id) if id else ""
