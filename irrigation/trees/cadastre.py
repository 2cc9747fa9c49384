"""The city's trees in one shape, with a list of everything that does not look right.

No row is dropped: a felled tree, a stand, an empty pit and an impossible girth stay, each named.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd

from irrigation.errors import CadastreError
from irrigation.trees import cadastre_file
from irrigation.trees.cadastre_file import Register, inside
from irrigation.trees.cadastre_mapping import Mapping
from irrigation.trees.tree_profile import SoilName

MEASURES = ("girth_cm", "height_m", "crown_m", "pit_m2")


class Kind(Enum):
    """What a row of the register stands for."""

    TREE = "tree"
    GROUP = "group"  # a stand in one row: no litres can be said for it
    GAP = "gap"  # an empty pit
    FELLED = "felled"


@dataclass(frozen=True, slots=True)
class Cadastre:
    """All rows and what was found about them.

    `trees`: tree_key, number, kind, species, species_german, genus, girth_cm, height_m, crown_m,
    pit_m2, planted_year (missing = unknown), soil, street, area, longitude_deg, latitude_deg.
    `findings`: tree_key, reason, value (as the register wrote it).
    """

    trees: pd.DataFrame
    findings: pd.DataFrame


def load(paths: list[Path], mapping: Mapping, *, on: datetime.date) -> Cadastre:
    """Read one register from its files, as seen on a day (years after it are implausible)."""
    if not paths:
        raise CadastreError("no file was given to import")
    parts = [_shape(path, cadastre_file.read(path, mapping), mapping) for path in paths]
    trees = pd.concat([part[0] for part in parts], ignore_index=True)
    raw = pd.concat([part[1] for part in parts], ignore_index=True)
    _name(trees)
    findings = _judge(trees, raw, mapping, year=on.year)
    scope = ["area", "street", "number"] if mapping.number_per_street else ["number"]
    repeated = trees.duplicated(scope, keep=False) & (trees["number"] != "")
    findings.append(_finding(trees, repeated, "number repeated", trees["number"]))
    return Cadastre(trees=trees, findings=pd.concat(findings, ignore_index=True))


def summary(cadastre: Cadastre) -> dict[str, object]:
    """Counts for a person: rows, kinds, findings by reason with up to three examples."""
    trees, found = cadastre.trees, cadastre.findings
    reasons = {
        str(reason): {"count": len(rows), "examples": _examples(rows)}
        for reason, rows in found.groupby("reason")
    }
    return {
        "rows": len(trees),
        "kinds": {str(k): int(n) for k, n in trees["kind"].value_counts().items()},
        "planted_year_known": int(trees["planted_year"].notna().sum()),
        "genera": int(trees.loc[trees["genus"] != "", "genus"].nunique()),
        "findings": reasons,
    }


def _examples(rows: pd.DataFrame) -> list[dict[str, str]]:
    return [
        {"tree_key": str(row.tree_key), "value": str(row.value)} for row in rows[:3].itertuples()
    ]


def _shape(path: Path, read: Register, mapping: Mapping) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One file's rows in our columns, and beside them the values as written."""
    names, rows = mapping.columns, read.rows

    def text(columns: list[str], meaning: str) -> pd.Series:
        if not columns:
            return pd.Series("", index=rows.index, dtype=object)
        return _as_written(cadastre_file.column(path, rows, columns, meaning))

    species, german = _species(
        text(names.species, "the species"), text(names.species_german, "the German name")
    )
    trees = pd.DataFrame(
        {
            "number": text(names.number, "the tree number"),
            "species": species,
            "species_german": german,
            "street": text(names.street, "the street"),
            "area": text(names.area, "the area"),
            "soil": _soils(text(names.soil, "the soil"), mapping),
            "longitude_deg": read.longitude_deg,
            "latitude_deg": read.latitude_deg,
        }
    )
    raw = pd.DataFrame({"soil": text(names.soil, "the soil")}, index=rows.index)
    for field in (*MEASURES, "planted_year"):
        raw[field] = text(getattr(names, field), field)
        trees[field] = pd.to_numeric(raw[field].str.replace(",", "."), errors="coerce")
    felled = text(names.felled, "whether it was felled").str.casefold()
    trees["kind"] = _kinds(species, felled, mapping)
    known = ~species.str.casefold().isin([w.casefold() for w in mapping.words.unknown])
    is_plant = trees["kind"].isin([Kind.TREE.value, Kind.FELLED.value]) & known
    genus = _each(species, lambda text: (text.split() or [""])[0].capitalize())
    trees["genus"] = genus.where(is_plant, "")
    return trees.reset_index(drop=True), raw.reset_index(drop=True)


def _soils(written: pd.Series, mapping: Mapping) -> pd.Series:
    """Our names of the soils; empty where the register is silent or nobody knows its word."""
    ours = {name: name for name in get_args(SoilName)} | mapping.soils
    return _each(written, lambda word: ours.get(word.strip().casefold(), ""))


