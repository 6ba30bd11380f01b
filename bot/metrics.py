"""Metrics on a loopback port of their own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Gauge, Histogram, start_http_server

from connection.errors import NotReady


class Metrics:
    """What an operator watches: how fast Slack is answered, and since when the bot is up."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        buckets = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
        about = "Seconds from a request of Slack to its answer"
        name = "d365bot_slack_request_seconds"
        self._requests = Histogram(name, about, registry=self._registry, buckets=buckets)
        started = Gauge("d365bot_started_seconds", "Start as a Unix time", registry=self._registry)
        started.set_to_current_time()

    @contextmanager
    def request(self) -> Iterator[None]:
        """Times one request."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._requests.observe(time.perf_counter() - started)

    def serve(self, port: int) -> None:
        """`GET /metrics` on 127.0.0.1; nothing with port 0. Raises `NotReady` if it is taken."""
        if port == 0:
            return
        try:
            start_http_server(port, addr="127.0.0.1", registry=self._registry)
        except OSError as error:
            raise NotReady(
                f"Port {port} for metrics is taken.",
                "Choose another D365BOT_METRICS_PORT, or 0 for no metrics.",
            ) from error
