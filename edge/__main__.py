"""The truck's command: run a drive, upload what waits, look into the spool, examine the truck."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from edge import camera_commands
from edge.boundary import read_boundary
from edge.city import City, read_token
from edge.city_news import News, Standing
from edge.device_key import ensure_key
from edge.doctor import examine
from edge.drive import read_drive
from edge.enrol import enrol
from edge.errors import EdgeError, PostponedError, SettingsError
from edge.outbox import Outbox
from edge.progress import Progress
from edge.result import print_result
from edge.run import Tell, Truck, run_id_of, work_through
from edge.settings import Settings, key_file, read_settings, spool_file, token_file
from edge.spool import Spool
from edge.upload import BackOff, Sent, Upload
from vision.errors import UnknownModelError
from vision.runtime import model_file

logger = logging.getLogger(__name__)

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Carry out one command; return its exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    given = _parser().parse_args(argv)
    try:
        settings = read_settings(
            url=given.url,
            token_file=given.token_file,
            device_id=given.device_id,
            spool_file=given.spool,
        )
        return int(given.carry_out(given, settings))
    except (EdgeError, UnknownModelError) as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted: what was seen is kept, run it again to go on", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart edge", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--spool", type=Path, help="file of the queue (EDGE_SPOOL_FILE)")
    common.add_argument("--url", help="the city's address (EDGE_URL)")
    common.add_argument("--token-file", type=Path, help="file with the token (EDGE_TOKEN_FILE)")
    common.add_argument("--device-id", help="name of this truck (EDGE_DEVICE_ID)")
    common.add_argument("--json", action="store_true", help="print the result as JSON")
    verbs = parser.add_subparsers(required=True, metavar="verb")

    run = verbs.add_parser("run", parents=[common], help="work through a drive, then upload")
    run.add_argument("--drive", type=Path, required=True, help="folder of pictures or a film")
    run.add_argument(
        "--track", type=Path, help="GPX or CSV, where it does not lie beside the drive"
    )
    run.add_argument("--model", type=Path, help="a released model.onnx instead of the newest")
    run.add_argument("--no-upload", action="store_true", help="leave everything in the spool")
    run.add_argument("--progress", action="store_true", help="show progress on stderr")
    run.set_defaults(carry_out=_run)

    upload = verbs.add_parser("upload", parents=[common], help="send the city what waits")
    upload.set_defaults(carry_out=_upload)

    enrol = verbs.add_parser(
        "enrol", parents=[common], help="introduce this truck's key; get its token"
    )
    enrol.add_argument("--code", required=True, help="from `stadtwart tokens enrol DEVICE`, once")
    enrol.set_defaults(carry_out=_enrol)

    status = verbs.add_parser("status", parents=[common], help="say how the truck stands, offline")
    status.add_argument("--model", type=Path, help="a released model.onnx instead of the newest")
    status.set_defaults(carry_out=_status)

    spool = verbs.add_parser("spool", parents=[common], help="look into the queue")
    spool.add_argument("action", choices=["list", "retry"], help="show it, or unpark everything")
    spool.set_defaults(carry_out=_spool)

    bounds = verbs.add_parser("bounds", parents=[common], help="print the box around a track")
    bounds.add_argument("--drive", type=Path, required=True, help="folder of pictures or a film")
    bounds.add_argument("--track", type=Path, help="GPX or CSV, where it lies elsewhere")
    bounds.set_defaults(carry_out=_bounds)

    camera_commands.add(verbs, common)

    doctor = verbs.add_parser("doctor", parents=[common], help="say what is missing")
    doctor.add_argument("--model", type=Path, help="a released model.onnx instead of the newest")
    doctor.set_defaults(carry_out=_doctor)
    return parser


def _run(given: argparse.Namespace, settings: Settings) -> int:
    """Work through a drive, upload, and say what came of it."""
    city = None if given.no_upload else _city(settings)
    model = model_file.load(
        given.model or model_file.newest_release(),
        threads=settings.threads,
        engine_name=settings.engine,
    )
    boundary = read_boundary(settings.boundary_file) if settings.boundary_file else None
    drive = read_drive(given.drive, track_file=given.track, start=settings.drive_start)
    spool = _open_spool(settings)
    try:
        now = datetime.now(UTC)
        run_id = run_id_of(drive, model, settings, boundary)
        key = ensure_key(key_file(settings))
        news = News(spool_file(settings))
        if city is not None:
            news.ask(city, now=now)
        standing = _standing(news, model.card.sha256, now)
        streets = news.streets()
        truck = Truck(drive, model, settings, spool, boundary, now, run_id, key, streets)
        known_frames = spool.progress_of(str(run_id))[0].frames_seen
        begun_s = time.monotonic()
        progress = work_through(truck, tell=_teller(given.progress, len(drive.source)))
        seconds = time.monotonic() - begun_s
        sent, postponed = _send(spool, settings, city)
        result = summary(progress, spool, sent)
        frames = progress.frames_seen - known_frames
        result |= {
            "model_standing": standing.state,
            "model_asked_at": standing.asked_at and standing.asked_at.isoformat(),
            "frames_known_before": known_frames,
            "seconds": round(seconds, 2),
            "frames_per_s": round(frames / seconds, 2) if frames and seconds else None,
        }
    finally:
        spool.close()
    print_result(result, given.json)
    if postponed is not None:
        raise postponed
    return 0


def _upload(given: argparse.Namespace, settings: Settings) -> int:
    """Send what waits."""
    city = _city(settings)
    spool = _open_spool(settings)
    try:
        News(spool_file(settings)).ask(city, now=datetime.now(UTC))
        sent, postponed = _send(spool, settings, city)
        content = spool.content()
    finally:
        spool.close()
    print_result(
        {
            "uploaded": sent.sightings,
            "pictures_uploaded": sent.pictures,
            "waiting": content.waiting,
            "parked": content.parked,
        },
        given.json,
    )
    if postponed is not None:
        raise postponed
    return 0


def _enrol(given: argparse.Namespace, settings: Settings) -> int:
    """Make the key where there is none, bring it to the city, keep the token."""
    print_result(enrol(settings, given.code), given.json)
    return 0


def _status(given: argparse.Namespace, settings: Settings) -> int:
    """Say what waits, and how the model stood when the city was asked last."""
    path = given.model or model_file.newest_release()
    sha256 = model_file.read_card(path.with_name("card.json")).sha256
    news = News(spool_file(settings))
    standing = news.standing(sha256, now=datetime.now(UTC))
    spool = _open_spool(settings)
    try:
        content = spool.content()
    finally:
        spool.close()
    print_result(
        {
            "device_id": settings.device_id,
            "model_sha256": sha256,
            "model_standing": standing.state,
            "model_says": standing.says,
            "street_map": news.map_file.is_file(),
            "waiting": content.waiting,
            "pictures": content.pictures,
            "coverage": content.coverage,
            "parked": content.parked,
            "dropped": content.dropped,
        },
        given.json,
    )
    return 0


def _spool(given: argparse.Namespace, settings: Settings) -> int:
    """Show what lies in the spool, or let what is parked wait again."""
    spool = _open_spool(settings)
    try:
        retried = spool.retry() if given.action == "retry" else 0
        content = spool.content()
        parked = [{"kind": one.kind, "id": one.id, "reason": one.reason} for one in spool.parked()]
    finally:
        spool.close()
    print_result(
        {
            "waiting": content.waiting,
            "pictures": content.pictures,
            "parked": parked,
            "retried": retried,
            "dropped": content.dropped,
        },
        given.json,
    )
    return 0


def _bounds(given: argparse.Namespace, settings: Settings) -> int:
    """Print west, south, east, north of a drive's track in degrees, as a JSON list."""
    drive = read_drive(given.drive, track_file=given.track, start=settings.drive_start)
    places = [fix.place for fix in drive.track.fixes]
    longitudes = [place.longitude_deg for place in places]
    latitudes = [place.latitude_deg for place in places]
    print(json.dumps([min(longitudes), min(latitudes), max(longitudes), max(latitudes)]))
    return 0