def _as_written(values: pd.Series) -> pd.Series:
    """Text of a column; missing is empty, and a whole number has no ".0" behind it."""
    there = values.notna()
    if pd.api.types.is_float_dtype(values) and (values[there] % 1 == 0).all():
        values = values.astype("Int64")
    return _each(values.astype(object).where(there, ""), str)


def _species(both: pd.Series, german: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Split "Tilia cordata, Winterlinde" where no column of its own holds the German name."""
    botanical = _each(both, lambda text: " ".join(text.partition(",")[0].split()))
    return botanical, german.where(german != "", _each(both, lambda text: text.partition(",")[2]))


def _each(values: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Change texts, equal ones once: a register has ten thousand limes."""
    which, kinds = pd.factorize(values)
    changed = np.array([change(str(kind)).strip() for kind in kinds], object)
    return pd.Series(changed[which] if len(kinds) else "", index=values.index, dtype=object)


def _kinds(species: pd.Series, felled: pd.Series, mapping: Mapping) -> pd.Series:
    words, lower = mapping.words, species.str.casefold()
    kinds = pd.Series(Kind.TREE.value, index=species.index, dtype=object)
    kinds[~felled.isin(words.standing)] = Kind.FELLED.value
    for kind, starts in ((Kind.GROUP, words.group), (Kind.GAP, words.gap)):
        if starts:
            kinds[lower.str.startswith(tuple(start.casefold() for start in starts))] = kind.value
    return kinds


def _name(trees: pd.DataFrame) -> None:
    """Give every row a key of its own.

    The key is area, street and number; where that repeats, the position in centimetres is added,
    and for two rows on one spot a count. So a key survives a re-import as long as its tree does
    not move.
    """
    key = trees["area"] + "/" + trees["street"] + "/" + trees["number"]
    unclear = key.duplicated(keep=False)
    place = trees["longitude_deg"].map("{:.7f}".format) + trees["latitude_deg"].map(
        ",{:.7f}".format
    )
    key = key.where(~unclear, key + "@" + place)
    again = key.groupby(key).cumcount()
    trees.insert(0, "tree_key", key.where(again == 0, key + "#" + (again + 1).astype(str)))


def _judge(
    trees: pd.DataFrame, raw: pd.DataFrame, mapping: Mapping, *, year: int
) -> list[pd.DataFrame]:
    """List what cannot be true, and make it unknown in `trees`."""
    findings = []
    for field in MEASURES:
        highest = getattr(mapping.limits, field)
        wrong = (trees[field] < 0) | (trees[field] > highest)
        findings.append(
            _finding(trees, wrong, f"{field} above {highest:g} or negative", raw[field])
        )
        unread = trees[field].isna() & (raw[field] != "")
        findings.append(_finding(trees, unread, f"{field} is no number", raw[field]))
        trees[field] = trees[field].where(~wrong & (trees[field] != 0))
    planted = trees["planted_year"]
    given = planted.notna() & (planted != 0)
    wrong = given & ((planted < mapping.limits.oldest_year) | (planted > year))
    reason = f"planted_year outside {mapping.limits.oldest_year} to {year}"
    findings.append(_finding(trees, wrong, reason, raw["planted_year"]))
    trees["planted_year"] = planted.where(given & ~wrong)
    unknown = trees["planted_year"].isna() & ~wrong & (trees["kind"] == Kind.TREE.value)
    findings.append(_finding(trees, unknown, "planted_year unknown", raw["planted_year"]))
    unread = (raw["soil"] != "") & (trees["soil"] == "")
    findings.append(_finding(trees, unread, "soil is no word of the mapping", raw["soil"]))
    return findings + _judge_words(trees, mapping)


def _judge_words(trees: pd.DataFrame, mapping: Mapping) -> list[pd.DataFrame]:
    where = trees["longitude_deg"].to_numpy(), trees["latitude_deg"].to_numpy()
    placed = np.isfinite(where[0]) & np.isfinite(where[1])
    outside = pd.Series(placed & ~inside(mapping, *where), index=trees.index)
    spot = (
        trees["longitude_deg"].round(7).astype(str)
        + " "
        + trees["latitude_deg"].round(7).astype(str)
    )
    no_genus = (trees["genus"] == "") & (trees["kind"] == Kind.TREE.value)
    findings = [
        _finding(trees, no_genus, "species unknown", trees["species"]),
        _finding(trees, trees["number"] == "", "number missing", trees["number"]),
        _finding(trees, pd.Series(~placed, index=trees.index), "position missing", spot),
        _finding(trees, outside, f"outside {mapping.city}", spot),
        _finding(trees, spot.duplicated(keep=False) & placed, "two rows on one spot", spot),
    ]
    for kind in (Kind.GROUP, Kind.GAP, Kind.FELLED):
        rows = trees["kind"] == kind.value
        findings.append(_finding(trees, rows, f"no single tree: {kind.value}", trees["species"]))
    return findings


def _finding(trees: pd.DataFrame, rows: pd.Series, reason: str, value: pd.Series) -> pd.DataFrame:
    keys = trees.loc[rows, "tree_key"]
    return pd.DataFrame(
        {"tree_key": keys, "reason": reason, "value": value[rows].astype(str)}, dtype=object
    )
