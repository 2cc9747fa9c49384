"""The city's verbs of `stadtwart`: serve, load places, look after tokens and people."""

from __future__ import annotations

import argparse
import asyncio
import logging
import re
import signal
import sys
from contextlib import nullcontext
from pathlib import Path

import psycopg
import uvicorn

from api import people_command
from api.app import create_app
from api.companion import companions
from api.enrolment import LONGEST_HOURS, Offer, offer
from api.people_command import OPERATOR, PeopleError
from api.settings import Settings, SettingsError, read_settings
from api.tokens import TokensError, ensure_tokens
from gis.postgis.database import start_database
from gis.postgis.errors import DatabaseError
from gis.postgis.load_city import load_city
from gis.postgis.migrate import migrate
from gis.postgis.queries import query

logger = logging.getLogger(__name__)

DEVICE_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments, read_settings()))
    except (SettingsError, TokensError, PeopleError, DatabaseError) as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except psycopg.OperationalError as error:
        print(f"the database does not answer: {error}", file=sys.stderr)
        return DatabaseError.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    serve = verbs.add_parser("serve", help="serve the city until Ctrl-C")
    serve.add_argument("--host", help="address to listen on (API_HOST)")
    serve.add_argument("--port", type=int, help="port to listen on (API_PORT)")
    serve.set_defaults(run=_serve)
    city = verbs.add_parser("city", help="the city's places")
    inner = city.add_subparsers(dest="action", required=True)
    load = inner.add_parser("load", help="load a city folder, again whenever it has changed")
    load.add_argument("folder", type=Path, help="with city.toml, streets and districts.geojson")
    load.set_defaults(run=_load_city)
    tokens = verbs.add_parser("tokens", help="the roles' tokens")
    inner = tokens.add_subparsers(dest="action", required=True)
    show = inner.add_parser("show", help="print each role and its token")
    show.set_defaults(run=_show_tokens)
    enrol = inner.add_parser("enrol", help="a one-time code with which a truck gets key and token")
    enrol.add_argument("device_id", type=_device_id, help="name of the truck, not of a person")
    enrol.add_argument(
        "--hours",
        type=int,
        choices=range(1, LONGEST_HOURS + 1),
        default=24,
        metavar="HOURS",
        help="until the code is over (24)",
    )
    enrol.set_defaults(run=_enrol)
    people = verbs.add_parser("people", help="who is inside, and the emergency account")
    people_command.add_verbs(people)
    people.set_defaults(run=_people)
    return parser


def _serve(arguments: argparse.Namespace, settings: Settings) -> int:
    url = start_database()
    migrate(url)
    tokens = ensure_tokens(settings.tokens_file)
    _say_how_people_log_in(settings, url)
    app = create_app(settings, database_url=url, tokens=tokens)
    night_hour = None if settings.night_hour < 0 else settings.night_hour
    beside = companions(url, night_hour=night_hour) if settings.companions else nullcontext()
    # uvicorn stops by itself, then gives the signal on: end the companions before ending
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with beside:
        uvicorn.run(
            app,
            host=arguments.host or settings.host,
            port=settings.port if arguments.port is None else arguments.port,
            log_level="info",
            access_log=False,  # addresses hold damage numbers, and it costs ingest a tenth
            server_header=False,
            timeout_graceful_shutdown=10,
        )
    return 0


def _load_city(arguments: argparse.Namespace, _settings: Settings) -> int:
    url = start_database()
    migrate(url)
    city = load_city(url, arguments.folder)
    print(
        f"{city.facts.name}: {len(city.streets)} street segments, {len(city.districts)} districts"
    )
    return 0


def _show_tokens(_arguments: argparse.Namespace, settings: Settings) -> int:
    for role, token in ensure_tokens(settings.tokens_file).items():
        print(f"{role}\t{token}")
    return 0


def _enrol(arguments: argparse.Namespace, settings: Settings) -> int:
    url = start_database()
    migrate(url)
    offered = asyncio.run(_offer(url, arguments.device_id, arguments.hours))
    address = settings.public_url or "https://CITY"
    print(
        f"on the truck, once, until {offered.expires_at:%Y-%m-%d %H:%M} UTC:\n"
        f"stadtwart edge enrol --url {address} --device-id {offered.device_id} "
        f"--code {offered.code}"
    )
    return 0


async def _offer(url: str, device_id: str, hours: int) -> Offer:
    async with await psycopg.AsyncConnection.connect(url) as connection:
        return await offer(connection, device_id, OPERATOR, hours=hours)


def _device_id(text: str) -> str:
    if not DEVICE_ID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r}: 2 to 40 small letters, digits and dashes")
    return text


def _people(arguments: argparse.Namespace, _settings: Settings) -> int:
    url = start_database()
    migrate(url)
    print(people_command.run(arguments, url))
    return 0


def _say_how_people_log_in(settings: Settings, url: str) -> None:
    """Warn where nobody could log in: a real city without a provider takes no role tokens."""
    with psycopg.connect(url) as connection:
        row = connection.execute(query("city_is_simulated")).fetchone()
    is_real = row is not None and not row[0]
    if settings.allow_role_tokens and is_real:
        logger.warning("role tokens of people are taken in a real city: API_ALLOW_ROLE_TOKENS")
    if is_real and not settings.allow_role_tokens and settings.oidc_issuer is None:
        logger.warning(
            "nobody but devices can log in: the city is not simulated and API_OIDC_ISSUER is not "
            "set; see docs/people.md, or `stadtwart people break-glass NAME` for an emergency"
        )


if __name__ == "__main__":
    sys.exit(main())
