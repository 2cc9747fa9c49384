"""The tables of a model card: what a committee asks after the headline. Pure text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

ANY = "any_damage"


def share(value: float | None) -> str:
    """Write a figure between 0 and 1; a dash where there is none."""
    return "–" if value is None else f"{value:.3f}"


def interval(found: list[float] | None) -> str:
    """Write a 95 % interval."""
    return f"{found[0]:.3f}–{found[1]:.3f}" if found else "–"


def classes(result: dict[str, Any]) -> Iterator[str]:
    """Write precision by class, with false alarms at the released thresholds."""
    rows = {**result["classes"], "any damage": result[ANY]}
    labelled = {kind: row for kind, row in rows.items() if row["n"]}
    if labelled:
        yield "| class | n | AP50 | 95 % by road | AP50-95 | best F1 | at score |"
        yield "|---|---|---|---|---|---|---|"
    for kind, row in labelled.items():
        yield (
            f"| {kind} | {row['n']} | {share(row['ap50'])} | "
            f"{interval(row.get('ap50_interval_95'))} | {share(row.get('ap50_95'))} | "
            f"{share(row['best_f1'])} | {share(row['threshold'])} |"
        )
    alarms = {
        kind: row["false_alarms_per_picture"]
        for kind, row in result["classes"].items()
        if "false_alarms_per_picture" in row
    }
    each = "; ".join(f"{kind} {share(value)}" for kind, value in alarms.items())
    total = result["false_positives_per_image"]
    yield from ("", f"False alarms per picture at the card's thresholds: {total:.3f} ({each}).", "")
    if "alarms_per_km" in result:
        rates = result["alarms_per_km"]
        driven_km = next(iter(rates.values()))["amount"]
        told = "; ".join(
            f"{kind} {rate['per_unit']:.1f} ({rate['low']:.1f}–{rate['high']:.1f})"
            for kind, rate in rates.items()
        )
        yield (
            f"Detections on no labelled damage per km (95 %), on the {driven_km:.2f} km whose "
            f"odometer is known: {told}. Every picture of that drive shows damage: on sound road "
            "nobody has driven a kilometre."
        )
        yield ""


def slices(result: dict[str, Any]) -> Iterator[str]:
    """Write any-damage figures by country, light and sharpness, and recall by size."""
    yield "| part | pictures | n | AP50 | best F1 |"
    yield "|---|---|---|---|---|"
    for axis in ("country", "light", "sharpness"):
        for name, row in result["slices"].get(axis, {}).items():
            yield (
                f"| {axis}: {name} | {row['pictures']} | {row['n']} | {share(row['ap50'])} | "
                f"{share(row['best_f1'])} |"
            )
    yield from ("", "| size of the damage | n | found at the card's thresholds |", "|---|---|---|")
    for name, row in result["slices"]["size"].items():
        yield f"| {name} | {row['n']} | {share(row['recall'])} |"
    yield ""


def calibration(result: dict[str, Any]) -> Iterator[str]:
    """Write whether scores are shares, and what each accepted rate of false alarms costs."""
    found = result["calibration"]
    yield (
        f"Expected calibration error {share(found['ece'])} over {found['detections']} detections "
        "of any damage. A score is no probability where the columns differ:"
    )
    yield from ("", "| mean score | share right | n |", "|---|---|---|")
    for row in found["curve"]:
        yield f"| {share(row['mean_score'])} | {share(row['share_right'])} | {row['n']} |"
    yield from ("", "What a department accepts decides the threshold:", "")
    yield "| false alarms per picture | score from | damages found |"
    yield "|---|---|---|"
    for row in result["alarms"]:
        yield (
            f"| {row['false_alarms_per_picture']} | {share(row['threshold'])} | "
            f"{share(row['recall'])} |"
        )
    yield ""


def robustness(found: dict[str, Any]) -> Iterator[str]:
    """Write what bad light, weather and dirt cost, and what the quality rules refuse."""
    yield f"{found['pictures']} test pictures, spoiled by drawing (1 mild to 3 severe), potholes:"
    yield from ("", "| picture | AP50 | refused by the quality rules | AP50 of the rest |")
    yield "|---|---|---|---|"
    for name, row in found["by_corruption"].items():
        yield (
            f"| {name} | {share(row['ap50'])} | {100 * row['refused']:.0f} % | "
            f"{share(row['ap50_of_those_that_pass'])} |"
        )
    yield ""


def compared(found: dict[str, Any], own: str) -> Iterator[str]:
    """Write the models measured on the same roads, the card's own first."""
    rows = {own: found[own]} | {name: row for name, row in found.items() if name != own}
    on = found[own]
    yield (
        f"Each model was measured anew on the same roads: {on['development']['pictures']} pictures "
        f"of {on['development']['roads']} development roads, {on['test']['pictures']} pictures of "
        f"{on['test']['roads']} test roads, {on['sound']['pictures']} of them without a labelled "
        "damage. The thresholds for alarms were chosen for each by the same rule on the "
        "development roads."
    )
    yield ""
    yield (
        "| model | trained | roads | D40 n | D40 AP50 | 95 % by road | any AP50 | any best F1 | "
        "false D40 per picture without damage | false alarms per picture without damage |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for name, row in rows.items():
        for split in ("development", "test"):
            yield _compared_row(name, row, split)
    yield ""


def _compared_row(name: str, row: dict[str, Any], split: str) -> str:
    pothole, damage = row[split]["D40"], row[split][ANY]
    alarms = row["sound"] if split == "test" else {"D40": None, ANY: None}
    said = f"{name}: {row['name']} {row['version']} `{row['sha256'][:12]}`"
    return (
        f"| {said} | {trained(row['recipe'])} | {split} | {pothole['n']} | "
        f"{share(pothole['ap50'])} | {interval(pothole['ap50_interval_95'])} | "
        f"{share(damage['ap50'])} | {share(damage['best_f1'])} | {share(alarms['D40'])} | "
        f"{share(alarms[ANY])} |"
    )


def trained(recipe: dict[str, Any] | None) -> str:
    """Say in a few words what a model was trained with."""
    if recipe is None:
        return "not stated"
    width_px, height_px = recipe["input_px"]
    start = "random weights" if recipe["start"] == "random" else "COCO weights"
    return (
        f"{recipe['architecture']} from {start}, {width_px}x{height_px} px, "
        f"{recipe['epochs']} epochs, {recipe['pictures']} pictures"
    )


def limit_pictures(found: list[dict[str, Any]]) -> Iterator[str]:
    """Show what the model did on simulated frames, with words for who cannot see them."""
    yield (
        "Simulated pictures, drawn by our own simulator; dark, rain and dirt are drawn over them. "
        "Green: found, with its score. Red with an exclamation mark: a false alarm. White and "
        "dashed: a damage that is there and was not reported. Orange frame: refused by a quality "
        "rule. One picture for each limit illustrates it and measures nothing."
    )
    for one in found:
        title, alt = one["title"]["en"], one["alt"]["en"]
        yield from ("", f"**{title}.** {alt}", "", f"![{alt}]({one['file']})")
    yield ""


def crossval(found: dict[str, Any]) -> Iterator[str]:
    """Write the short trainings: regions and folds left out, fewer roads, what else was tried."""
    yield (
        f"Short trainings of {found['epochs']} epochs each, with the released recipe otherwise: "
        "they compare with each other, not with the released model. Test roads were not used."
    )
    yield from (
        "",
        "| training | trained on | measured on | D40 n | D40 AP50 | 95 % by road | any AP50 |",
    )
    yield "|---|---|---|---|---|---|---|"
    names = {
        "region left out": "without {}",
        "fold of roads": "fold {} left out",
        "share of roads": "{} of the training roads",
        "tried": "all training roads, {}",
    }
    for kind, name in names.items():
        for key, row in found.get(kind, {}).items():
            yield (
                f"| {name.format(key)} | {row['trained_pictures']} pictures, "
                f"{row['trained_roads']} roads | "
                f"{row['pictures']} pictures, {row['roads']} roads | {row['D40']['n']} | "
                f"{share(row['D40']['ap50'])} | {interval(row['D40']['ap50_interval_95'])} | "
                f"{share(row[ANY]['ap50'])} |"
            )
    if "mean of folds" in found:
        yield from ("", _mean("folds of roads", found["mean of folds"]))
    if "mean of left-out regions" in found:
        said = _mean("regions left out", found["mean of left-out regions"])
        warning = "**This is what to expect in a region the model has never seen.**"
        yield from ("", f"{said} {warning}")
    yield ""


def _mean(what: str, mean: dict[str, Any]) -> str:
    pothole, damage = mean["D40"], mean[ANY]
    return (
        f"Mean over {pothole['parts']} {what}: D40 AP50 {share(pothole['ap50'])} "
        f"({interval(pothole['ap50_interval_95'])}), best F1 {share(pothole['best_f1'])}; "
        f"any damage AP50 {share(damage['ap50'])} ({interval(damage['ap50_interval_95'])}), "
        f"best F1 {share(damage['best_f1'])}."
    )
