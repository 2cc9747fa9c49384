"""The register in the database: imported again and again, a tree keeps its number in our books.

Nothing is dropped: what the newest register no longer has is marked as gone, with its history.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import psycopg

from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event
from irrigation.trees import cadastre_diff, tree_inputs
from irrigation.trees.cadastre import Cadastre, Kind
from irrigation.trees.cadastre_diff import Difference
from irrigation.trees.cadastre_mapping import Mapping
from irrigation.trees.tree_profile import Ground

STATUS = {
    Kind.TREE.value: "standing",
    Kind.FELLED.value: "felled",
    Kind.GROUP.value: "group",
    Kind.GAP.value: "gap",
}
KIND_OF = {status: kind for kind, status in STATUS.items()}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    rows: int
    difference: dict[str, int]
    findings: dict[str, int]


def store(
    connection: psycopg.Connection,
    register: Cadastre,
    mapping: Mapping,
    ground: Ground,
    *,
    on: datetime.date,
) -> Imported:
    """Bring the database's trees up to the register, in the caller's transaction."""
    before = _stored(connection)
    found = cadastre_diff.compare(before, register.trees) if len(before) else None
    counts = _counts(found, len(register.trees))
    if found is not None and found.renumbered:
        old, new = zip(*found.renumbered, strict=True)
        keys = {"old": list(old), "new": list(new)}
        connection.execute(query("tree_renumber_free"), {"new": list(new)})
        connection.execute(query("tree_renumber"), keys)
    _write(connection, register, mapping, ground, on=on)
    reasons = register.findings["reason"].map(flag_of).value_counts()
    findings = {str(reason): int(number) for reason, number in reasons.items()}
    connection.execute(
        query("register_import_store"),
        {
            "source": mapping.source,
            "rows_read": len(register.trees),
            "difference": json.dumps(counts),
            "findings": json.dumps(findings),
        },
    )
    told = event(
        "trees.imported",
        actor=Actor("person", "operator:cli"),
        subject=Subject("register", "trees"),
        data={"rows": len(register.trees), "added": counts["added"], "gone": counts["removed"]},
    )
    connection.execute(query("audit_record"), outbox.parameters(told))
    return Imported(len(register.trees), counts, findings)


def flag_of(reason: str) -> str:
    """Shorten a finding to the flag a tree carries.

    >>> flag_of("girth_cm above 1000 or negative"), flag_of("number repeated")
    ('girth_cm implausible', 'number repeated')
    """
    short = re.sub(r" (above .*|outside \d.*)$", " implausible", reason)
    return "outside the city" if short.startswith("outside ") else short


def _counts(found: Difference | None, rows: int) -> dict[str, int]:
    """How many of each; a first import only adds."""
    if found is None:
        return {"added": rows, "removed": 0, "renumbered": 0, "moved": 0}
    counts = {
        "added": len(found.added),
        "removed": len(found.removed),
        "renumbered": len(found.renumbered),
        "moved": len(found.moved),
    }
    return counts | {f"changed {field}": len(keys) for field, keys in found.changed.items()}


def _stored(connection: psycopg.Connection) -> pd.DataFrame:
    """The trees of the last import, in the register's own words."""
    cursor = connection.execute(query("tree_register"))
    names = [column.name for column in cursor.description or []]
    trees = pd.DataFrame(cursor.fetchall(), columns=names)
    numbers = ["longitude_deg", "latitude_deg", "girth_cm", "height_m", "crown_m", "planted_year"]
    trees[numbers] = trees[numbers].astype(np.float64)
    trees["kind"] = trees.pop("status").map(KIND_OF)
    return trees


def _write(
    connection: psycopg.Connection,
    register: Cadastre,
    mapping: Mapping,
    ground: Ground,
    *,
    on: datetime.date,
) -> None:
    """Copy into a table of the transaction, then change what differs and add what is new."""
    trees = register.trees
    inputs = tree_inputs.derive(trees, ground, year=on.year)
    flags = _flags(register.findings)
    columns: list[list[Any]] = [
        trees["tree_key"].tolist(),
        trees["number"].tolist(),
        trees["kind"].map(STATUS).tolist(),
        *(trees[name].tolist() for name in ("genus", "species", "species_german")),
        *(_known(trees[name]) for name in ("planted_year", "girth_cm", "crown_m", "height_m")),
        *(trees[name].tolist() for name in ("street", "area")),
        *(_known(trees[name]) for name in ("longitude_deg", "latitude_deg")),
        [_array_text(flags.get(key, ())) for key in trees["tree_key"].tolist()],
        _known(pd.Series(inputs.site_age_years)),
        inputs.age_source,
        inputs.pit_m2.tolist(),
        inputs.pit_is_default,
        inputs.soil,
        inputs.soil_is_default,
        *(
            values.tolist()
            for values in (
                inputs.capacity_mm,
                inputs.catchment_m2,
                inputs.interception_share,
                inputs.demand_factor,
                inputs.easy_share,
            )
        ),
    ]
    connection.execute(query("tree_arrivals"))
    with connection.cursor().copy(query("tree_arrivals_copy")) as copy:
        for lines in _csv(columns):
            copy.write(lines)
    values = {"source": mapping.source, "seen_on": on}
    for name in ("tree_change", "tree_add", "tree_inputs_change", "tree_inputs_add", "tree_gone"):
        connection.execute(query(name), values)


def _csv(columns: list[list[Any]], *, at_once: int = 20_000) -> Iterator[str]:
    """Rows as CSV, many in one text: None is an empty field."""
    rows = zip(*columns, strict=True)
    while some := list(islice(rows, at_once)):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(some)
        yield text.getvalue()


@cache
def _array_text(words: tuple[str, ...]) -> str:
    """Words as PostgreSQL writes an array; flags hold neither quotes nor backslashes.

    >>> _array_text(("number repeated", "species unknown"))
    '{"number repeated","species unknown"}'
    """
    return "{" + ",".join(f'"{word}"' for word in words) + "}"


def _flags(findings: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The flags of each tree, each once."""
    short = {reason: flag_of(reason) for reason in findings["reason"].unique()}
    found: dict[str, tuple[str, ...]] = {}
    flags = findings["reason"].map(short).tolist()
    for key, flag in zip(findings["tree_key"].tolist(), flags, strict=True):
        mine = found.get(key, ())
        if flag not in mine:
            found[key] = (*mine, flag)
    return found


def _known(values: pd.Series) -> list[Any]:
    """Numbers with None where unknown; whole years without a decimal point."""
    if values.name == "planted_year":
        values = np.trunc(values).astype("Int64")
    known = values.astype(object)
    return known.where(values.notna(), None).tolist()
