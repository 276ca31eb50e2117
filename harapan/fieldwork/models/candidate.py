"""Candidates for membership: how many a village may have, who they are, and the first meeting they are invited to."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach
from harapan.core.phrases import Phrase
from harapan.files.models import StoredFile
from harapan.registry.models import FamilyChild, GroupChild


class VillageQuota(GroupChild):
    """How many candidates a village may have from a day on, on whose word. A later one opens a new round.

    Hangs on the group that holds the village's candidates, so that its facilitator sees it too.
    """

    from_on = models.DateField("berlaku sejak")
    places = models.IntegerField("jumlah tempat")
    source = models.CharField("sumber", max_length=200)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "kuota desa"
        constraints = [
            models.UniqueConstraint(fields=["group", "from_on"], name="quota_once_a_day"),
            models.CheckConstraint(condition=models.Q(places__gte=0), name="quota_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.region_no}: {self.places}"


class CandidacyQuerySet(models.QuerySet["Candidacy"]):
    def visible_to(self, post: Post) -> CandidacyQuerySet:
        """The rows the post's scope reaches, said in the query as the database's policy says it again."""
        if post.role.reach == Reach.NATION:
            return self
        if post.role.reach == Reach.GROUPS:
            return self.filter(group_no__in=post.groups)
        wanted = models.Q(pk__in=())
        for low, high in post.ranges:
            wanted |= models.Q(region_no__gte=low, region_no__lt=high)
        return self.filter(wanted)

    def open(self) -> CandidacyQuerySet:
        return self.filter(closed_on__isnull=True)


class Candidacy(FamilyChild):
    """A family put forward for membership, until a decree makes it a member or somebody's word ends it.

    Only what no other row says stands here; the road (`fieldwork.road`) reads account, card, group and money elsewhere.
    """

    listed_on = models.DateField("masuk daftar")
    desil = models.SmallIntegerField("desil", null=True, blank=True)
    rank = models.IntegerField("peringkat", null=True, blank=True)
    # given a place of the village's quota; until then the candidate waits in reserve
    placed_on = models.DateField("mendapat tempat", null=True, blank=True)
    validated_on = models.DateField("dinyatakan layak", null=True, blank=True)
    decree_no = models.CharField("nomor SK", max_length=80, blank=True)
    decreed_on = models.DateField("tanggal SK", null=True, blank=True)
    starts_on = models.DateField("peserta sejak", null=True, blank=True)
    decreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField("berakhir", null=True, blank=True)
    closed_because = models.CharField("sebab berakhir", max_length=40, blank=True)  # refused, or a code of visits.yaml
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("dicatat", auto_now_add=True)

    objects = CandidacyQuerySet.as_manager()

    class Meta:
        verbose_name = "pencalonan"
        constraints = [
            models.UniqueConstraint(
                fields=["family"], condition=models.Q(closed_on__isnull=True), name="candidacy_open_once_a_family"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True, closed_because="")
                | (models.Q(closed_on__isnull=False) & ~models.Q(closed_because="")),
                name="candidacy_closed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(decreed_on__isnull=True, decree_no="", starts_on__isnull=True)
                | (models.Q(decreed_on__isnull=False, starts_on__isnull=False) & ~models.Q(decree_no="")),
                name="candidacy_decreed_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["region_no", "listed_on", "id"], name="candidacy_region"),
            models.Index(fields=["group_no", "listed_on", "id"], name="candidacy_group"),
        ]

    def __str__(self) -> str:
        return f"{self.family_id} {self.listed_on}"

    @property
    def reserve(self) -> bool:
        return self.placed_on is None


class FirstMeeting(GroupChild):
    """Socialisation in a village, or the first meeting (pertemuan awal) to which candidates are invited by name.

    rights: the version of `data/fieldwork/rights.yaml` that was read out, empty as long as nobody says it was.
    """

    class Kind(models.IntegerChoices):
        SOCIALISATION = 1, Phrase("sosialisasi")
        FIRST = 2, Phrase("pertemuan awal")

    kind = models.SmallIntegerField("jenis", choices=Kind, default=Kind.FIRST)
    held_on = models.DateField("tanggal")
    begins = models.TimeField("pukul")
    place = models.CharField("tempat", max_length=120)
    rights = models.CharField("naskah hak dan kewajiban", max_length=20, blank=True)
    read_by = models.CharField("dibacakan oleh", max_length=120, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "pertemuan awal"
        constraints = [
            models.UniqueConstraint(fields=["id", "held_on"], name="first_meeting_when"),
            models.UniqueConstraint(fields=["group", "held_on", "begins"], name="first_meeting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.region_no} {self.held_on}"


class Invitation(FamilyChild):
    """A candidate invited to a first meeting: whether they came, and whether they agreed to be put forward.

    The day is the meeting's, held equal by a composite key. A refusal is an answer as well; it ends the candidacy.
    """

    class Came(models.IntegerChoices):
        UNSAID = 0, Phrase("belum dicatat")
        PRESENT = 1, Phrase("hadir")
        REPRESENTED = 2, Phrase("diwakili")
        ABSENT = 3, Phrase("tidak hadir")

    class Consent(models.IntegerChoices):
        UNSAID = 0, Phrase("belum ditanya")
        SIGNED = 1, Phrase("setuju, tanda tangan")
        THUMB = 2, Phrase("setuju, cap jempol")
        REFUSED = 3, Phrase("menolak")

    # the composite key holds it
    meeting = models.ForeignKey(FirstMeeting, on_delete=models.PROTECT, related_name="invitations", db_constraint=False)
    candidacy = models.ForeignKey(Candidacy, on_delete=models.CASCADE, related_name="invitations")
    held_on = models.DateField("tanggal pertemuan")
    invited_on = models.DateField("diundang")
    came = models.SmallIntegerField("kehadiran", choices=Came, default=Came.UNSAID)
    consent = models.SmallIntegerField("persetujuan", choices=Consent, default=Consent.UNSAID)
    consent_on = models.DateField("tanggal persetujuan", null=True, blank=True)
    paper = models.CharField("lembar kertas", max_length=80, blank=True)  # where the signed paper lies
    photograph = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "undangan"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "candidacy"], name="invitation_once"),
            models.CheckConstraint(
                condition=models.Q(consent=0, consent_on__isnull=True)
                | (~models.Q(consent=0) & models.Q(consent_on__isnull=False)),
                name="consent_on_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(consent__in=(1, 2)) | ~models.Q(paper="") | models.Q(photograph__isnull=False),
                name="consent_with_proof",
            ),
        ]
        indexes = [models.Index(fields=["candidacy"], name="invitation_candidacy")]

    def __str__(self) -> str:
        return f"{self.family_id} {self.held_on}"
