"""What a service counts of its requests, as Prometheus reads it (text format 0.0.4)."""

from __future__ import annotations

import bisect
import threading
from collections import Counter
from collections.abc import Iterator

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper ends of the times of requests, in seconds."""


class Traffic:
    """Counts of requests, rows, notes and seconds; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._notes: Counter[str] = Counter()
        self._buckets = [0] * (len(BOUNDS) + 1)
        self._seconds, self._rows = 0.0, 0

    def request(self, path: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        with self._lock:
            self._requests[path, status] += 1
            self._buckets[bisect.bisect_left(BOUNDS, seconds)] += 1
            self._seconds += seconds

    def rows(self, rows: int, codes: Counter[str]) -> None:
        """Count predicted rows, and cells by the code of what is odd about them."""
        with self._lock:
            self._rows += rows
            self._notes.update(codes)

    def text(self) -> str:
        """All counts."""
        with self._lock:
            return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "# TYPE foldline_requests_total counter"
        for (path, status), count in sorted(self._requests.items()):
            yield f'foldline_requests_total{{path="{path}",status="{status}"}} {count}'
        yield "# TYPE foldline_rows_total counter"
        yield f"foldline_rows_total {self._rows}"
        yield "# TYPE foldline_odd_cells_total counter"
        for code, count in sorted(self._notes.items()):
            yield f'foldline_odd_cells_total{{code="{code}"}} {count}'
        yield "# TYPE foldline_request_seconds histogram"
        total = 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), self._buckets, strict=True):
            total += count
            yield f'foldline_request_seconds_bucket{{le="{bound}"}} {total}'
        yield f"foldline_request_seconds_sum {self._seconds:.6f}"
        yield f"foldline_request_seconds_count {total}"
