"""JSON Schema files of the messages, from their one definition: `python -m contracts.schemas`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from contracts.ai_label import AiLabel
from contracts.batch import Batch, Receipt
from contracts.coverage import Coverage, CoverageReceipt, StreetMap
from contracts.enrolment import Enrolment, EnrolmentReceipt
from contracts.heartbeat import Heartbeat
from contracts.picture import MaskReceipt
from contracts.sighting import Sighting

FOLDER = Path(__file__).parent / "schemas"
MESSAGES: dict[str, type[msgspec.Struct]] = {
    "ai_label": AiLabel,
    "batch": Batch,
    "coverage": Coverage,
    "coverage_receipt": CoverageReceipt,
    "enrolment": Enrolment,
    "enrolment_receipt": EnrolmentReceipt,
    "heartbeat": Heartbeat,
    "mask_receipt": MaskReceipt,
    "receipt": Receipt,
    "sighting": Sighting,
    "street_map": StreetMap,
}


def schema(message: type[msgspec.Struct]) -> dict[str, Any]:
    """Describe one message as JSON Schema 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(message),
    }


def text(message: type[msgspec.Struct]) -> str:
    """Write the schema the way it is kept in the repository."""
    return json.dumps(schema(message), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every schema file again."""
    FOLDER.mkdir(exist_ok=True)
    for name, message in MESSAGES.items():
        (FOLDER / f"{name}.schema.json").write_text(text(message), encoding="utf-8")


if __name__ == "__main__":
    main()
