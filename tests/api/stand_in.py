"""A second detector for tests without models: it takes red for a face and blue for a plate."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from api.judge_process import Look, LookFailedError
from vision.judge.findings import Answer, Finding
from vision.judge.installed import Models, Standing

MODELS = Models("face.onnx", "f" * 64, "plate.onnx", "e" * 64)


@dataclass
class StandIn:
    """Obeys `SecondDetector`; `holds` makes it look for ever, `dies` breaks every look."""

    holds: bool = False
    dies: bool = False
    looks: list[bytes] = field(default_factory=list)

    def standing(self) -> Standing:
        """Be there."""
        return Standing.INSTALLED

    def models(self) -> Models:
        """Name two files."""
        return MODELS

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Look]:
        """Look at colours."""
        yield self._look

    async def _look(self, jpeg: bytes) -> Answer:
        self.looks.append(jpeg)
        if self.dies:
            raise LookFailedError("the process ended with -11")
        if self.holds:
            await asyncio.Event().wait()
        with Image.open(BytesIO(jpeg)) as picture:
            red, _, blue = picture.convert("RGB").resize((1, 1)).tobytes()
        if red > 200 and blue < 100:
            return Answer(True, (Finding("face", 0.9, (4, 4, 20, 20)),))
        if blue > 200 and red < 100:
            return Answer(True, (Finding("plate", 0.8, (4, 4, 40, 12)),))
        return Answer(True)
