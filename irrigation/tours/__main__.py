"""The worker: a day's request on standard input, lines of progress and the answer on its output.

A process of its own, because a search keeps a processor busy for a minute and the city's service
must answer meanwhile.
"""

from __future__ import annotations

import sys

import msgspec

from irrigation.tours.day import plan_day
from irrigation.tours.wire import DayRequest, Message


def main() -> int:
    """Solve one day."""
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=DayRequest)
    _say(Message(progress=0.02))
    answer = plan_day(request, lambda share: _say(Message(progress=share)))
    _say(Message(progress=1.0, answer=answer))
    return 0


def _say(message: Message) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
