"""`harapan user`: who may sign in, which posts they hold, and help for those who forgot or lost something."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
from allauth.mfa.models import Authenticator

from harapan.accounts import actions, managing
from harapan.accounts.models import Acting, Post, User
from harapan.accounts.permission import demand
from harapan.cli.output import answer, as_json, called
from harapan.cli.session import acting
from harapan.core.errors import Misuse, Refused
from harapan.core.numbers import read_nik
from harapan.database import day
from harapan.database.scope import put_on
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.workforce.staff import ending, opening
from harapan.workforce.staff.opening import FirstPost

PERMISSION = "user.manage"


def _day(ctx: click.Context, parameter: click.Parameter, written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Misuse(f"Tanggal {written!r} tidak terbaca. Tulis tahun-bulan-hari, misalnya 2025-06-02.") from error


username = click.argument("username", metavar="PENGGUNA")
role = click.option("--role", "role_code", metavar="PERAN", required=True, help="Misalnya data_officer.")
region = click.option(
    "--region", "regions", metavar="KODE", multiple=True, help="Wilayah jabatan, misalnya 63.05; boleh diulang."
)
since = click.option("--since", metavar="TANGGAL", callback=_day, help="Mulai berlaku (bawaan: hari ini).")
until = click.option("--until", metavar="TANGGAL", callback=_day, help="Tidak berlaku lagi sejak tanggal ini.")
letter = click.option("--letter", metavar="TEKS", default="", help="Nomor SK atau surat.")


@click.group()
def command() -> None:
    """Kelola pengguna: siapa boleh masuk, memegang jabatan apa, dan bantuan bila lupa atau kehilangan.

    Contoh: harapan user add rahmi --name "Rahmi Hidayati" --role data_officer --region 63.05
    """


@command.command("list")
@acting
@as_json
def list_command(by: Any, why: str | None, as_json: bool) -> None:
    """Semua pengguna dengan jabatan yang belum berakhir.

    Contoh: harapan user list --json
    """
    demand(by.post, PERMISSION)
    with put_on(by.scope, read_only=True):
        people = managing.people_of(by.post, on=day.today()).order_by("username")
        people = people.prefetch_related("posts__acting__substitute")
        protected = set(Authenticator.objects.values_list("user_id", flat=True))
        value = [
            {
                "username": user.username, "name": user.name, "active": user.is_active,
                "second_factor": user.pk in protected, "posts": [_post_value(post) for post in _lasting(user)],
            }
            for user in people
        ]  # fmt: skip
    answer(value, as_json=as_json, words=lambda: "\n".join(_user_words(row) for row in value))


def _lasting(user: User) -> list[Post]:
    today = day.today()
    return [post for post in user.posts.all() if post.until is None or post.until > today]


def _post_value(post: Post) -> dict[str, Any]:
    return {
        "role": post.role_code, "regions": [codes.dotted(no) for no in post.region_nos],
        "since": post.since, "until": post.until, "letter": post.letter,
        "acting": [
            {"username": each.substitute.username, "form": each.form, "since": each.since, "until": each.until}
            for each in post.acting.all()
            if each.until > day.today()
        ],
    }  # fmt: skip


def _user_words(row: dict[str, Any]) -> str:
    marks = [word for word, true in (("nonaktif", not row["active"]), ("langkah kedua", row["second_factor"])) if true]
    head = f"{row['username']}  {row['name']}" + (f"  ({', '.join(marks)})" if marks else "")
    return "\n".join([head, *(f"    {_post_words(post)}" for post in row["posts"])])


def _post_words(post: dict[str, Any]) -> str:
    said = [post["role"], *post["regions"], f"sejak {post['since']}"]
    said += [f"sampai {post['until']}"] if post["until"] else []
    forms = {str(form): form.label for form in Acting.Form}
    said += [f"{forms[each['form']]} {each['username']} sampai {each['until']}" for each in post["acting"]]
    return ", ".join(said)


@command.command()
@username
@click.option("--name", metavar="NAMA", required=True, help="Nama lengkap.")
@click.option("--nik", metavar="NIK", default="", help="Bila sudah tercatat sebagai SDM, akunnya masuk ke catatan itu.")
@role
@region
@since
@letter
@acting
@as_json
def add(
    username: str, name: str, nik: str, role_code: str, regions: tuple[str, ...], since: date | None, letter: str,
    by: Any, why: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Buat pengguna dengan catatan SDM dan jabatan pertamanya. Kata sandi sementaranya tampil satu kali.

    Contoh: harapan user add rahmi --name "Rahmi Hidayati" --role data_officer --region 63.05
    """
    demand(by.post, PERMISSION)
    password = actions.draw_password()
    with put_on(by.scope):
        user = opening.open_account(
            username, name=name, nik=(read_nik(nik).value or "") if nik else "", password=password,
            first=FirstPost(role_code, _numbers(regions), since or day.today(), letter=letter), post=by.post,
            by=by.user, on=day.today(),
        )  # fmt: skip
        given = _post_value(user.posts.get())
    answer(
        {"username": user.username, "name": user.name, "password": password, "post": given},
        as_json=as_json,
        words=lambda: f"Pengguna {user.username} dibuat: {_post_words(given)}.\n{_told(password)}",
    )


