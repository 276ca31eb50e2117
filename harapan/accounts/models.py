"""Users, the posts they hold between two dates, and who acts for whom."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from harapan.accounts.roles import Reach, Role, role
from harapan.core.phrases import Phrase
from harapan.database import day
from harapan.database.scope import Scope
from harapan.regions.zones import zone_of

REGIONS_MAX = 4  # of one post


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, *, name: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=self.model.normalize_username(username), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in by user name. What they may do comes from their posts, never from here."""

    username = models.CharField("nama pengguna", max_length=60, unique=True)
    name = models.CharField("nama", max_length=120)
    email = models.EmailField("surel", blank=True)
    phone = models.CharField("nomor HP dinas", max_length=20, blank=True)
    staff_number = models.CharField("NIP", max_length=20, blank=True)
    language = models.CharField("bahasa", max_length=2, default="id")
    is_active = models.BooleanField("aktif", default=True)
    # given by another, who knows it: nothing is open but the page to choose one's own
    password_temporary = models.BooleanField("kata sandi sementara", default=False, db_default=False)
    last_login = None  # signing in is an entry of the audit, not a change of the person

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = "pengguna"

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """There is no admin site; django asks all the same."""
        return False


class PostQuerySet(models.QuerySet["Post"]):
    def held_on(self, day: date) -> PostQuerySet:
        return self.filter(Q(since__lte=day), Q(until__isnull=True) | Q(until__gt=day))

    def within(self, *ranges: tuple[int, int]) -> PostQuerySet:
        """Posts with at least one region in one of the half-open ranges."""
        wanted = Q(pk__in=())
        for low, high in ranges:
            for place in range(REGIONS_MAX):
                wanted |= Q(**{f"region_nos__{place}__gte": low, f"region_nos__{place}__lt": high})
        return self.filter(wanted)

    def of(self, user: User) -> PostQuerySet:
        """The posts a user holds or acts in, own ones first."""
        return self.filter(Q(user=user) | Q(acting__substitute=user)).distinct()


class Post(models.Model):
    """A role in a place between two dates. A person acts in one post at a time, so one scope holds per request.

    `ranges` are half-open ranges of region numbers (at most four). `groups` is written by registry when a facilitator
    is given groups: what must flow up is written down by the one above.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role_code = models.CharField(max_length=30)
    region_nos = ArrayField(models.BigIntegerField(), default=list, blank=True)
    groups = ArrayField(models.BigIntegerField(), default=list, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    letter = models.CharField("nomor SK", max_length=120, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")), name="post_ends_after_it_began"
            ),
            models.CheckConstraint(condition=Q(region_nos__len__lte=4), name="post_has_at_most_four_regions"),
        ]
        indexes = [models.Index(fields=["user", "since"], name="post_user_since")]

    def __str__(self) -> str:
        return f"{self.role_code} ({self.user_id})"

    @property
    def role(self) -> Role:
        return role(self.role_code)

    def title_on(self, day: date) -> Phrase:
        """What the post is called on a day, without its place."""
        return self.role.name_on(day)

    @cached_property
    def cleared(self) -> bool:
        """Whether whoever holds the post has the courses that `Role.needs_clearance` waits for. One query."""
        held = Clearance.objects.filter(user=self.user_id, role_code=self.role_code, until__gte=day.today())
        return held.exists()

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Half-open ranges of region numbers this post reaches (empty for the nation)."""
        return tuple((no, no + _width(no)) for no in self.region_nos)

    @property
    def zone(self) -> ZoneInfo:
        """By which clock this post works: that of its regions, the capital's for the nation."""
        return zone_of(*self.region_nos)

    def scope(self, *, actor: int, via: str = "web", why: str = "") -> Scope:
        """What this post sees, with who acts in it. When another acts, the holder is named as on whose behalf."""
        who: dict[str, Any] = {
            "actor": actor,
            "on_behalf": None if actor == self.user_id else self.user_id,
            "holder": "" if actor == self.user_id else self.user.name,
            "via": via,
            "why": why,
        }
        if self.role.reach == Reach.GROUPS:
            return Scope.of_groups(tuple(self.groups), **who)
        if self.role.reach == Reach.NATION:
            return Scope.nation(**who)
        return Scope.of_ranges(self.ranges, **who)


def _width(region_no: int) -> int:
    """How many numbers the subtree of a region spans: its trailing pairs of zeros tell its level."""
    for width in (10**8, 10**6, 10**4):
        if region_no % width == 0:
            return width
    return 1


class ActingQuerySet(models.QuerySet["Acting"]):
    def on(self, day: date) -> ActingQuerySet:
        return self.filter(since__lte=day, until__gt=day)


class Acting(models.Model):
    """Somebody fills another's post between two dates under a letter (Plt., Plh., a.n.)."""

    class Form(models.TextChoices):
        PLT = "plt", Phrase("Plt.")
        PLH = "plh", Phrase("Plh.")
        AN = "an", Phrase("a.n.")

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="acting")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=3, choices=Form)
    since = models.DateField()
    until = models.DateField()
    letter = models.CharField("nomor surat", max_length=120)

    objects = ActingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("since")), name="acting_ends_after_it_began")
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.post_id} {self.since}"


class Clearance(models.Model):
    """Somebody has the courses that a role needs, to the day `until`; training writes it, `allows()` reads it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="clearances")
    role_code = models.CharField(max_length=30)
    until = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role_code"], name="clearance_one_per_role")]

    def __str__(self) -> str:
        return f"{self.role_code} {self.until}"


class SignInDelay(models.Model):
    """Failed sign-ins by account and address, so that nobody can lock a colleague out on payday from elsewhere."""

    username = models.CharField(max_length=60)
    address = models.GenericIPAddressField()
    failures = models.PositiveSmallIntegerField(default=0)
    latest_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["username", "address"], name="delay_by_account_and_address")]

    def __str__(self) -> str:
        return f"{self.username} {self.address} {self.failures}"
