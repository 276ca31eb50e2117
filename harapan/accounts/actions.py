"""Making users, giving and ending posts, letting people act for others. Row changes are audited by the database."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q

from harapan.accounts.models import REGIONS_MAX, Acting, Post, User
from harapan.accounts.roles import REGION_LEVEL, Reach, Role, role
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.regions import codes
from harapan.regions.models import Region

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for another when read aloud


def create_user(
    username: str, *, name: str, by: User | None, password: str | None = None, email: str = "", staff_number: str = ""
) -> User:
    """Somebody who may sign in; without a password only after one is set. `by` None: made by setup.

    A password given by another is temporary: who signs in with it chooses their own before anything else.
    Raises Refused when the name is taken or the password is weak.
    """
    username = User.normalize_username(username.strip())
    if not username:
        raise Refused("Nama pengguna kosong. Isi satu kata tanpa spasi, misalnya nama depan dan wilayah.")
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("Nama pengguna {username!r} sudah dipakai. Pilih nama lain.", username=username)
    user = User(username=username, name=name, email=email, staff_number=staff_number)
    if password is not None:
        _refuse_weak(password, user)
    user.set_password(password)
    user.password_temporary = password is not None and by is not None
    with atomic():
        user.save()
    return user


def set_password(user: User, *, password: str, by: User) -> None:
    """Give somebody a new password, as whoever manages users does for those who forgot theirs: until they change it."""
    _refuse_weak(password, user)
    user.set_password(password)
    user.password_temporary = True
    with atomic():
        user.save(update_fields=["password", "password_temporary"])
        log.record("user.password_given", kind="user", subject=user.pk, body={"by": by.pk})


def draw_password() -> str:
    """A password to be told once and changed after signing in: four groups of four letters and digits, 79 bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def forget_second_factor(user: User, *, by: User) -> list[str]:
    """Take code app, passkeys and recovery codes from somebody who lost them; give the types taken, in order.

    Sessions stay open: a stolen phone also wants a new password, which ends them. Raises Refused where nothing was set
    up.
    """
    with atomic():
        found = Authenticator.objects.filter(user=user)
        types = sorted(found.values_list("type", flat=True))
        if not types:
            raise Refused("{user} belum memasang langkah kedua, jadi tidak ada yang dilepas.", user=user.name)
        found.delete()
        log.record("user.second_factor_forgotten", kind="user", subject=user.pk, body={"by": by.pk, "types": types})
    return types


def set_active(user: User, *, active: bool, by: User) -> None:
    """Let somebody in, or shut them out; the sessions of who is shut out end with their next request.

    Raises Refused for oneself: nobody would be left to undo it.
    """
    if not active and user.pk == by.pk:
        raise Refused(
            "{user} tidak dapat menonaktifkan diri sendiri. Minta pengelola pengguna yang lain.", user=user.name
        )
    user.is_active = active
    with atomic():
        user.save(update_fields=["is_active"])


def give_post(
    user: User,
    *,
    role_code: str,
    since: date,
    by: User | None,
    region_nos: Sequence[int] = (),
    until: date | None = None,
    letter: str = "",
) -> Post:
    """A role in a place from a day on, until (not including) another. Regions must be of the level of the role's reach.

    Raises Refused when the dates, the regions or another post of the same person do not allow it.
    """
    given = role(role_code)
    _refuse_dates(since, until)
    regions = _regions_for(given, region_nos)
    with atomic():
        _lock(user)
        _refuse_incompatible(user, given, since, until)
        same = Post.objects.filter(user=user, role_code=role_code, region_nos=regions)
        if same.filter(_overlaps(since, until)).exists():
            raise Refused(
                "{user} sudah memegang peran ini di wilayah yang sama. Akhiri dulu yang lama.", user=user.name
            )
        return Post.objects.create(
            user=user, role_code=role_code, region_nos=regions, since=since, until=until, letter=letter
        )


def end_post(post: Post, *, on: date, by: User) -> Post:
    """The post is held no longer from this day on. Raises Refused when it began later or has ended."""
    if on <= post.since:
        raise Refused("Jabatan ini mulai {since}. Pilih tanggal berakhir sesudahnya.", since=f"{post.since:%d-%m-%Y}")
    if post.until is not None and post.until <= on:
        raise Refused("Jabatan ini sudah berakhir pada {until}.", until=f"{post.until:%d-%m-%Y}")
    post.until = on
    with atomic():
        post.save(update_fields=["until"])
    return post


