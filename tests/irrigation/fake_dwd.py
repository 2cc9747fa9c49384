"""DWD's open data host, played on this machine behind an ordinary HTTPS proxy.

wetterdienst runs unchanged: it is told of the proxy as it would be in a town hall, and the test's
own authority vouches for the host. Files and listings have DWD's names and forms.
"""

from __future__ import annotations

import gc
import io
import ssl
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOSTS = ("opendata.dwd.de", "www.dwd.de")


@dataclass
class OpenData:
    """The host's files by path, and what was asked of it."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    failures_left: int = 0  # answers of 503 before the next good one
    port: int = 0

    def listing(self, path: str) -> bytes | None:
        """An Apache-like index of a folder; None where nothing lies below it."""
        below = sorted(
            {name[len(path) :].split("/")[0] for name in self.files if name.startswith(path)}
        )
        if not below:
            return None
        deep = {name for name in below if (path + name) not in self.files}
        rows = "\n".join(
            f'<a href="{name}{"/" if name in deep else ""}">{name}</a>  22-Nov-2026 06:00  1234'
            for name in below
        )
        page = f"<html><body><h1>Index of {path}</h1><pre>{rows}</pre></body></html>"
        return page.encode()


@contextmanager
def open_data(folder: Path) -> Iterator[tuple[OpenData, Path]]:
    """Serve until the block ends; yield the host and the file of the authority to trust."""
    host = OpenData()
    authority, certificate = _certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_CONNECT(self) -> None:
            self.send_response(200)
            self.end_headers()
            if not self.path.startswith(HOSTS):
                self.close_connection = True
                return
            tunnel = context.wrap_socket(self.connection, server_side=True)
            self.connection = tunnel
            self.rfile = tunnel.makefile("rb")
            self.wfile = tunnel.makefile("wb")
            self.close_connection = False

        def finish(self) -> None:
            """Close the tunnel too; the server knows only the socket it was made from."""
            with suppress(OSError, ValueError):
                super().finish()
            self.connection.close()

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            path = unquote(self.path.split("?")[0])
            host.asked.append(path)
            body = host.files.get(path)
            if body is None and path.endswith("/"):
                body = host.listing(path)
            status = 404 if body is None else 200
            if host.failures_left > 0:
                host.failures_left -= 1
                status, body = 503, b"busy"
            body = body or b""
            self.send_response(status)
            kind = "text/html" if path.endswith("/") else "application/octet-stream"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Last-Modified", format_datetime(datetime.now(UTC), usegmt=True))
            self.end_headers()
            if with_body:
                self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    host.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host, authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
        gc.collect()  # whatever the client left open is complained of here, not in another test


def zipped(name: str, content: bytes) -> bytes:
    """A ZIP archive with one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


KLIMA = "/climate_environment/CDC/observations_germany/climate/daily/kl/"
STATIONS = "KL_Tageswerte_Beschreibung_Stationen.txt"
MOSMIX = "/weather/local_forecasts/mos/MOSMIX_L/single_stations/{0}/kml/"
CATALOGUE = "/DE/leistungen/met_verfahren_mosmix/mosmix_stationskatalog.cfg"


def publish_climate(host: OpenData, station_id: str, table: bytes, *, until: str) -> None:
    """Put a station's recent daily file and the list of stations where DWD has them."""
    columns = "Stations_id von_datum bis_datum Stationshoehe geoBreite geoLaenge Stationsname"
    rule = "----------- --------- --------- ------------- --------- --------- " + "-" * 41
    row = f"{station_id} 18340101 {until}             76     52.1029   11.5827 Magdeburg"
    row = row.ljust(102) + "Sachsen-Anhalt".ljust(41) + "Frei"
    text = f"{columns} Bundesland Abgabe\r\n{rule} ---------- ------\r\n{row}\r\n"
    for period in ("recent/", "historical/"):
        host.files[KLIMA + period + STATIONS] = text.encode("latin-1")
    name = f"produkt_klima_tag_20241121_{until}_{station_id}.txt"
    packed = zipped(name, table)
    host.files[f"{KLIMA}recent/tageswerte_KL_{station_id}_akt.zip"] = packed


