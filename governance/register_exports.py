"""The public register in other formats: Dutch Algoritmeregister 1.0 and British ATRS 3.0. Pure.

Texts stay German in the Dutch format (`lang` says so) and English in the British one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

ATRS_FIELDS = Path(__file__).parent / "schemas/atrs-3.0.csv"
THEMES = {
    "traffic": "Verkeer",
    "infrastructure": "Ruimte en infrastructuur",
    "environment": "Natuur en milieu",
    "administration": "Organisatie en bedrijfsvoering",
    "social": "Sociale zekerheid",
    "finance": "Overheidsfinanciën",
}
STATES = {
    "idea": "In ontwikkeling",
    "pilot": "In ontwikkeling",
    "in operation": "In gebruik",
    "retired": "Buiten gebruik",
}
CATEGORIES = {
    "high": "Hoog-risico AI-systeem",
    "limited": "Impactvolle algoritmes",
    "minimal": "Overige algoritmes",
    "not assessed": "Overige algoritmes",
}
PHASES = {
    "idea": "Idea",
    "pilot": "Beta/Pilot",
    "in operation": "Production",
    "retired": "Retired",
}


def algoritmeregister(record: Mapping[str, Any], figures: Iterable[str] = ()) -> dict[str, Any]:
    """Write one record in the Dutch standard 1.0; optional fields without content are left out."""
    human = record["human_intervention"]
    said: dict[str, Any] = {
        "name": record["name"]["de"],
        "description_short": record["description"]["de"],
        "organization": record["organisation"],
        "category": [THEMES[one] for one in record["theme"]],
        "status": STATES[record["status"]],
        "begin_date": record["begun_on"],
        "end_date": record["ended_on"],
        "contact_email": record["contact"],
        "publication_category": CATEGORIES[record["ai_act"]["class"]],
        "goal": record["purpose"]["de"],
        "proportionality": _lines(record["considerations"]["de"], record["alternatives"]["de"]),
        "human_intervention": _lines(*(human[part]["de"] for part in ("points", "who", "stop"))),
        "risks": _lines(record["risk_management"]["de"], *_aspects(record, "de")),
        "lawful_basis": record["legal_basis"]["text"]["de"],
        "lawful_basis_grouping": record["legal_basis"]["references"],
        "impacttoetsen_grouping": [
            {"title": one["title"]["de"]} | ({"link": one["link"]} if one["link"] else {})
            for one in record["impact_assessments"]
        ],
        "source_data": record["data"]["de"],
        "methods_and_models": _lines(record["technical_operation"]["de"], *figures),
        "provider": record["supplier"],
        "publiccode": record["source_code"] if record["source_code"].startswith("https") else None,
        "lang": "deu",
        "standard_version": "1.0",
        "source_id": record["record_id"],
        "tags": ", ".join([record["record_id"], *record["theme"]]),
    }
    return {key: value for key, value in said.items() if value not in (None, "", [])}


def atrs_rows(
    record: Mapping[str, Any], *, written_on: str, figures: Iterable[str] = ()
) -> list[dict[str, str]]:
    """Write one record as rows of the ATRS table, one attribute each, in its order."""
    said = _atrs_values(record, written_on, "; ".join(figures))
    return [
        {"record": record["record_id"], **field, "value": said.get(field["attribute"], "")}
        for field in atrs_fields()
    ]


def atrs_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows as CSV."""
    file = io.StringIO()
    names = ["record", "reference_number", "attribute", "tier", "required", "value"]
    writer = csv.DictWriter(file, names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


@cache
def atrs_fields() -> list[dict[str, str]]:
    """Return number, attribute, tier and necessity of each ATRS 3.0 field."""
    return list(csv.DictReader(io.StringIO(ATRS_FIELDS.read_text("utf-8"))))


def _atrs_values(record: Mapping[str, Any], written_on: str, figures: str) -> dict[str, str]:
    def en(*fields: str) -> str:
        return _lines(*(record[field]["en"] for field in fields))

    human, datasets = record["human_intervention"], record["datasets"]
    models = ", ".join(f"{one['name']} {one['version']}" for one in record["models"])
    names = ", ".join(one["name"] for one in datasets) or "none"
    uses = "; ".join(f"{one['name']}: {one['use']['en']}" for one in datasets) or "none"
    licences = "; ".join(f"{one['name']}: {one['licence']}" for one in datasets) or "none"
    return {
        "id": record["record_id"],
        "standard_version": "3.0",
        "organisation_type": "Local government",
        "function": ", ".join(record["theme"]),
        "capability": "Decision support",
        "task": en("description"),
        "tags": ", ".join([record["record_id"], *record["theme"]]),
        "date_of_completion": written_on,
        "date_updated": written_on,
        "date_archived": record["ended_on"] or "not archived",
        "title": en("name"),
        "name": en("name"),
        "organisation_name": record["organisation"],
        "phase": PHASES[record["status"]],
        "region": en("area"),
        "one_sentence_description": en("description"),
        "description": en("description", "purpose"),
        "website_url": f"/register/{record['record_id']}",
        "contact_email": record["contact"],
        "organisation_or_department": record["organisation"],
        "team": en("department"),
        "senior_responsible_owner": f"Head of {record['department']['en']} (function, no name)",
        "external_supplier_involvement": record["supplier"] or "none",
        "external_supplier": record["supplier"],
        "detailed_description": en("technical_operation"),
        "scope": en("purpose", "considerations"),
        "benefit": _lines(*(one["chance"]["en"] for one in record["aspects"].values()), figures),
        "previous_process": en("baseline"),
        "alternatives_considered": en("alternatives"),
        "process_integration": human["points"]["en"],
        "provided_information": en("labelling"),
        "frequency_and_scale_of_usage": en("frequency"),
        "human_decisions_and_review": _lines(human["who"]["en"], human["stop"]["en"]),
        "required_training": en("training_required"),
        "appeals_and_review": en("objection"),
        "system_architecture": record["local_run"]["workstation"]["en"],
        "maintenance": f"next review {record['next_review']}",
        "models": models,
        "model_name": models,
        "model_version": ", ".join(one["version"] for one in record["models"]),
        "model_task": en("description"),
        "model_input": en("data"),
        "model_output": en("labelling"),
        "model_architecture": en("technical_operation"),
        "model_performance": figures or "see the model card",
        "datasets": names,
        "dataset_purposes": uses,
        "source_data_name": names,
        "data_modality": en("data"),
        "data_description": en("data"),
        "data_quantities": "see the model card and its datasheets",
        "sensitive_attributes": record["aspects"]["privacy"]["risk"]["en"],
        "data_completeness_and_representativeness": record["aspects"]["ethical"]["risk"]["en"],
        "source_data_url": licences,
        "data_collection": en("data"),
        "data_sharing_agreements": licences,
        "data_access_and_storage": record["aspects"]["privacy"]["measure"]["en"],
        "impact_assessment": "; ".join(
            f"{one['title']['en']}: {one['state']}" for one in record["impact_assessments"]
        ),
        "risks_and_mitigations": _lines(en("risk_management"), *_aspects(record, "en")),
    }


def _aspects(record: Mapping[str, Any], language: str) -> list[str]:
    return [
        f"{name}: {one['risk'][language]} → {one['measure'][language]}"
        for name, one in record["aspects"].items()
    ]


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
