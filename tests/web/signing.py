"""People with posts, and a browser of Django's that is signed in as one of them."""

from __future__ import annotations

from datetime import date
from itertools import count

from django.test import Client

from harapan.accounts.models import Post, User

PASSWORD = "tiga-kata-lain"
_numbers = count(1)


def person(role: str, *, regions: tuple[int, ...] = (), groups: tuple[int, ...] = (), **about: str) -> Post:
    """Somebody in a post since 2024, by their own user name."""
    number = next(_numbers)
    user = User.objects.create_user(
        about.get("username", f"{role}-{number}"), name=about.get("name", f"PETUGAS {number}"), password=PASSWORD
    )
    return Post.objects.create(
        user=user, role_code=role, region_nos=list(regions), groups=list(groups), since=date(2024, 1, 1)
    )


def signed_in(post: Post, *, second_factor: bool = True) -> Client:
    """As after the password, and after the second step where the role demands one."""
    client = Client()
    client.force_login(post.user)
    if second_factor and post.role.second_factor:
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": 0.0, "type": "totp"}]
        session["account_authentication_methods_user"] = str(post.user_id)
        session.save()
    return client
