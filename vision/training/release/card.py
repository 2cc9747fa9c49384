"""The model card: made from run files, never typed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vision.training.release import tables
from vision.training.release.compare import OWN
from vision.training.release.parity import Parity

LICENCE = "AGPL-3.0-only"
SOURCES = [
    "Passos et al. (2020), Cracks and Potholes in Road Images, Mendeley Data V4, "
    "doi:10.17632/t576ydh9v8.4, CC BY 4.0. Changes: resized, boxes made from pixel masks; "
    "crack types derived from the masks' shape, not labelled by people.",
    "Arya et al., RDD2022, China_MotorBike train part, CC BY-SA 4.0. Changes: re-encoded, "
    "'Repair' boxes dropped, thinned per scene.",
    "Sound road: crops of the first set without damage (CC BY 4.0); dashcam frames of three "
    "public lane-finding repositories (MIT).",
]
LIMITS = [  # English, German
    (
        "Trained on Brazilian highways and Chinese streets. Nobody has measured it on German "
        "roads.",
        "Trainiert auf brasilianischen Fernstraßen und chinesischen Straßen. Auf deutschen "
        "Straßen hat es niemand gemessen.",
    ),
    (
        "The test split is the kindest set of roads known for this data; in another region expect "
        "clearly less. The development figures and the regions left out show how much roads "
        "differ.",
        "Die Teststraßen sind die freundlichsten, die es zu diesen Daten gibt; in einer anderen "
        "Region ist deutlich weniger zu erwarten. Wie sehr sich Straßen unterscheiden, zeigen die "
        "Entwicklungsstraßen und die ausgelassenen Regionen.",
    ),
    (
        "Crack types (D00, D10, D20) of the Brazilian pictures are machine-made labels: read the "
        "crack classes together, not one by one.",
        "Die Rissarten (D00, D10, D20) der brasilianischen Bilder hat eine Maschine benannt: die "
        "Rissklassen gemeinsam lesen, nicht einzeln.",
    ),
    (
        "China has 4 pothole boxes in the test split: no pothole figure for Chinese streets "
        "exists.",
        "Für China gibt es 4 Schlaglöcher auf den Teststraßen: eine Zahl für chinesische Straßen "
        "gibt es nicht.",
    ),
    (
        "Manhole covers, patches and joints have no labels in the data: some will be taken for "
        "damage.",
        "Schachtdeckel, Flicken und Fugen sind in den Daten nicht benannt: manche werden für "
        "Schäden gehalten.",
    ),
    (
        "People and vehicles were labelled by COCO networks. The hand-checked pictures are too few "
        "to prove that 98 of 100 are masked. Pictures are therefore cut to the damage on the road "
        "surface, and withheld when in doubt.",
        "Menschen und Fahrzeuge haben COCO-Netze benannt. Die von Hand geprüften Bilder sind zu "
        "wenige, um zu belegen, dass 98 von 100 geschwärzt werden. Bilder zeigen deshalb nur den "
        "Schaden auf der Fahrbahn und bleiben im Zweifel zurück.",
    ),
    (
        "Darkness, low sun, rain, blur and a dirty lens were drawn onto pictures, not filmed. Snow "
        "and wet leaves are not measured at all.",
        "Dunkelheit, tiefe Sonne, Regen, Unschärfe und eine verschmutzte Linse sind in Bilder "
        "gezeichnet, nicht gefilmt. Schnee und nasses Laub sind gar nicht gemessen.",
    ),
]
INTENDED = (
    "Pointing the road department to places that may be damaged, from a forward camera on a "
    "vehicle. A person decides about each of them."
)
OUT_OF_SCOPE = (
    "It does not replace the statutory road inspection (ersetzt keine Straßenkontrolle), states no "
    "condition class (no ZEB, no PCI), and finds no people: that class exists to black them out."
)


def build(
    head: dict[str, Any],
    run: dict[str, Any],
    figures: dict[str, Any],
    parity: Parity,
    model: Path,
) -> dict[str, Any]:
    """Put identity, purpose, data, figures and limits of one model into one record."""
    return head | {
        "card_version": 1,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "size_bytes": model.stat().st_size,
        "licence": LICENCE,
        "base_model": f"{run['recipe']['network']['architecture']} (Ultralytics, COCO)",
        "input": run["recipe"]["network"],
        "intended_use": INTENDED,
        "out_of_scope": OUT_OF_SCOPE,
        "training": run,
        "attribution": SOURCES,
        "parity_torch_onnx": dataclasses.asdict(parity),
        "evaluation": figures,
        "limits": [english for english, _ in LIMITS],
        "limits_de": [german for _, german in LIMITS],
    }


def amend(folder: Path, **fields: Any) -> None:
    """Put measured fields into a model folder's card.json and README.md."""
    path = folder / "card.json"
    content = json.loads(path.read_text()) | fields
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    (folder / "README.md").write_text(render(content))


