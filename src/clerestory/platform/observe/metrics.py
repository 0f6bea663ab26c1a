"""Counters and histograms in Prometheus' form.

Several processes on one port count into files of a folder that they share (the library's multiprocess mode, switched
on by PROMETHEUS_MULTIPROC_DIR), so that whichever of them is asked tells of all.
"""

import os
from collections.abc import Mapping
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_Mode = Literal["livesum", "livemostrecent"]
_STATES = ("queued", "picked", "failed")


class Metrics:
    """Everything that /metrics shows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = self._counter("requests", "Requests answered.", "surface", "status")
        self._latency = Histogram(
            "clerestory_request_seconds", "Time to answer.", ("surface",), buckets=_SECONDS, registry=self.registry
        )
        self._deliveries = self._counter("deliveries", "Delivery attempts by outcome.", "channel", "code")
        self._jobs = self._counter("jobs", "Background jobs by outcome.", "task", "outcome")
        self._batches = Histogram(
            "clerestory_batch_size",
            "Items that shared one commit.",
            ("batch",),
            buckets=_SIZES,
            registry=self.registry,
        )
        self._connections = self._gauge("pool_connections", "Database connections by state.", "state", "livesum")
        self._queue = self._gauge("queue_jobs", "Jobs of the installation by state.", "state", "livemostrecent")

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

    def pool(self, size: int, idle: int) -> None:
        """How this process's pool stands now."""
        self._connections.labels("idle").set(idle)
        self._connections.labels("used").set(size - idle)

    def queue(self, depths: Mapping[str, int]) -> None:
        """How many jobs stand in each state now."""
        for state in {*_STATES, *depths}:
            self._queue.labels(state).set(depths.get(state, 0))

    def text(self) -> bytes:
        """The exposition text: of this process, or of all that share the folder."""
        folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
        if not folder:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, folder)  # type: ignore[no-untyped-call] # the library has no types there
        return generate_latest(together)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"clerestory_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, label: str, mode: _Mode) -> Gauge:
        return Gauge(f"clerestory_{name}", text, (label,), registry=self.registry, multiprocess_mode=mode)
