"""What Prometheus reads of a server: numbers only, of no visitor and no image."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from cornernet.stages import Spent

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A number that is read when it is asked for."""

    name: str
    words: str
    read: Callable[[], float]
    kind: type[CounterMetricFamily] | type[GaugeMetricFamily] = GaugeMetricFamily


class Metrics:
    """Count questions, and time their stages; each server has its own."""

    def __init__(self, readings: tuple[Reading, ...] = ()) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)  # memory, processor, open files
        self._registry.register(_Readings(readings))
        self._questions = Counter(
            "cornernet_questions",
            "Questions of visitors.",
            ("question", "outcome"),
            registry=self._registry,
        )
        self._stages = Histogram(
            "cornernet_stage_seconds",
            "How long the stages of questions took.",
            ("stage",),
            registry=self._registry,
            buckets=_SECONDS,
        )
        self._refused = Counter(
            "cornernet_refused",
            "Requests that were not let in, or failed, by HTTP status.",
            ("status",),
            registry=self._registry,
        )

    def count(self, question: str, outcome: str, spent: Spent) -> None:
        """Count a question that ended."""
        self._questions.labels(question, outcome).inc()
        for stage, seconds in spent.items():
            self._stages.labels(stage).observe(seconds)

    def refuse(self, status: int) -> None:
        """Count a request that got an error."""
        self._refused.labels(str(status)).inc()

    def text(self) -> bytes:
        """Write all numbers as Prometheus reads them."""
        return generate_latest(self._registry)


class _Readings(Collector):
    def __init__(self, readings: tuple[Reading, ...]) -> None:
        self._readings = readings

    def collect(self) -> Iterator[Metric]:
        for reading in self._readings:
            yield reading.kind(reading.name, reading.words, value=reading.read())
