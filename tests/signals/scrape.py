"""Scrapes as Prometheus would, and finds a value by its name and labels."""

from prometheus_client.parser import text_string_to_metric_families

import webhooks
from bot.runtime import Runtime
from bot.signals.exporter import Exporter

FLOWS = tuple(flow.name for flow in webhooks.FLOWS)


class Scrape:
    """What one scrape told."""

    def __init__(self, text: str) -> None:
        self.values = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def get(self, name: str, **labels: str) -> float | None:
        """A value; None if it is not told."""
        return self.values.get((f"ringback_{name}", frozenset(labels.items())))

    @property
    def names(self) -> set[str]:
        """The names of all that is told."""
        return {name for name, _ in self.values}


class Prometheus:
    """Scrapes one exporter, again and again; the first time now."""

    def __init__(self, runtime: Runtime) -> None:
        self._exporter = Exporter(runtime, FLOWS, runtime.settings.metrics_dir)
        self.scrape()

    def scrape(self) -> Scrape:
        """What is told now."""
        body, content_type = self._exporter.text("text/plain")
        assert content_type.startswith("text/plain")
        return Scrape(body.decode())