def publish_mosmix(
    host: OpenData, place: str, first: datetime, elements: dict[str, list[float | None]]
) -> None:
    """Put a MOSMIX_L run for one place, one value an hour from `first` on."""
    head = "id    ICAO name                 nb.    el.     elev"
    rule = "----- ---- -------------------- ------ ------- -----"
    row = f"{place:<5} ---- {'MAGDEBURG':<20} {'52.06':>6} {'11.35':>7} {'79':>5}"
    host.files[CATALOGUE] = "\n".join([head, rule, row, ""]).encode("latin-1")
    hours = len(next(iter(elements.values())))
    steps = "".join(
        f"<dwd:TimeStep>{(first + timedelta(hours=n)).isoformat(timespec='milliseconds')}"
        "</dwd:TimeStep>".replace("+00:00", "Z")
        for n in range(hours)
    ).replace("+00:00", "Z")
    values = "".join(
        f'<dwd:Forecast dwd:elementName="{name}"><dwd:value>'
        + " ".join("-" if one is None else f"{one:.2f}" for one in series)
        + "</dwd:value></dwd:Forecast>"
        for name, series in elements.items()
    )
    issued = first.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    kml = f"""<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?>
<kml:kml xmlns:dwd="https://opendata.dwd.de/weather/lib/pointforecast_dwd_extension_V1_0.xsd"
 xmlns:kml="http://www.opengis.net/kml/2.2"><kml:Document><kml:ExtendedData>
<dwd:ProductDefinition><dwd:Issuer>Deutscher Wetterdienst</dwd:Issuer>
<dwd:ProductID>MOSMIX</dwd:ProductID><dwd:GeneratingProcess>DWD MOSMIX hourly, Version 1.0
</dwd:GeneratingProcess><dwd:IssueTime>{issued}</dwd:IssueTime>
<dwd:ForecastTimeSteps>{steps}</dwd:ForecastTimeSteps></dwd:ProductDefinition>
</kml:ExtendedData><kml:Placemark><kml:name>{place}</kml:name>
<kml:description>MAGDEBURG</kml:description><kml:ExtendedData>{values}</kml:ExtendedData>
<kml:Point><kml:coordinates>11.58,52.10,79.0</kml:coordinates></kml:Point></kml:Placemark>
</kml:Document></kml:kml>"""
    name = f"MOSMIX_L_{first:%Y%m%d%H}_{place}"
    folder = MOSMIX.format(place)
    host.files[f"{folder}{name}.kmz"] = zipped(f"{name}.kml", kml.encode("latin-1"))


def _certificates(folder: Path) -> tuple[Path, Path]:
    """A test authority, and the host's key and certificate signed by it."""
    now = datetime.now(UTC)
    hosts = [x509.DNSName(host) for host in HOSTS]
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in ("test", HOSTS[0])
    ]

    def build(subject: int) -> x509.Certificate:
        made = (
            x509.CertificateBuilder()
            .subject_name(names[subject])
            .issuer_name(names[0])
            .public_key(keys[subject].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=subject == 0, path_length=None), True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(keys[subject].public_key()), False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), False
            )
        )
        if subject == 0:
            usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
            made = made.add_extension(usage, True)
        else:
            made = made.add_extension(x509.SubjectAlternativeName(hosts), False)
        return made.sign(keys[0], hashes.SHA256())

    authority, certificate = folder / "authority.pem", folder / "host.pem"
    pem = serialization.Encoding.PEM
    authority.write_bytes(build(0).public_bytes(pem))
    key = keys[1].private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate.write_bytes(key + build(1).public_bytes(pem))
    return authority, certificate
