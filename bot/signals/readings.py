"""The values of one scrape, by series, in the shape that prometheus-client wants."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from bot.signals.series import Kind, Series


class Readings:
    """Collects values; the last one of the same labels counts."""

    def __init__(self) -> None:
        self._values: dict[Series, dict[tuple[str, ...], float]] = {}

    def set(self, series: Series, value: float, *labels: str) -> None:
        """Note a value."""
        if len(labels) != len(series.labels):
            raise ValueError(f"{series.name} has the labels {series.labels}")
        self._values.setdefault(series, {})[labels] = float(value)

    def add(self, series: Series, value: float, *labels: str) -> None:
        """Add to a value."""
        known = self._values.get(series, {}).get(labels, 0.0)
        self.set(series, known + value, *labels)

    def value(self, series: Series, *labels: str) -> float | None:
        """A value, if there is one."""
        return self._values.get(series, {}).get(labels)

    def families(self) -> Iterator[Metric]:
        """All values."""
        for series, values in self._values.items():
            family = _FAMILIES[series.kind](series.name, series.meaning, labels=series.labels)
            for labels, value in values.items():
                family.add_metric(labels, value)
            yield family


_FAMILIES = {Kind.GAUGE: GaugeMetricFamily, Kind.COUNTER: CounterMetricFamily}
