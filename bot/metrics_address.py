"""Where Prometheus is answered: an address of this machine, private or not."""

import ipaddress
import re
from dataclasses import dataclass

GOOD_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{16,}")  # RFC 6750, and long enough not to be guessed

_WRITTEN = re.compile(r"\[(?P<six>[0-9a-fA-F:.]+)\]:(?P<port6>\d+)|(?P<four>[\d.]+):(?P<port4>\d+)")


@dataclass(frozen=True, slots=True)
class MetricsAddress:
    """An IP address and a port to listen at. A name is none: it may come to mean another one."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "MetricsAddress":
        """Read `127.0.0.1:9470` or `[::1]:9470`. Raises `ValueError` with the reason."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not an IP address and a port")
        host, port = found["six"] or found["four"], int(found["port6"] or found["port4"])
        try:
            ipaddress.ip_address(host)
        except ValueError:
            raise ValueError(f"{host} is no IP address") from None
        if not 0 < port < 65536:
            raise ValueError(f"{port} is no port")
        return cls(host, port)

    @property
    def private(self) -> bool:
        """Whether only this machine, or its own network, reaches it. Everywhere is not private."""
        address = ipaddress.ip_address(self.host)
        return address.is_private and not address.is_unspecified

    @property
    def six(self) -> bool:
        """Whether it is of the sixth version."""
        return ":" in self.host

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if self.six else f"{self.host}:{self.port}"