def let_act(
    post: Post, *, substitute: User, form: Acting.Form, since: date, until: date, letter: str, by: User
) -> Acting:
    """Let somebody fill another's post (Plt., Plh., a.n.) between two dates under a letter.

    Raises Refused without a letter, for the holder, outside the post's own dates, or when the roles do not go together.
    """
    _refuse_dates(since, until)
    if not letter.strip():
        raise Refused("Nomor surat belum diisi. Bertindak untuk orang lain hanya dengan surat.")
    if substitute.pk == post.user_id:
        raise Refused("{substitute} memegang jabatan itu sendiri. Pilih orang lain.", substitute=substitute.name)
    if since < post.since or (post.until is not None and until > post.until):
        raise Refused("Masa bertindak keluar dari masa jabatan itu. Sesuaikan tanggalnya.")
    with atomic():
        _lock(substitute)
        _refuse_incompatible(substitute, post.role, since, until)
        return Acting.objects.create(
            post=post, substitute=substitute, form=form, since=since, until=until, letter=letter.strip()
        )


def end_acting(acting: Acting, *, on: date, by: User) -> Acting:
    """The substitute acts no longer from this day on, earlier than the letter said. Raises Refused as `end_post`."""
    if on <= acting.since:
        raise Refused(
            "Penunjukan ini mulai {since}. Pilih tanggal berakhir sesudahnya.", since=f"{acting.since:%d-%m-%Y}"
        )
    if acting.until <= on:
        raise Refused("Penunjukan ini sudah berakhir pada {until}.", until=f"{acting.until:%d-%m-%Y}")
    acting.until = on
    with atomic():
        acting.save(update_fields=["until"])
    return acting


def set_groups(post: Post, *, groups: Iterable[int], by: User) -> Post:
    """The groups a facilitator meets, written down by registry when groups are given or taken."""
    if post.role.reach != Reach.GROUPS:
        raise Refused("Peran {role_code} tidak memegang kelompok. Pilih jabatan pendamping.", role_code=post.role_code)
    post.groups = sorted(set(groups))
    with atomic():
        post.save(update_fields=["groups"])
    return post


def _refuse_weak(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("Kata sandi ditolak: {reasons}", reasons=" ".join(error.messages)) from error


def _refuse_dates(since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise Refused(
            "Tanggal berakhir {until} tidak sesudah tanggal mulai {since}.",
            until=f"{until:%d-%m-%Y}",
            since=f"{since:%d-%m-%Y}",
        )


def _regions_for(given: Role, region_nos: Sequence[int]) -> list[int]:
    level = REGION_LEVEL[given.reach]
    regions = sorted(set(region_nos))
    if level == 0:
        if regions:
            raise Refused("Peran {given} mencakup seluruh Indonesia. Kosongkan wilayahnya.", given=given.code)
        return []
    label = codes.LEVEL_LABELS[codes.Level(level)]
    if not 0 < len(regions) <= REGIONS_MAX:
        raise Refused(
            "Peran {given} butuh satu sampai {regions_max} wilayah tingkat {label}.",
            given=given.code,
            regions_max=REGIONS_MAX,
            label=label,
        )
    for number in regions:
        if codes.level_of(number) != level:
            raise Refused(
                "Wilayah {number} bukan tingkat {label}, yang dibutuhkan peran {given}.",
                number=codes.dotted(number),
                label=label,
                given=given.code,
            )
    known = set(Region.objects.filter(no__in=regions).values_list("no", flat=True))
    for number in regions:
        if number not in known:
            raise Refused("Kode wilayah {number} tidak ada dalam daftar. Periksa kodenya.", number=codes.dotted(number))
    return regions


def _overlaps(since: date, until: date | None) -> Q:
    later = Q(until__isnull=True) | Q(until__gt=since)
    return later if until is None else later & Q(since__lt=until)


def _lock(user: User) -> None:
    """Two posts given to one person at the same moment must see each other."""
    User.objects.select_for_update().get(pk=user.pk)


def _refuse_incompatible(user: User, given: Role, since: date, until: date | None) -> None:
    own = Post.objects.filter(_overlaps(since, until), user=user)
    filled = Acting.objects.filter(_overlaps(since, until), substitute=user).select_related("post")
    held = {post.role_code for post in own} | {acting.post.role_code for acting in filled}
    for code in sorted(held):
        if code in given.incompatible or given.code in role(code).incompatible:
            raise Refused(
                "{user} memegang peran {code}, yang tidak boleh dirangkap dengan {given}. Beri kepada orang "
                "lain, atau akhiri peran yang lama lebih dahulu.",
                user=user.name,
                code=role(code).name_on(since),
                given=given.name_on(since),
            )
