"""Counters and histograms in Prometheus' form, one registry a process."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)


class Metrics:
    """Everything that /metrics shows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "clerestory_requests", "Requests answered.", ("surface", "status"), registry=self.registry
        )
        self._latency = Histogram(
            "clerestory_request_seconds", "Time to answer.", ("surface",), buckets=_SECONDS, registry=self.registry
        )
        self._deliveries = Counter(
            "clerestory_deliveries", "Delivery attempts by outcome.", ("channel", "code"), registry=self.registry
        )
        self._jobs = Counter(
            "clerestory_jobs", "Background jobs by outcome.", ("task", "outcome"), registry=self.registry
        )
        self._batches = Histogram(
            "clerestory_batch_size",
            "Items that shared one commit.",
            ("batch",),
            buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
            registry=self.registry,
        )
        self.connections = Gauge(
            "clerestory_pool_connections", "Database connections by state.", ("state",), registry=self.registry
        )

    def request(self, surface: str, status: int, seconds: float) -> None:
        """One request was answered."""
        self._requests.labels(surface, str(status)).inc()
        self._latency.labels(surface).observe(seconds)

    def delivery(self, channel: str, code: str) -> None:
        """One attempt to deliver came to an end."""
        self._deliveries.labels(channel, code).inc()

    def job(self, task: str, outcome: str) -> None:
        """One background job came to an end."""
        self._jobs.labels(task, outcome).inc()

    def batch(self, name: str, size: int) -> None:
        """One batch was committed."""
        self._batches.labels(name).observe(size)

    def text(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)
