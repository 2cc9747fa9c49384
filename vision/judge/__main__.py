"""The second detector as a process of its own: a picture on a line in, what it sees on a line out.

`python -m vision.judge FOLDER FACE_SCORE PLATE_SCORE`: one thread, lowest priority, so that it
never takes a core from the service. It ends with its input.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import Protocol

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from vision.judge.findings import READY, Answer, Finding, Question
from vision.judge.look import Judge


class Looks(Protocol):
    """Whoever looks at a picture."""

    def look(self, picture: NDArray[np.uint8]) -> list[Finding]:
        """Return what is seen."""


def answer(judge: Looks, question: Question) -> Answer:
    """Look at one picture; one that cannot be decoded was not looked at."""
    raw = np.frombuffer(question.jpeg, np.uint8)
    picture = cv2.imdecode(raw, cv2.IMREAD_COLOR) if raw.size else None
    if picture is None:
        return Answer(is_readable=False)
    return Answer(True, tuple(judge.look(np.asarray(picture, np.uint8))))


def main() -> int:
    """Answer line by line."""
    folder, face_score, plate_score = sys.argv[1:]
    with contextlib.suppress(OSError):
        os.nice(19)
    cv2.setNumThreads(1)
    judge = Judge(Path(folder), face_score=float(face_score), plate_score=float(plate_score))
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    for line in sys.stdin.buffer:
        said = answer(judge, msgspec.json.decode(line, type=Question))
        sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
