"""The network while it trains: Ultralytics' model, computed in the recipe's number format."""

from __future__ import annotations

from typing import Any

import torch
from ultralytics.nn.tasks import DetectionModel


class TrainedNetwork(DetectionModel):  # type: ignore[misc]
    """Detection model whose training passes may run in bfloat16.

    Weights, gradients and the running mean stay float32; processors with AMX or
    AVX-512 BF16 halve the time of an epoch, and so do graphics cards since Ampere.
    Inference is always float32.
    """

    precision: str = "float32"

    def forward(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the loss for a batch (dict) or the predictions for pictures."""
        kind = next(self.parameters()).device.type
        with torch.autocast(kind, torch.bfloat16, enabled=self._is_half_width()):
            return super().forward(x, *args, **kwargs)

    def _is_half_width(self) -> bool:
        return self.training and self.precision == "bfloat16"
