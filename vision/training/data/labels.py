"""One box as a line of YOLO text: class cx cy w h, in shares of the picture's width and height."""

from __future__ import annotations

from vision.runtime.detections import DAMAGE_CLASSES

Box = tuple[float, float, float, float]  # x1 y1 x2 y2 in pixels of the picture


def yolo_line(kind: str, box: Box, *, width_px: int, height_px: int) -> str:
    """Write one damage.

    >>> yolo_line("D40", (20, 10, 60, 50), width_px=200, height_px=100)
    '3 0.200000 0.300000 0.200000 0.400000'
    """
    x1, y1, x2, y2 = box
    middle = f"{(x1 + x2) / 2 / width_px:.6f} {(y1 + y2) / 2 / height_px:.6f}"
    sides = f"{(x2 - x1) / width_px:.6f} {(y2 - y1) / height_px:.6f}"
    return f"{DAMAGE_CLASSES.index(kind)} {middle} {sides}"  # type: ignore[arg-type]


def counts_of(text: str) -> dict[str, int]:
    """Count the boxes of YOLO text by class; people and vehicles are not counted.

    >>> counts_of("3 0.5 0.5 0.1 0.1\\n3 0.2 0.5 0.1 0.1\\n0 0.5 0.5 0.1 0.9\\n")
    {'D40': 2, 'D00': 1}
    """
    counted: dict[str, int] = {}
    for line in text.splitlines():
        number = line.split(maxsplit=1)[0] if line.strip() else ""
        if number.isdigit() and int(number) < len(DAMAGE_CLASSES):
            name = DAMAGE_CLASSES[int(number)]
            counted[name] = counted.get(name, 0) + 1
    return counted
