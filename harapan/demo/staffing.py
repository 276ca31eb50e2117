"""Users, posts, groups and second factors of a demonstration, written."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from harapan.accounts.models import Acting, Post, User
from harapan.accounts.roles import role
from harapan.database.fields import draw_ids
from harapan.demo.clock import NOW
from harapan.demo.staff import Worker
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.registry.models import Group

# An address under .invalid belongs to nobody, and says forever that the user is part of a demonstration.
DEMO_ADDRESS = "@peragaan.invalid"
SINCE = date(2022, 1, 3)


@dataclass(frozen=True, slots=True)
class Staffed:
    """Ids as written: groups by Group.no of the plan, users by user name."""

    groups: list[int]
    users: dict[str, int]

    def of(self, worker: Worker) -> int:
        return self.users[worker.username]


def write_staff(world: World, *, password: str) -> Staffed:
    """Everybody who signs in, all with one password, and the groups with their facilitators."""
    ids = draw_ids(User, len(world.staff))
    usernames = [worker.username for worker in world.staff]
    staffed = Staffed(draw_ids(Group, len(world.plan.groups)), dict(zip(usernames, ids, strict=True)))
    columns: Columns = {
        "id": ids,
        "username": usernames,
        "name": [worker.name for worker in world.staff],
        "email": [f"{username}{DEMO_ADDRESS}" for username in usernames],
        "staff_number": [worker.staff_number for worker in world.staff],
        "phone": [f"+62860{9 * 10**7 + place:08d}" for place in range(len(world.staff))],
    }
    write(User, columns, password=make_password(password), language="id", is_active=True)
    _write_groups(world, staffed)
    _write_posts(world, staffed)
    _write_second_factors(world, staffed)
    return staffed


def _write_groups(world: World, staffed: Staffed) -> None:
    facilitators = [staffed.of(worker) for worker in world.staff if worker.facilitator is not None]
    groups = world.plan.groups
    leaders = dict(zip(world.families.group, (world.members.name[row] for row in world.families.pengurus), strict=True))
    columns: Columns = {
        "id": staffed.groups,
        "name": [group.name for group in groups],
        "region_no": [group.region_no for group in groups],
        "facilitator_id": [
            None if group.no in world.lost_groups else facilitators[group.facilitator] for group in groups
        ],
        "leader_name": [leaders[group.no] for group in groups],
        "meeting_place": [f"Rumah {leaders[group.no].title()}" for group in groups],
    }
    write(Group, columns, since=SINCE)


def _write_posts(world: World, staffed: Staffed) -> None:
    met: dict[int | None, list[int]] = defaultdict(list)
    for group, number in zip(world.plan.groups, staffed.groups, strict=True):
        if group.no not in world.lost_groups:
            met[group.facilitator].append(number)
    ids = draw_ids(Post, len(world.staff))
    columns: Columns = {
        "id": ids,
        "user_id": [staffed.of(worker) for worker in world.staff],
        "role_code": [worker.role for worker in world.staff],
        "region_nos": [[worker.region_no] if worker.region_no else [] for worker in world.staff],
        "groups": [met[worker.facilitator] if worker.facilitator is not None else [] for worker in world.staff],
        "letter": [f"SK/{place + 1:04d}/PKH/2022" for place in range(len(world.staff))],
    }
    write(Post, columns, since=SINCE)
    posts = dict(zip(staffed.users, ids, strict=True))
    _write_acting(world, staffed, posts)


def _write_acting(world: World, staffed: Staffed, posts: dict[str, int]) -> None:
    """In the last regency the data officer fills the coordinator's post as well, under a letter."""
    coordinator = [worker for worker in world.staff if worker.role == "regency_coordinator"][-1]
    substitute = next(
        worker for worker in world.staff if worker.role == "data_officer" and worker.region_no == coordinator.region_no
    )
    Acting.objects.create(
        post_id=posts[coordinator.username],
        substitute_id=staffed.of(substitute),
        form=Acting.Form.PLT,
        since=NOW,
        until=date(2099, 1, 1),
        letter="ST/0112/PKH/2025",
    )


def _write_second_factors(world: World, staffed: Staffed) -> None:
    workers = [worker for worker in world.staff if role(worker.role).second_factor]
    sealed = [get_adapter().encrypt(generate_totp_secret()) for _ in workers]
    columns: Columns = {
        "user_id": [staffed.of(worker) for worker in workers],
        "data": [json.dumps({"secret": secret}) for secret in sealed],
    }
    write(Authenticator, columns, type=Authenticator.Type.TOTP.value, created_at=timezone.now(), last_used_at=None)