def _doctor(given: argparse.Namespace, settings: Settings) -> int:
    """Examine the truck; 0 when nothing is missing."""
    findings = examine(settings, given.model)
    if given.json:
        print(json.dumps({one.check: {"good": one.is_good, "says": one.says} for one in findings}))
    else:
        for one in findings:
            print(f"{'ok     ' if one.is_good else 'missing'} {one.check}: {one.says}")
    return 0 if all(one.is_good for one in findings) else 1


def _standing(news: News, model_sha256: str, now: datetime) -> Standing:
    """Look up how the model stands, and tell the operator in the log."""
    standing = news.standing(model_sha256, now=now)
    tell = logger.info if standing.state == "approved" else logger.warning
    tell("%s", standing.says)
    return standing


def _city(settings: Settings) -> City:
    if settings.url is None:
        raise SettingsError("no city address: set EDGE_URL or --url, or run with --no-upload.")
    token = read_token(token_file(settings))
    return City(settings.url, token, timeout_s=settings.request_timeout_s)


def _open_spool(settings: Settings) -> Spool:
    return Spool(spool_file(settings), limit_bytes=settings.spool_limit_mb * 1_000_000)


def _send(
    spool: Spool, settings: Settings, city: City | None
) -> tuple[Sent, PostponedError | None]:
    """Upload what waits; a city that does not take it is no reason to lose the summary."""
    sent = Sent()
    if city is None:
        return sent, None
    back_off = BackOff(
        settings.backoff_first_s, settings.backoff_limit_s, settings.patience_s, time.sleep
    )
    outbox = Outbox(spool.file, settings.device_id)
    with city:
        try:
            Upload(spool, outbox, city, back_off, settings.batch_sightings, sent).run()
        except PostponedError as error:
            return sent, error
    return sent, None


def summary(progress: Progress, spool: Spool, sent: Sent) -> dict[str, object]:
    """Put together what came of a drive; frames seen = assessed + all dropped."""
    content = spool.content()
    return {
        "frames_seen": progress.frames_seen,
        "frames_assessed": progress.frames_assessed,
        "frames_dropped": progress.frames_dropped,
        "detections_ignored": progress.detections_ignored,
        "metres": progress.metres,
        "sightings": progress.sightings,
        "pictures": progress.pictures,
        "pictures_withheld": progress.pictures_withheld,
        "uploaded": sent.sightings,
        "pictures_uploaded": sent.pictures,
        "parked": content.parked,
        "waiting": content.waiting,
        "spool_dropped": content.dropped,
        "model_sha256": progress.model_sha256,
    }


def _teller(is_wanted: bool, total: int) -> Tell:
    """Return what shows progress on stderr, at most twice a second."""
    told_at_s = 0.0

    def tell(progress: Progress) -> None:
        nonlocal told_at_s
        now_s = time.monotonic()
        seen, found = progress.frames_seen, progress.sightings + len(progress.open_sightings)
        if is_wanted and (now_s - told_at_s >= 0.5 or seen == total):
            told_at_s = now_s
            line = f"progress frame={seen}/{total} sightings={found}"
            print(line, file=sys.stderr, flush=True)

    return tell


if __name__ == "__main__":
    sys.exit(main())
