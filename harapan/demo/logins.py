"""Who may sign in to a demonstration, with what, and the code of a second factor for whoever sits at this machine."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt

from harapan.accounts.models import Post, User
from harapan.accounts.roles import catalogue
from harapan.core.errors import Refused
from harapan.database.places import secret
from harapan.demo.clock import NOW
from harapan.demo.staffing import DEMO_ADDRESS
from harapan.regions.models import Region
from harapan.regions.naming import display_name

SHOWN_REGENCY = 6_305_000_000  # Tapin: the sample files are about it


def password() -> str:
    """The one password of this installation's demonstration: its own, and the same whenever asked."""
    digest = base64.b32encode(hashlib.sha256(secret("demo")).digest()).decode().lower()
    return f"sasirangan-{digest[:4]}-{digest[4:8]}"


@dataclass(frozen=True, slots=True)
class Login:
    """One way in: a role, where, and whether a code is asked after the password."""

    role: str
    place: str
    username: str
    second_factor: bool


def one_per_role() -> list[Login]:
    """One user of the demonstration for each role, in Tapin where the role has one there. Needs a scope."""
    posts = (
        Post.objects.filter(user__email__endswith=DEMO_ADDRESS).select_related("user").order_by("role_code", "user_id")
    )
    names = dict(
        Region.objects.filter(level__lte=3, no__in={n for p in posts for n in p.region_nos}).values_list("no", "name")
    )
    found: dict[str, Post] = {}
    for post in posts:
        here = any(SHOWN_REGENCY <= no < SHOWN_REGENCY + 10**6 for no in post.region_nos)
        if post.role_code not in found or (here and not _shown(found[post.role_code])):
            found[post.role_code] = post
    return [_login(found[code], names) for code in catalogue() if code in found]


def _shown(post: Post) -> bool:
    return any(SHOWN_REGENCY <= no < SHOWN_REGENCY + 10**6 for no in post.region_nos)


def _login(post: Post, names: dict[int, str]) -> Login:
    place = ", ".join(display_name(no, names[no]) for no in post.region_nos) or "Indonesia"
    return Login(post.title_on(NOW), place, post.user.username, post.role.second_factor)


def current_code(username: str, *, at: float | None = None) -> str:
    """The code of a demonstration user's second factor now. Raises Refused for anybody else, and who needs none.

    Whoever can run this holds the installation's keys already; a true user's code is never told.
    """
    user = User.objects.filter(username=username, email__endswith=DEMO_ADDRESS).first()
    if user is None:
        raise Refused(
            f"Pengguna {username!r} bukan pengguna peragaan, jadi kodenya tidak dapat diminta di sini. "
            "Lihat daftarnya dengan `harapan demo`."
        )
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if found is None:
        raise Refused(f"Pengguna {username} masuk tanpa kode; cukup kata sandinya.")
    counter = int(time.time() if at is None else at) // app_settings.TOTP_PERIOD
    return str(format_hotp_value(hotp_value(decrypt(found.data["secret"]), counter)))
