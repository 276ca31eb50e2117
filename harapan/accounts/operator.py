"""Who acts on the command line: a person named with --as, or the operator whom setup made."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from harapan.accounts import actions
from harapan.accounts.middleware import posts_of
from harapan.accounts.models import Post, User
from harapan.core.errors import Forbidden
from harapan.database import day, places
from harapan.database.scope import Scope, put_on

USERNAME = "operator"
ROLE = "operator"
NAME = "Operator sistem"


SINCE = date(2007, 1, 1)  # from the first day of the programme: a demonstration may live in any year


class Actor(NamedTuple):
    """A person in a post. `scope` is not on yet: `with put_on(by.scope): …`."""

    user: User
    post: Post
    scope: Scope


def resolve(username: str | None, *, why: str = "", via: str = "cli") -> Actor:
    """Who acts: None is the operator; "rahmi" has one post today, "rahmi:data_officer" names one of several.

    Raises Forbidden when there is no such user, they hold no such post today, or several.
    """
    name, _, role_code = (username or USERNAME).partition(":")
    today = day.today()
    with put_on(Scope.common(via=via)):
        user = User.objects.filter(username=name, is_active=True).first()
        posts = posts_of(user, today) if user else []
    if user is None:
        raise Forbidden(
            "Pengguna {name!r} tidak ada atau tidak aktif. Periksa --as, atau jalankan `harapan setup`.", name=name
        )
    held = [post for post in posts if not role_code or post.role_code == role_code]
    if not held:
        raise Forbidden(
            "Pengguna {name!r} tidak memegang {role_code} hari ini.",
            name=name,
            role_code=role_code or "jabatan apa pun",
        )
    if len(held) > 1 and not role_code:
        ways = ", ".join(f"--as {name}:{code}" for code in sorted({post.role_code for post in held}))
        raise Forbidden(
            "Pengguna {name!r} memegang {count} jabatan. Sebut salah satu: {ways}.",
            name=name,
            count=len(held),
            ways=ways,
        )
    return Actor(user, held[0], held[0].scope(actor=user.pk, via=via, why=why))


def ensure() -> bool:
    """The operator, with a password kept in the installation's folder; False when there was nothing to do.

    The operator imports, computes and serves, and never approves. A step of `harapan setup`.
    """
    today = day.today()
    with put_on(Scope.common(via="setup", why="harapan setup")):
        user = User.objects.filter(username=USERNAME).first()
        if user and Post.objects.filter(user=user, role_code=ROLE).held_on(today).exists():
            return False
        if user is None:
            user = actions.create_user(USERNAME, name=NAME, by=None, password=password())
        actions.give_post(user, role_code=ROLE, since=SINCE, by=None)
    return True


def password() -> str:
    """The operator's first password: drawn once, kept in var/secrets/operator.password (0600)."""
    return places.password(USERNAME)
