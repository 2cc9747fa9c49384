"""Tree registers as cities write them: read whole, odd values named, wrong files refused."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from irrigation.__main__ import main
from irrigation.errors import CadastreError
from irrigation.trees import cadastre, cadastre_mapping, tree_inputs
from irrigation.trees.cadastre import Cadastre
from irrigation.trees.tree_profile import Ground
from tests.irrigation.a_city import MUSTERSTADT
from tests.irrigation.registers import LIME, write_halle_wfs, write_magdeburg
from tests.irrigation.shared_data import tree_file

TODAY = datetime.date(2026, 6, 1)


def _load(*paths: Path, mapping: str = "magdeburg") -> Cadastre:
    return cadastre.load(list(paths), cadastre_mapping.load(mapping), on=TODAY)


def _reasons(found: Cadastre, row: int = 0) -> set[str]:
    key = found.trees["tree_key"][row]
    return set(found.findings.loc[found.findings["tree_key"] == key, "reason"])


def test_a_lime_keeps_its_two_names_and_measures(tmp_path: Path) -> None:
    tree = _load(write_magdeburg(tmp_path, LIME)).trees.iloc[0]
    assert (tree.genus, tree.species, tree.species_german) == (
        "Tilia",
        "Tilia cordata",
        "Winterlinde",
    )
    assert (tree.girth_cm, tree.planted_year, tree.kind) == (120, 1950, "tree")


def test_an_empty_register_has_no_place_to_check(tmp_path: Path) -> None:
    with pytest.raises(CadastreError, match="no row has a position"):
        _load(write_magdeburg(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "reason", "field"),
    [
        (",120,", ",2027,", "girth_cm above 1000 or negative", "girth_cm"),
        (",14,", ",158,", "height_m above 50 or negative", "height_m"),
        (",8,", ",breit,", "crown_m is no number", "crown_m"),
        (",1950,", ",11,", "planted_year outside 1500 to 2026", "planted_year"),
        (",1950,", ",2027,", "planted_year outside 1500 to 2026", "planted_year"),
        (",1950,", ",0,", "planted_year unknown", "planted_year"),
    ],
)
def test_an_impossible_value_is_listed_and_counts_as_unknown(
    tmp_path: Path, old: str, new: str, reason: str, field: str
) -> None:
    found = _load(write_magdeburg(tmp_path, LIME.replace(old, new)))
    assert reason in _reasons(found)
    assert pd.isna(found.trees[field][0])
    listed = found.findings.loc[found.findings["reason"] == reason, "value"].tolist()
    assert listed == [new.strip(",")]


def test_a_repeated_number_keeps_both_trees_apart(tmp_path: Path) -> None:
    found = _load(write_magdeburg(tmp_path, LIME, LIME.replace("11.64", "11.65")))
    assert found.trees["tree_key"].is_unique
    assert "number repeated" in _reasons(found, 0) & _reasons(found, 1)


def test_the_same_row_twice_is_still_two_rows(tmp_path: Path) -> None:
    found = _load(write_magdeburg(tmp_path, LIME, LIME))
    assert found.trees["tree_key"].is_unique
    assert "two rows on one spot" in _reasons(found)


def test_stands_and_empty_pits_stay_but_are_no_trees(tmp_path: Path) -> None:
    stand = LIME.replace("Tilia cordata, Winterlinde", "Baumgruppe")
    gap = LIME.replace("Tilia cordata, Winterlinde", "Leerstelle").replace("11.64", "11.65")
    found = _load(write_magdeburg(tmp_path, stand, gap))
    assert found.trees["kind"].tolist() == ["group", "gap"]
    assert found.trees["genus"].tolist() == ["", ""]


def test_a_felled_tree_of_halle_is_kept_and_named(tmp_path: Path) -> None:
    path = write_halle_wfs(tmp_path, {}, {"baum_nr": "8", "gefaellt": "2025-02-01"})
    found = _load(path, mapping="halle")
    assert found.trees["kind"].tolist() == ["tree", "felled"]
    assert "no single tree: felled" in _reasons(found, 1)


def test_a_geopackage_and_a_shapefile_give_the_same_tree(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"baumnummer": ["5"], "ga_lang": ["Tilia cordata, Winterlinde"], "st_umfang": [120.0],
         "baumhoehe": [14.0], "kr_durchm": [8.0], "pflanzjahr": [1950], "strasse": ["Am Markt"],
         "gebiet": ["AMT 66"]},
        geometry=[shapely.Point(680_800, 5_777_600)],
        crs="EPSG:25832",
    )  # fmt: skip
    frame.to_file(tmp_path / "trees.gpkg")
    frame.to_file(tmp_path / "trees.shp")
    package, shape = _load(tmp_path / "trees.gpkg").trees, _load(tmp_path / "trees.shp").trees
    assert package.drop(columns=["longitude_deg", "latitude_deg"]).equals(
        shape.drop(columns=["longitude_deg", "latitude_deg"])
    )
    assert package["longitude_deg"][0] == pytest.approx(11.64, abs=0.01)


def test_swapped_axes_and_a_wrong_crs_are_refused_with_the_place_they_lead_to(
    tmp_path: Path,
) -> None:
    swapped = LIME.replace("11.64,52.12", "52.12,11.64")
    with pytest.raises(CadastreError, match=r"100% of the positions lie outside Magdeburg"):
        _load(write_magdeburg(tmp_path, swapped))
    metres = LIME.replace("11.64,52.12", "680800,5777600")
    with pytest.raises(CadastreError, match="EPSG:4326"):
        _load(write_magdeburg(tmp_path, metres))


def test_a_missing_column_names_the_columns_that_exist(tmp_path: Path) -> None:
    path = tmp_path / "trees.csv"
    path.write_text("Nr,lon,lat\n1,11.64,52.12\n")
    with pytest.raises(
        CadastreError, match=r"no column 'Gattung' or 'ga_lang'.*It has: Nr, lon, lat"
    ):
        _load(path)


def test_a_file_that_is_no_map_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trees.gpkg"
    path.write_text("not a map")
    with pytest.raises(CadastreError, match="neither a table nor a map"):
        _load(path)


def test_an_unknown_mapping_and_an_unknown_setting_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CadastreError, match="flensburg, halle, magdeburg"):
        cadastre_mapping.load("leipzig")
    path = tmp_path / "own.toml"
    path.write_text((cadastre_mapping.SHIPPED / "halle.toml").read_text() + "\n[extra]\na = 1\n")
    with pytest.raises(CadastreError, match="extra"):
        cadastre_mapping.load(str(path))


def test_the_command_reports_what_changed_since_the_last_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ash = '2 - G2,"Fraxinus excelsior, Esche",90,9,5,1990,Am Markt,AMT 66,11.66,52.13'
    oak = '3 - G3,"Quercus robur, Stieleiche",30,5,2,2024,Am Markt,AMT 66,11.67,52.13'
    elm = '4 - G4,"Ulmus laevis, Flatterulme",80,8,4,1999,Am Markt,AMT 66,11.68,52.13'
    before = write_magdeburg(tmp_path, LIME, ash, elm)
    assert main(["import", str(before), "--mapping", "magdeburg", "--out", str(tmp_path)]) == 0
    after = write_magdeburg(
        tmp_path, LIME.replace(",120,", ",124,"), oak, elm.replace("4 - G4", "9 - G9"), name="b.csv"
    )
    capsys.readouterr()
    old = str(tmp_path / "trees.parquet")
    assert main(["import", str(after), "--mapping", "magdeburg", "--before", old, "--json"]) == 0
    change = json.loads(capsys.readouterr().out)["difference"]
    assert change["added"]["first"] == ["AMT 66/Am Markt/3 - G3"]
    assert change["removed"]["first"] == ["AMT 66/Am Markt/2 - G2"]
    assert change["renumbered"]["first"] == [["AMT 66/Am Markt/4 - G4", "AMT 66/Am Markt/9 - G9"]]
    assert change["changed girth_cm"]["first"] == ["AMT 66/Am Markt/1 - G1"]
    assert change["moved"]["count"] == 0


def test_a_refused_register_ends_the_command_with_its_own_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(tmp_path / "none.csv"), "--mapping", "magdeburg"]) == 3
    assert "does not exist" in capsys.readouterr().err


def test_magdeburg_is_read_whole_with_its_known_oddities() -> None:
    found = _load(tree_file("magdeburg_trees_2024.parquet"))
    counts = found.findings["reason"].value_counts()
    assert len(found.trees) == 91_506
    assert found.trees["tree_key"].is_unique
    assert counts["planted_year unknown"] == 59_742
    assert counts["girth_cm above 1000 or negative"] == 11
    assert counts["number repeated"] == 7_799
    assert found.trees["girth_cm"].max() <= 1000


def test_flensburg_is_read_from_gauss_krueger_with_its_stands() -> None:
    found = _load(tree_file("flensburg_trees_2023.csv"), mapping="flensburg")
    assert len(found.trees) == 18_697
    assert (found.trees["kind"] == "group").sum() == 560
    assert found.trees["longitude_deg"].between(9.3, 9.55).all()


def test_a_soil_in_the_towns_own_words_tells_its_trees_apart_and_an_unknown_word_is_silence() -> (
    None
):
    mapping = cadastre_mapping.load(str(MUSTERSTADT / "trees.toml"))
    found = cadastre.load([MUSTERSTADT / "trees.csv"], mapping, on=TODAY)
    assert set(found.trees["soil"]) == {"", *mapping.soils.values()}
    unread = found.findings["reason"] == "soil is no word of the mapping"
    assert found.findings.loc[unread, "value"].tolist() == ["siehe Akte"] * 4
    standing = found.trees[found.trees["kind"] == "tree"]
    inputs = tree_inputs.derive(standing, Ground(), year=TODAY.year)
    _, sharing = np.unique(inputs.capacity_mm, return_counts=True)
    assert sharing.max() / len(standing) < 0.2, "trees that share one storage"
