"""Where the pages are reached: from this machine over HTTP, or from the local network over HTTPS.

Passwords must not cross an office network in clear, so the installation makes itself a certificate for this machine's
own addresses. Nobody vouches for it, so a browser warns once; the fingerprint shown at the start is how a person knows
it is this one.
"""

from __future__ import annotations

import os
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from harapan.database import places

HOME = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only for the local network, when asked to
LIFE = timedelta(days=365)
RENEWED_BEFORE = timedelta(days=30)


class Certificate(NamedTuple):
    """Files of certificate and key (PEM), and the certificate's SHA-256 as people compare it."""

    certificate: Path
    key: Path
    fingerprint: str


@dataclass(frozen=True)
class Door:
    """Host and port of the pages, with a certificate where others come in."""

    port: int
    host: str = HOME
    certificate: Certificate | None = None

    @classmethod
    def to_the_network(cls, port: int) -> Door:
        return cls(port, EVERYWHERE, certificate())

    @property
    def addresses(self) -> list[str]:
        """Addresses to open in a browser, this machine's own first."""
        if self.certificate is None:
            return [f"http://{HOME}:{self.port}"]
        return [f"https://{host}:{self.port}" for host in (HOME, *_network_addresses())]

    @property
    def arguments(self) -> list[str]:
        """What granian is told."""
        told = ["--host", self.host, "--port", str(self.port)]
        if self.certificate:
            told += ["--ssl-certificate", str(self.certificate.certificate), "--ssl-keyfile", str(self.certificate.key)]
        return told

    @property
    def environment(self) -> dict[str, str]:
        """What Django is told."""
        if self.certificate is None:
            return {}
        hosts = ("127.0.0.1", "localhost", "[::1]", socket.gethostname(), *_network_addresses())
        return {"HARAPAN_HTTPS": "1", "HARAPAN_HOSTS": os.environ.get("HARAPAN_HOSTS", ",".join(hosts))}

    @property
    def trust(self) -> ssl.SSLContext | None:
        """For asking our own page."""
        return ssl.create_default_context(cafile=str(self.certificate.certificate)) if self.certificate else None


def _network_addresses() -> list[str]:
    """This machine's address in the network around it; none without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent: it only asks which way a packet would go
        except OSError:
            return []
        return [str(probe.getsockname()[0])]


def certificate() -> Certificate:
    """The certificate of this installation, made anew when its addresses changed or its end is near."""
    folder = places.folder("keys")
    files = folder / "lan.crt", folder / "lan.key"
    names = ["localhost", socket.gethostname(), HOME, *_network_addresses()]
    with places.lock("lan"):
        if not _still_fits(files[0], names):
            _make(*files, names)
    made = x509.load_pem_x509_certificate(files[0].read_bytes())
    return Certificate(*files, made.fingerprint(hashes.SHA256()).hex(":").upper())


def _still_fits(path: Path, names: list[str]) -> bool:
    if not path.exists():
        return False
    kept = x509.load_pem_x509_certificate(path.read_bytes())
    held = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return held == _alternatives(names) and kept.not_valid_after_utc > datetime.now(UTC) + RENEWED_BEFORE


def _alternatives(names: list[str]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([_alternative(name) for name in names])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _make(certificate: Path, key: Path, names: list[str]) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Harapan {socket.gethostname()}"[:64])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks of phones run behind
        .not_valid_after(now + LIFE)
        .add_extension(_alternatives(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    pkcs8 = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for path, content in ((key, pkcs8), (certificate, made.public_bytes(serialization.Encoding.PEM))):
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
