"""The network while it trains: Ultralytics' model, computed in the recipe's number format."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from ultralytics.nn.tasks import DetectionModel

from vision.runtime.detections import CLASSES
from vision.training.recipe import Loss

CRACKS = [index for index, name in enumerate(CLASSES) if name in {"D00", "D10", "D20"}]


class ClassLoss(nn.Module):
    """Binary cross entropy of class scores `(batch, places, classes)`, as a recipe wants it."""

    def __init__(self, wanted: Loss) -> None:
        super().__init__()
        self.wanted = wanted
        self.entropy = nn.BCEWithLogitsLoss(reduction="none")

    def forward(self, scores: Tensor, target: Tensor) -> Tensor:
        """Return the cost of each score; `target` is 0 to 1 in the same shape."""
        cost = self.entropy(scores, target * (1 - self.wanted.label_smoothing))
        if self.wanted.told_apart:
            return cost
        is_crack = target[..., CRACKS].amax(-1, keepdim=True) > 0
        is_other_type = torch.zeros_like(target, dtype=torch.bool)
        is_other_type[..., CRACKS] = is_crack & (target[..., CRACKS] == 0)
        return cost.masked_fill(is_other_type, 0.0)


class TrainedNetwork(DetectionModel):  # type: ignore[misc]
    """Detection model whose training passes may run in bfloat16.

    Weights, gradients and the running mean stay float32; processors with AMX or
    AVX-512 BF16 halve the time of an epoch, and so do graphics cards since Ampere.
    Inference is always float32.
    """

    precision: str = "float32"
    wanted: Loss = Loss()

    def forward(self, x: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the loss for a batch (dict) or the predictions for pictures."""
        kind = next(self.parameters()).device.type
        with torch.autocast(kind, torch.bfloat16, enabled=self._is_half_width()):
            return super().forward(x, *args, **kwargs)

    def _is_half_width(self) -> bool:
        return self.training and self.precision == "bfloat16"

    def init_criterion(self) -> Any:
        """Return Ultralytics' loss with the recipe's cost of classes."""
        loss = super().init_criterion()
        for part in (loss, getattr(loss, "one2many", None), getattr(loss, "one2one", None)):
            if part is not None and hasattr(part, "bce"):
                part.bce = ClassLoss(self.wanted)
        return loss
