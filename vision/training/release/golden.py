"""Golden outputs: what the trained network said about a few frames, kept beside the model.

They let anybody check, without torch, that the ONNX file still says the same.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

STRONGEST = 64  # anchors kept per frame


def keep(path: Path, blobs: list[NDArray[np.float32]], outputs: list[NDArray[np.float32]]) -> None:
    """Keep the strongest anchors of each torch output `(1, 4 + classes, anchors)`."""
    anchors = np.stack([strongest(output) for output in outputs])
    values = np.stack(
        [output[0][:, chosen] for output, chosen in zip(outputs, anchors, strict=True)]
    )
    means = np.array([blob.mean() for blob in blobs], np.float32)  # notices another letterbox
    np.savez_compressed(path, anchors=anchors, values=values, input_means=means)


def strongest(output: NDArray[np.float32]) -> NDArray[np.int64]:
    """Indices of the anchors with the highest class scores."""
    return np.argsort(-output[0, 4:].max(axis=0), kind="stable")[:STRONGEST]