def render(content: dict[str, Any]) -> str:
    """Write the card as Markdown with Hugging Face front matter."""
    return "\n".join(_lines(content)) + "\n"


def _lines(card: dict[str, Any]) -> Iterator[str]:
    yield from _front(card)
    yield from ("## Use", "", card["intended_use"], "", f"Not for: {card['out_of_scope']}", "")
    yield from ("## Figures", "")
    for name, result in card["evaluation"].items():
        yield from _table(name, result)
    yield from _more(card)
    yield from ("## Limits", "", *(f"- {limit}" for limit in card["limits"]), "")
    if "limit_pictures" in card:
        yield from tables.limit_pictures(card["limit_pictures"])
    yield from _origin(card)


def _front(card: dict[str, Any]) -> Iterator[str]:
    pothole = card["evaluation"]["test, potholes only"]["classes"]["D40"]
    yield from ("---", "license: agpl-3.0", "library_name: onnxruntime")
    yield from ("pipeline_tag: object-detection", "tags:", "- road-damage", "- yolo", "---", "")
    yield f"# {card['name']} {card['version']}"
    yield from ("", "Generated from the run's files; do not edit.", "")
    spread = tables.interval(pothole.get("ap50_interval_95"))
    yield (
        f"**Headline: pothole (D40) AP50 {tables.share(pothole['ap50'])}** on the test roads, 95 % "
        f"interval by road {spread}, n = {pothole['n']} labelled potholes. This is average "
        "precision at IoU 0.5 on roads that were not trained on, from the same two surveys as the "
        "training roads. It is not the share of potholes found in another city."
    )
    if "mean of left-out regions" in card.get("crossval", {}):
        elsewhere = card["crossval"]["mean of left-out regions"]["D40"]
        yield (
            f"**In a region never trained on, the same recipe (short) reaches "
            f"{tables.share(elsewhere['ap50'])}** "
            f"({tables.interval(elsewhere['ap50_interval_95'])}, mean of "
            f"{elsewhere['parts']} regions)."
        )
    yield ""


def _table(name: str, result: dict[str, Any]) -> Iterator[str]:
    groups = f", {result['groups']} roads or scenes" if "groups" in result else ""
    yield from (f"### {name[0].upper()}{name[1:]}: {result['images']} pictures{groups}", "")
    yield from tables.classes(result)


def _more(card: dict[str, Any]) -> Iterator[str]:
    """Go below the headline: other regions, parts of the test roads, scores, bad weather."""
    test = card["evaluation"]["test"]
    if "compared" in card:
        yield from ("## Beside other models", "", *tables.compared(card["compared"], OWN))
    if "crossval" in card:
        yield from ("## Other regions, fewer roads, another start", "")
        yield from tables.crossval(card["crossval"])
    if "slices" in test:
        yield from ("## Parts of the test roads, any damage", "", *tables.slices(test))
        yield from ("## What a score means, on the test roads", "", *tables.calibration(test))
    if "robustness" in card:
        yield from ("## Bad light, weather and dirt", "", *tables.robustness(card["robustness"]))


def _origin(card: dict[str, Any]) -> Iterator[str]:
    training, parity = card["training"], card["parity_torch_onnx"]
    chosen = ", ".join(f"{kind} {value}" for kind, value in card["thresholds"].items())
    yield from ("## Identity and origin", "")
    yield f"- model.onnx sha256 `{card['sha256']}`, {card['size_bytes']} bytes"
    yield f"- licence {card['licence']} (fine-tuned from Ultralytics weights); {card['base_model']}"
    yield f"- thresholds, chosen on the development roads: {chosen}"
    yield f"- people and vehicles are masked from score {card['mask_threshold']} on (a choice)"
    yield (
        f"- training: {training['recipe']['schedule']['epochs']} epochs, "
        f"{training['dataset']['train']['pictures']} pictures, seed "
        f"{training['recipe']['schedule']['seed']}, {training['wall_s'] / 60:.0f} min on two "
        f"shared CPU cores, code {_code(training['parts'])}"
    )
    yield (
        f"- ONNX equals torch within {parity['box_px']:.5f} px and {parity['score']:.6f} in score "
        f"on {parity['inputs']} frames"
    )
    yield f"- energy: {_energy(card.get('energy'))}"
    yield from ("", "Data:", "", *(f"- {source}" for source in card["attribution"]))


def _energy(stated: dict[str, Any] | None) -> str:
    """Say what a thousand frames cost, or that nobody has measured it."""
    if stated is None or stated["wh_per_1000_frames"] is None:
        return "not measured"
    return (
        f"{stated['wh_per_1000_frames']:.2f} Wh per 1,000 frames ({stated['method']}; "
        f"{stated['work']}; {stated['frames']} frames in {stated['seconds']:.1f} s)"
    )


def _code(parts: list[dict[str, Any]]) -> str:
    """Name the code of each part of a run that was stopped and continued."""
    return ", ".join(
        f"{part['code_commit'][:12]} (from epoch {part['epochs_before'] + 1})" for part in parts
    )
