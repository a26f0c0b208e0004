"""What Prometheus reads of the base: records, queues, mail and index; numbers only, of nobody and of no record."""

from __future__ import annotations

from collections.abc import Iterator

from matchhub.services.kernel.unit import Unit
from matchhub.services.matching.store import freshness
from matchhub.services.statistics.installation import count_base

_WAITING = ("waiting", "running", "sending")


def base_lines(unit: Unit) -> Iterator[str]:
    """Gauges in the text format of Prometheus."""
    counted = count_base(unit)
    yield from _gauge("records", "Records of a kind.", "kind", {k: n for (k, s), n in counted.items() if not s})
    queues = {f"{k}_{s}": n for (k, s), n in counted.items() if s in _WAITING}
    yield from _gauge("queue", "What waits or is being done: imports and letters.", "queue", queues)
    failed = sum(number for (kind, state), number in counted.items() if (kind, state) == ("letters", "failed"))
    yield from _gauge("letters_failed", "Letters that were given up.", "", {"": failed})
    troubles = sum(number for (kind, _), number in counted.items() if kind == "troubles")
    yield from _gauge("channel_troubles", "Channels that their server stops now, mail included.", "", {"": troubles})
    known, last = freshness(unit)
    behind = last - known.revision if known else last
    yield from _gauge("index_behind", "Changes of patents that the index has not seen.", "", {"": behind})
    yield from _gauge("index_patents", "Patents the index holds.", "", {"": known.patents if known else 0})


def _gauge(name: str, told: str, label: str, values: dict[str, int]) -> Iterator[str]:
    yield f"# HELP matchhub_{name} {told}"
    yield f"# TYPE matchhub_{name} gauge"
    for value, number in sorted(values.items()):
        yield f'matchhub_{name}{{{label}="{value}"}} {number}' if label else f"matchhub_{name} {number}"
