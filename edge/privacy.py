"""From a frame to the one picture that may leave the truck, with its receipt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contracts.picture import MaskReceipt
from edge.sighting_tracker import Shot, View
from vision.runtime.detections import Detections
from vision.runtime.ground import Camera, horizon_px
from vision.runtime.mask import Withheld, masked_crop, road_top_px
from vision.runtime.model_file import CardHead


def photograph(
    view: View,
    frame: NDArray[np.uint8],
    detections: Detections,
    *,
    card: CardHead,
    camera: Camera | None,
) -> Shot:
    """Cut out and mask the damage of one view; unsure means no picture."""
    crop = masked_crop(
        frame,
        np.array(view.box, np.float32),
        detections,
        mask_threshold=card.mask_threshold,
        road_top_px=road_top_px(
            height_px=frame.shape[0], horizon_px=horizon_px(camera) if camera else None
        ),
    )
    if isinstance(crop, Withheld):
        return Shot(withheld=crop.value)
    receipt = MaskReceipt(
        picture_sha256=crop.sha256,
        mask_model_sha256=card.sha256,
        mask_threshold=card.mask_threshold,
        masked=crop.masked,
        crop=list(crop.crop),
        damage=list(crop.damage),
        boxes=[list(box) for box in crop.boxes],
    )
    return Shot(crop.jpeg, receipt)
