"""Certificates on paper: one page each, the same bytes whenever they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Any

from harapan.files import documents
from harapan.training.certificates.wording import Printed
from harapan.training.models import CertificateVersion

TEMPLATE = Path(__file__).with_name("sttpp.typ")


def render(versions: Sequence[CertificateVersion], *, address: str) -> bytes:
    """PDF/A of one or several, dated by the latest. `address`: of this installation, which the QR leads to."""
    at = max(each.made_at for each in versions).astimezone(UTC)
    pages = [_page(each, address.rstrip("/")) for each in versions]
    return documents.render(TEMPLATE, {"pages": pages}, printed_by="", printed_at=at)


def file_name(version: CertificateVersion) -> str:
    """ "STTPP 0012-DIKLAT-P2K2-2025 RAHMI.pdf"."""
    printed = Printed.read(version.printed)
    number = printed.number.replace("/STTPP/", "-").replace("/", "-")
    return f"STTPP {number} {printed.name}.pdf"


def _page(version: CertificateVersion, address: str) -> dict[str, Any]:
    checked = f"{address}/sertifikat/periksa/"
    return {
        **asdict(Printed.read(version.printed)),
        "version": version.version,
        "code": " ".join(version.code[place : place + 4] for place in range(0, len(version.code), 4)),
        "check_page": checked,
        "qr": documents.qr(f"{checked}{version.code}/"),
    }
