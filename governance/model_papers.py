"""A model's papers in other houses' formats: Hugging Face README and CycloneDX ML-BOM. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from governance.card_facts import LIBRARIES, Measured, datasets_of, figures_of, task_of
from governance.model_files import files_claimed

HF_LICENCES = {"AGPL-3.0-only": "agpl-3.0", "EUPL-1.2": "eupl-1.2"}
NOT_STATED = "not stated in the card"


def readme(card: Mapping[str, Any], *, model_sha256: str) -> str:
    """Write the card as Hugging Face reads it: front matter with results, then text."""
    return "\n".join([*_front(card), *_text(card, model_sha256)]) + "\n"


def ml_bom(
    card: Mapping[str, Any],
    *,
    model_sha256: str,
    card_sha256: str,
    record: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Write a CycloneDX 1.6 bill of materials of the model; `record` adds the councils' answers."""
    component = {
        "type": "machine-learning-model",
        "bom-ref": f"model:{model_sha256}",
        "name": card["name"],
        "version": card["version"],
        "description": card["intended_use"],
        "hashes": [{"alg": "SHA-256", "content": model_sha256}],
        "licenses": [{"license": {"id": card["licence"]}}],
        "components": [
            {"type": "file", "name": path, "hashes": [{"alg": "SHA-256", "content": digest}]}
            for path, digest in sorted(files_claimed(card).items())
        ],
        "properties": [{"name": "stadtwart:card_sha256", "value": card_sha256}],
        "modelCard": {
            "modelParameters": _parameters(card),
            "quantitativeAnalysis": {
                "performanceMetrics": [_metric(one) for one in figures_of(card)]
            },
            "considerations": _considerations(card, record),
        },
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'urn:stadtwart:card:{card_sha256}')}",
        "version": 1,
        "metadata": {
            "timestamp": card["made_at"],
            "component": {"type": "application", "name": "stadtwart", "bom-ref": "stadtwart"},
        },
        "components": [component],
    }


def _front(card: Mapping[str, Any]) -> Iterator[str]:
    """YAML, whose values are JSON: every JSON text is YAML too."""
    licence = HF_LICENCES.get(card["licence"], "other")
    task = task_of(card)
    results = [
        {
            "task": {"type": task},
            "dataset": {"type": "own", "name": one.split},
            "metrics": [{"type": one.metric, "name": one.metric, "value": one.value}],
        }
        for one in figures_of(card)
    ]
    yield "---"
    yield f"license: {json.dumps(licence)}"
    yield f"library_name: {json.dumps(LIBRARIES.get(card['name'], 'other'))}"
    yield f"pipeline_tag: {json.dumps(task)}"
    yield f"tags: {json.dumps(['municipal', card['name']])}"
    index = [{"name": f"{card['name']} {card['version']}", "results": results}]
    yield f"model-index: {json.dumps(index)}"
    yield "---"


def _text(card: Mapping[str, Any], model_sha256: str) -> Iterator[str]:
    yield f"# {card['name']} {card['version']}"
    yield "\nWritten from card.json; do not edit.\n"
    yield f"Model sha256 `{model_sha256}`, licence {card['licence']}, made {card['made_at']}.\n"
    yield f"## Use\n\n{card['intended_use']}\n\nNot for: {card['out_of_scope']}\n"
    yield "## Figures\n\n| what | figure | 95 % | n |\n|---|---|---|---|"
    for one in figures_of(card):
        interval = f"{one.low:.3f} to {one.high:.3f}" if one.low is not None else "–"
        count = one.n if one.n is not None else "–"
        yield f"| {one.split}: {one.metric} | {one.value:.3f} | {interval} | {count} |"
    yield "\n## Limits\n"
    yield from (f"- {limit}" for limit in card["limits"])
    yield "\n## Data\n"
    yield from (
        f"- {one.name} ({one.use}), sha256 `{one.sha256 or 'none'}`" for one in datasets_of(card)
    )
    yield from (f"- {source}" for source in card["attribution"])
    yield f"\n## Energy\n\n{_energy(card)}"


def _parameters(card: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "approach": {"type": "supervised"},
        "task": task_of(card),
        "architectureFamily": str(card.get("base_model", "gradient boosted trees")),
        "datasets": [
            {
                "type": "dataset",
                "name": one.name,
                "classification": "public",
                "contents": {
                    "properties": [{"name": "sha256", "value": one.sha256 or "none"}],
                },
            }
            for one in datasets_of(card)
        ],
    }


def _metric(one: Measured) -> dict[str, Any]:
    said: dict[str, Any] = {"type": one.metric, "value": repr(one.value), "slice": one.split}
    if one.low is not None and one.high is not None:
        said["confidenceInterval"] = {"lowerBound": repr(one.low), "upperBound": repr(one.high)}
    return said


def _considerations(card: Mapping[str, Any], record: Mapping[str, Any] | None) -> dict[str, Any]:
    aspects = (record or {}).get("aspects", {})
    environment = [{"name": "energy", "value": _energy(card)}]
    for name in ("ecological", "energy"):
        environment += [
            {"name": f"{name}.{part}", "value": aspects[name][part]["en"]}
            for part in ("chance", "risk", "measure", "residual")
            if name in aspects
        ]
    said: dict[str, Any] = {
        "users": ["municipal staff; a person decides"],
        "useCases": [card["intended_use"]],
        "technicalLimitations": [card["out_of_scope"], *card["limits"]],
        "environmentalConsiderations": {"properties": environment},
        "fairnessAssessments": [
            {
                "groupAtRisk": about,
                "benefits": aspects[name]["chance"]["en"],
                "harms": aspects[name]["risk"]["en"],
                "mitigationStrategy": aspects[name]["measure"]["en"],
            }
            for name, about in (
                ("ethical", "districts, streets and trees that are seen less often"),
                ("social", "staff, and residents of districts with fewer reports"),
                ("privacy", "people in public space"),
            )
            if name in aspects
        ],
    }
    return said


def _energy(card: Mapping[str, Any]) -> str:
    stated = card.get("energy")
    return json.dumps(stated, ensure_ascii=False) if stated else NOT_STATED
