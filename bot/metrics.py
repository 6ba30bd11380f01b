"""Metrics on a loopback port of their own."""

import time
from collections.abc import Iterator, Sized
from contextlib import contextmanager
from typing import Protocol

from prometheus_client import CollectorRegistry, Gauge, Histogram, start_http_server

from connection.errors import NotReady


class Sockets(Protocol):
    """What is watched of Socket Mode."""

    @property
    def live(self) -> Sized: ...

    opened: int

    def age(self) -> float: ...


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

    def watch(self, sockets: Sockets) -> None:
        """Connections that Slack can use now, how many there were, and how long it is silent."""
        for name, about, read in (
            ("live", "Connections of Socket Mode that are live", lambda: len(sockets.live)),
            ("opened", "Connections of Socket Mode since the start", lambda: sockets.opened),
            ("silent_seconds", "Seconds since Slack was heard over a socket", sockets.age),
        ):
            gauge = Gauge(f"d365bot_socket_{name}", about, registry=self._registry)
            gauge.set_function(read)

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