@command.command("post")
@username
@role
@region
@since
@until
@letter
@acting
@as_json
def post_command(
    username: str, role_code: str, regions: tuple[str, ...], since: date | None, until: date | None, letter: str,
    by: Any, why: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Beri jabatan kepada pengguna yang sudah ada.

    Contoh: harapan user post rahmi --role data_officer --region 63.05 --since 2025-06-02
    """
    demand(by.post, PERMISSION)
    with put_on(by.scope):
        user = _named(username, by)
        wanted = FirstPost(role_code, _numbers(regions), since or day.today(), until, letter)
        given = _post_value(opening.give_post(user, wanted, post=by.post, by=by.user))
    answer(
        {"username": user.username, "post": given},
        as_json=as_json,
        words=lambda: f"{user.name} memegang {_post_words(given)}.",
    )


@command.command()
@username
@role
@region
@click.option("--on", metavar="TANGGAL", callback=_day, help="Tidak memegang lagi sejak (bawaan: hari ini).")
@acting
@as_json
def end(
    username: str, role_code: str, regions: tuple[str, ...], on: date | None, by: Any, why: str | None, as_json: bool
) -> None:
    """Akhiri satu jabatan. Orangnya tetap dapat masuk bila memegang jabatan lain.

    Contoh: harapan user end rahmi --role data_officer --on 2025-07-01
    """
    demand(by.post, PERMISSION)
    with put_on(by.scope):
        user = _named(username, by)
        ended = ending.end_post(_held(user, role_code, regions), on=on or day.today(), by=by.user)
        value = {"username": user.username, "post": _post_value(ended)}
    answer(value, as_json=as_json, words=lambda: f"{user.name} tidak lagi memegang {role_code} sejak {ended.until}.")


@command.command("acting")
@username
@role
@region
@click.option("--substitute", metavar="PENGGUNA", required=True, help="Siapa yang bertindak untuknya.")
@click.option("--form", type=click.Choice([str(form) for form in Acting.Form]), required=True, help="Plt., Plh., a.n.")
@since
@click.option("--until", metavar="TANGGAL", callback=_day, required=True, help="Tidak berlaku lagi sejak tanggal ini.")
@click.option("--letter", metavar="TEKS", required=True, help="Nomor surat.")
@acting
@as_json
def acting_command(
    username: str, role_code: str, regions: tuple[str, ...], substitute: str, form: str, since: date | None,
    until: date, letter: str, by: Any, why: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Biarkan orang lain bertindak dalam jabatan PENGGUNA, dengan surat, antara dua tanggal.

    \b
    Contoh: harapan user acting rahmi --role data_officer --substitute yuni --form plh \\
                --until 2025-07-01 --letter 800/12/2025
    """
    demand(by.post, PERMISSION)
    with put_on(by.scope):
        post, filling = _held(_named(username, by), role_code, regions), _named(substitute, by)
        managing.demand_grant(by.post, role_code, post.region_nos, to=filling, actor=by.user)
        let = actions.let_act(
            post, substitute=filling, form=Acting.Form(form), since=since or day.today(), until=until,
            letter=letter, by=by.user,
        )  # fmt: skip
        value = {"username": username, "post": _post_value(post)}
    answer(
        value,
        as_json=as_json,
        words=lambda: f"{let.substitute.name} bertindak ({let.get_form_display()}) sebagai {role_code} sampai {until}.",
    )


@command.command("end-acting")
@username
@role
@region
@click.option("--substitute", metavar="PENGGUNA", required=True, help="Siapa yang bertindak untuknya.")
@click.option("--on", metavar="TANGGAL", callback=_day, help="Tidak bertindak lagi sejak (bawaan: hari ini).")
@acting
@as_json
def end_acting_command(
    username: str, role_code: str, regions: tuple[str, ...], substitute: str, on: date | None, by: Any,
    why: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Akhiri penggantian (Plt., Plh., a.n.) sebelum habis masanya.

    Contoh: harapan user end-acting rahmi --role data_officer --substitute yuni --on 2025-06-20
    """
    demand(by.post, PERMISSION)
    with put_on(by.scope):
        post = _held(_named(username, by), role_code, regions)
        filling = post.acting.filter(substitute__username=substitute).order_by("-until").first()
        if filling is None:
            raise Refused(f"{substitute} tidak menggantikan {username} sebagai {role_code}. Periksa namanya.")
        ended = actions.end_acting(filling, on=on or day.today(), by=by.user)
        value = {"username": username, "substitute": substitute, "until": ended.until.isoformat()}
    answer(
        value, as_json=as_json, words=lambda: f"{substitute} tidak lagi menggantikan {username} sejak {ended.until}."
    )


@command.command()
@username
@acting
@as_json
def password(username: str, by: Any, why: str | None, as_json: bool) -> None:
    """Beri kata sandi sementara yang baru, tampil satu kali. Sesi yang masih terbuka berakhir.

    Contoh: harapan user password rahmi --why "lupa, datang sendiri ke kantor"
    """
    demand(by.post, PERMISSION)
    drawn = actions.draw_password()
    with put_on(by.scope):
        user = _named(username, by)
        actions.set_password(user, password=drawn, by=by.user)
    answer({"username": user.username, "password": drawn}, as_json=as_json, words=lambda: _told(drawn))


@command.command("forget-second-factor")
@username
@acting
@as_json
def forget_second_factor(username: str, by: Any, why: str | None, as_json: bool) -> None:
    """Lepas langkah kedua orang yang kehilangan HP atau kuncinya. Ia memasang yang baru saat masuk berikutnya.

    Contoh: harapan user forget-second-factor rahmi --why "HP hilang, datang sendiri ke kantor"
    """
    demand(by.post, PERMISSION)
    with put_on(by.scope):
        user = _named(username, by)
        types = actions.forget_second_factor(user, by=by.user)
    answer(
        {"username": user.username, "forgotten": types},
        as_json=as_json,
        words=lambda: (
            f"Langkah kedua {user.name} dilepas; ia memasang yang baru saat masuk berikutnya. "
            f"Bila HP-nya dicuri, beri juga kata sandi baru: {called()} user password {user.username}"
        ),
    )


def _switch(name: str, help_text: str, *, active: bool, said: str) -> None:
    """A command that lets somebody in, or shuts them out."""

    @username
    @acting
    @as_json
    def switch(username: str, by: Any, why: str | None, as_json: bool) -> None:
        demand(by.post, PERMISSION)
        with put_on(by.scope):
            user = _named(username, by)
            actions.set_active(user, active=active, by=by.user)
        value = {"username": user.username, "active": active}
        answer(value, as_json=as_json, words=lambda: f"{user.name} {said}.")

    switch.__doc__ = f"{help_text}\n\nContoh: harapan user {name} rahmi"
    command.command(name)(switch)


_switch(
    "disable", "Tutup jalan masuk seseorang; jabatannya tetap tercatat.", active=False, said="tidak dapat masuk lagi"
)
_switch("enable", "Buka kembali jalan masuk seseorang.", active=True, said="dapat masuk lagi")


def _named(name: str, by: Any) -> User:
    user = managing.people_of(by.post, on=day.today()).filter(username=name).first()
    if user is None:
        raise Refused(
            f"Pengguna {name!r} tidak ada atau di luar wilayah kerja Anda. Lihat nama-namanya dengan "
            f"`{called()} user list`."
        )
    return user


def _numbers(regions: tuple[str, ...]) -> list[int]:
    return [Region.objects.by_code(code).no for code in regions]


def _held(user: User, role_code: str, regions: tuple[str, ...]) -> Post:
    """The one post of that role, not ended, in these regions where any are named."""
    wanted = sorted(_numbers(regions))
    held = [post for post in _lasting(user) if post.role_code == role_code and wanted in ([], post.region_nos)]
    if not held:
        raise Refused(
            f"{user.name} tidak memegang {role_code} di sana. Lihat jabatannya dengan `{called()} user list`."
        )
    if len(held) > 1:
        raise Refused(f"{user.name} memegang {role_code} di {len(held)} tempat. Sebut wilayahnya dengan --region.")
    return held[0]


def _told(drawn: str) -> str:
    return (
        f"Kata sandi sementara: {drawn}\nHanya tampil kali ini. Sampaikan langsung; saat pertama masuk ia memilih "
        "kata sandinya sendiri."
    )
