"""`stadtwart vision`: evaluate a model; train and release one (with the train extra)."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

from vision.errors import DataError, VisionError
from vision.runtime import model_file
from vision.training.data import commands as data_commands


def main(argv: list[str] | None = None) -> int:
    """Run one verb; results go to stdout, progress to stderr."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given = _parser().parse_args(argv)
    try:
        return int(given.run(given))
    except VisionError as error:
        print(f"vision: {error}", file=sys.stderr)
        return error.exit_code
    except FileNotFoundError as error:
        is_of_system = error.filename is not None
        said = f"{error.filename} is missing: name a file or folder that exists"
        print(f"vision: {said if is_of_system else error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        is_ours = str(error.name).startswith("vision.")
        said = "these weights are another version's: export them with that one"
        remedy = said if is_ours else "pip install 'stadtwart[train]'"
        print(f"vision: {error.name} is missing: {remedy}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart vision", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    evaluate = verbs.add_parser("evaluate", help="measure a model on labelled pictures")
    evaluate.add_argument("--images", type=Path, required=True, help="folder of .jpg or .png")
    evaluate.add_argument("--labels", type=Path, required=True, help="folder of YOLO label files")
    evaluate.add_argument("--model", type=Path, help="model.onnx with card.json beside it")
    evaluate.add_argument("--classes", nargs="+", help="damage classes that the labels name")
    evaluate.add_argument("--manifest", type=Path, help="manifest.csv: intervals by road")
    evaluate.add_argument("--odometer", type=Path, help="drive.csv: false alarms per km")
    evaluate.add_argument("--json", action="store_true", help="print JSON instead of a table")
    evaluate.set_defaults(run=_evaluate)
    bad = verbs.add_parser("robustness", help="what is lost in bad light, weather and dirt")
    bad.add_argument("--images", type=Path, required=True, help="folder of .jpg or .png")
    bad.add_argument("--labels", type=Path, required=True, help="folder of YOLO label files")
    bad.add_argument("--classes", nargs="+", default=["D40"], help="damage classes")
    bad.add_argument("--model", type=Path, help="model.onnx with card.json beside it")
    bad.add_argument("--every", type=int, default=1, help="take every n-th picture only")
    bad.set_defaults(run=_robustness)
    quality = verbs.add_parser("quality", help="how often the quality rules refuse frames")
    quality.add_argument("--images", type=Path, required=True, help="folder of clean pictures")
    quality.set_defaults(run=_quality)
    energy = verbs.add_parser("energy", help="measure Wh per 1,000 frames into the model's card")
    energy.add_argument("--frames", type=Path, required=True, help="folder of a camera's frames")
    energy.add_argument("--power-w", type=float, help="of this machine, where no counter is read")
    energy.add_argument("--model", type=Path, help="model.onnx with card.json beside it")
    energy.set_defaults(run=_energy)
    data_commands.add(verbs)
    train = verbs.add_parser("train", help="train from a recipe; the same command resumes")
    train.add_argument("--recipe", type=Path, required=True)
    train.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    train.add_argument("--weights", type=Path, required=True, help="folder of starting weights")
    train.add_argument("--out", type=Path, required=True, help="folder of the run")
    train.set_defaults(run=_train)
    cross = verbs.add_parser("crossval", help="short trainings: regions left out, fewer roads")
    cross.add_argument("--recipe", type=Path, required=True)
    cross.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    cross.add_argument("--weights", type=Path, required=True, help="folder of starting weights")
    cross.add_argument("--out", type=Path, required=True, help="folder of the trainings")
    cross.add_argument("--epochs", type=int, default=8, help="of each training (default 8)")
    cross.add_argument("--card", type=Path, help="model folder whose card is to tell the result")
    cross.set_defaults(run=_crossval)
    compare = verbs.add_parser("compare", help="measure other models beside a card's own")
    compare.add_argument("--card", type=Path, required=True, help="model folder to tell the result")
    compare.add_argument(
        "--with",
        dest="others",
        action="append",
        default=[],
        metavar="NAME=MODEL.onnx",
        help="another model with its card.json beside it, or a training run; may be given again",
    )
    compare.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    compare.add_argument("--recipe", type=Path, required=True, help="which roads are which")
    compare.set_defaults(run=_compare)
    limits = verbs.add_parser("limits", help="draw a card's limits on simulated frames anew")
    limits.add_argument("--card", type=Path, required=True, help="model folder to tell the result")
    limits.add_argument("--city", type=Path, help="folder of the simulated city and its drive")
    limits.set_defaults(run=_limits)
    release = verbs.add_parser("release", help="export, prove parity, evaluate, write the card")
    release.add_argument("--run", type=Path, required=True, dest="folder", help="a training run")
    release.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    release.add_argument("--golden", type=Path, required=True, help="frames for the parity proof")
    release.add_argument("--version", required=True, help="for example 0.1.0")
    release.add_argument("--out", type=Path, default=model_file.RELEASED)
    release.set_defaults(run=_release)
    return parser


def _evaluate(given: argparse.Namespace) -> int:
    from vision.training.measure.evaluate import evaluate

    model = model_file.load(given.model or model_file.newest_release())
    result = evaluate(
        model,
        images=given.images,
        labels=given.labels,
        classes=given.classes,
        manifest=given.manifest,
        odometer=given.odometer,
    )
    if given.json:
        print(json.dumps(result, indent=1))
        return 0
    print(f"{'class':<11} {'n':>5} {'AP50':>6} {'best F1':>8} {'at score':>9}")
    rows = {**result["classes"], "any damage": result["any_damage"]}
    for name, row in rows.items():
        print(
            f"{name:<11} {row['n']:>5} {_number(row['ap50']):>6} {_number(row['best_f1']):>8} "
            f"{_number(row['threshold']):>9}"
        )
    print(
        f"false alarms per picture at the card's thresholds: "
        f"{result['false_positives_per_image']:.3f} ({result['images']} pictures)"
    )
    return 0


def _robustness(given: argparse.Namespace) -> int:
    from vision.training.measure.robustness import robustness

    model = model_file.load(given.model or model_file.newest_release())
    paths = _pictures(given.images)[:: max(given.every, 1)]
    found = robustness(model, paths, labels=given.labels, classes=given.classes)
    print(json.dumps({"model_sha256": model.card.sha256, **found}, indent=1))
    return 0


def _pictures(folder: Path) -> list[Path]:
    """Return the pictures of a folder and its sub-folders."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".jpg", ".png"})
    if not paths:
        raise FileNotFoundError(f"{folder} holds no .jpg or .png: name a folder of pictures")
    return paths


def _quality(given: argparse.Namespace) -> int:
    from vision.training.measure.quality_check import check

    print(json.dumps(check(_pictures(given.images)), indent=1))
    return 0


def _energy(given: argparse.Namespace) -> int:
    from vision import energy

    path = given.model or model_file.newest_release()
    found = energy.measure(model_file.load(path), given.frames, stated_w=given.power_w)
    energy.write(path.parent, found)
    print(json.dumps(found, indent=1))
    return 0


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _train(given: argparse.Namespace) -> int:
    from vision.training import recipe
    from vision.training.fit.train import train

    train(recipe.load(given.recipe), data=given.data, weights=given.weights, out=given.out)
    return 0


def _crossval(given: argparse.Namespace) -> int:
    from vision.training import recipe
    from vision.training.data import manifest
    from vision.training.fit.train import train
    from vision.training.measure import crossval
    from vision.training.release import card
    from vision.training.release.build import unreleased

    def trained(part: recipe.Recipe, folder: Path) -> Path:
        taught = given.out / "taught"
        train(part, data=given.data, weights=given.weights, out=folder, taught=taught)
        return unreleased(folder)

    plan = recipe.load(given.recipe)
    pictures = [p for name in plan.data.sources for p in manifest.read(given.data / name)]
    found = crossval.run(plan, pictures, epochs=given.epochs, out=given.out, train=trained)
    if given.card:
        card.amend(given.card, crossval=found)
    print(json.dumps(found, indent=1))
    return 0


def _compare(given: argparse.Namespace) -> int:
    from vision.training import recipe
    from vision.training.release import card
    from vision.training.release.compare import compare

    others = {}
    for pair in given.others:
        name, sign, path = pair.partition("=")
        if not (name and sign and path):
            raise DataError(f"--with {pair}: write NAME=MODEL.onnx or NAME=RUN, as in first=runs/1")
        others[name] = _exported(Path(path))
    plan = recipe.load(given.recipe)
    found = compare(given.card, others, data=given.data, recipe=plan)
    card.amend(given.card, compared=found)
    print(json.dumps(found, indent=1))
    return 0


def _exported(path: Path) -> Path:
    """Return a model file as it is; export a training run (needs the train extra)."""
    if not path.is_dir():
        return path
    from vision.training.release.build import unreleased

    return unreleased(path)


def _limits(given: argparse.Namespace) -> int:
    from vision.training.release import card, limit_pictures

    found = limit_pictures.draw(given.card, given.city or limit_pictures.CITY)
    card.amend(given.card, limit_pictures=found)
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return 0


def _release(given: argparse.Namespace) -> int:
    from vision.training.release.build import release

    folder = release(
        given.folder,
        data=given.data,
        golden_frames=given.golden,
        version=given.version,
        out=given.out,
    )
    print(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
