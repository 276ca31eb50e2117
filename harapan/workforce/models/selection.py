"""How applicants are told apart: scores and marks, the frozen ranking, objections, and the places offered."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.files.models import StoredFile
from harapan.regions.models import Region
from harapan.workforce.models.person import Person
from harapan.workforce.models.recruitment import Application, ApplicationChild, Formation, RecruitmentRound


class SelectionStage(models.TextChoices):
    """The stages in their order."""

    ADMINISTRATION = "administration", Phrase("Administrasi")
    PSYCHOLOGICAL = "psychological", Phrase("Psikotes")
    COMPETENCE = "competence", Phrase("Kompetensi bidang")
    INTERVIEW = "interview", Phrase("Wawancara")


class StageScore(ApplicationChild):
    """The score of one stage in hundredths of a point, with where it comes from."""

    class Source(models.TextChoices):
        CHECK = "check", Phrase("pemeriksaan berkas")
        FILE = "file", Phrase("daftar nilai")
        MARKS = "marks", Phrase("penilaian pewawancara")
        CORRECTION = "correction", Phrase("koreksi")

    stage = models.CharField("tahap", max_length=14, choices=SelectionStage)
    score = models.IntegerField("nilai (perseratus)")
    reason = models.CharField("alasan", max_length=300, blank=True)
    source = models.CharField("sumber", max_length=10, choices=Source)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "nilai tahap seleksi"
        constraints = [
            models.UniqueConstraint(fields=["application", "stage"], name="stage_score_once"),
            models.CheckConstraint(condition=Q(score__gte=0), name="stage_score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.stage}"


class InterviewMark(ApplicationChild):
    """What one interviewer gave, in hundredths. Nobody sees another's before giving their own."""

    marker = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="pewawancara")
    score = models.IntegerField("nilai (perseratus)")
    note = models.CharField("catatan", max_length=300, blank=True)
    marked_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "penilaian wawancara"
        constraints = [
            models.UniqueConstraint(fields=["application", "marker"], name="interview_mark_once_a_marker"),
            models.CheckConstraint(condition=Q(score__gte=0), name="interview_mark_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.marker_id}"


class RankingQuerySet(models.QuerySet["Ranking"]):
    def results(self) -> Self:
        return self.filter(kind=Ranking.Kind.RESULT)

    def shortlists(self) -> Self:
        return self.filter(kind=Ranking.Kind.SHORTLIST)

    def newest(self) -> Ranking | None:
        return self.order_by("-version").first()

    def announced(self) -> Ranking | None:
        """The one that applicants see."""
        return self.filter(published_on__isnull=False).newest()


class Ranking(models.Model):
    """One making of a round's ranking: its frozen input, and the fingerprints of input, rules and result.

    A shortlist ranks by the stages before the interview; those it selects are interviewed.
    """

    class Kind(models.TextChoices):
        RESULT = "result", Phrase("hasil akhir")
        SHORTLIST = "shortlist", Phrase("panggilan wawancara")

    kind = models.CharField("jenis", max_length=9, choices=Kind, default=Kind.RESULT)
    round = models.ForeignKey(RecruitmentRound, models.PROTECT, related_name="rankings")
    version = models.SmallIntegerField("versi")
    input_file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    input_digest = models.CharField(max_length=64)
    rules_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)
    applicants = models.IntegerField("peserta")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_on = models.DateField("diumumkan", null=True, blank=True)

    objects = RankingQuerySet.as_manager()

    class Meta:
        verbose_name = "peringkat seleksi"
        constraints = [models.UniqueConstraint(fields=["round", "version"], name="ranking_version")]

    def __str__(self) -> str:
        return f"{self.round_id} v{self.version}"

    def worsened(self, before: Ranking) -> QuerySet[RankedApplication]:
        """Rows of an earlier ranking whose applicants stand lower in this one, come to less, or are no longer in it."""
        kept = self.rows.filter(
            application=OuterRef("application"), outcome__lte=OuterRef("outcome"), place__lte=OuterRef("place")
        )
        return before.rows.filter(~Exists(kept))

    @property
    def outcomes(self) -> dict[int, Any]:
        """What its rows may have come to, in words; a shortlist selects nobody for a place and has no reserve."""
        outcome = RankedApplication.Outcome
        if self.kind == Ranking.Kind.RESULT:
            return dict(outcome.choices)
        return {
            outcome.SELECTED.value: Phrase("dipanggil"), outcome.BEYOND.value: Phrase("tidak dipanggil"),
            outcome.FAILED.value: outcome.FAILED.label,
        }  # fmt: skip


class RankedApplication(models.Model):
    """Where an application stands in a ranking. `total`: ten-thousandths of a point. Written once, never changed.

    `place` counts within the formation, those who failed a stage behind the others. `tied_by`: what decided between
    this one and the one before, where their totals are equal. `scores`: as they were frozen, in the order of
    `SelectionStage`, in hundredths; null: none. What is corrected later shows in the next ranking, not in this one.
    """

    class Outcome(models.IntegerChoices):
        SELECTED = 1, Phrase("lulus")
        RESERVE = 2, Phrase("cadangan")
        BEYOND = 3, Phrase("memenuhi syarat, di luar kuota dan cadangan")
        FAILED = 4, Phrase("tidak lulus")

    # no role may delete a ranking, so no row of it needs to be asked whether it is there
    ranking = models.ForeignKey(Ranking, models.PROTECT, related_name="rows", db_index=False, db_constraint=False)
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="ranked", db_constraint=False, db_index=False
    )
    region_no = models.BigIntegerField(editable=False)
    formation = models.ForeignKey(Formation, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    # (indexes: the constraints below lead; the application's own key holds its formation)
    place = models.IntegerField("urutan")
    total = models.BigIntegerField("nilai akhir")
    outcome = models.SmallIntegerField("hasil", choices=Outcome)
    failed_stage = models.CharField("gugur di", max_length=14, choices=SelectionStage, blank=True)
    scores = ArrayField(models.IntegerField(null=True), verbose_name="nilai yang dibekukan", default=list)
    tied_by = models.CharField("penentu nilai sama", max_length=14, blank=True)

    class Meta:
        verbose_name = "urutan pelamar"
        constraints = [
            models.UniqueConstraint(fields=["application", "ranking"], name="ranked_once"),
            models.UniqueConstraint(fields=["ranking", "formation", "place"], name="ranked_place_once"),
            models.CheckConstraint(
                condition=Q(outcome=4, failed_stage__gt="") | Q(outcome__lt=4, failed_stage=""),
                name="ranked_failed_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.formation_id} {self.place}"


class StageSession(models.Model):
    """Where and when a stage takes place for those who applied in a region. Public: it names nobody."""

    round = models.ForeignKey(RecruitmentRound, models.PROTECT, related_name="sessions")
    stage = models.CharField("tahap", max_length=14, choices=SelectionStage)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="wilayah")
    place = models.CharField("tempat", max_length=200)
    begins_at = models.DateTimeField("mulai")
    seats = models.IntegerField("kursi")
    note = models.CharField("yang dibawa", max_length=300, blank=True)
    moved_on = models.DateField("dipindah", null=True, blank=True)  # the last time place or hour changed
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "sesi seleksi"
        constraints = [
            models.CheckConstraint(condition=Q(seats__gte=1), name="stage_session_has_a_seat"),
            models.UniqueConstraint(fields=["id", "stage"], name="stage_session_of_stage"),  # invitations refer to it
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.stage} {self.place}"


class StageInvitation(ApplicationChild):
    """Somebody invited to a session; to one for each stage, so that nobody is expected in two places."""

    session = models.ForeignKey(StageSession, models.PROTECT, related_name="invitations", db_constraint=False)
    stage = models.CharField("tahap", max_length=14, choices=SelectionStage, editable=False)  # of the session
    invited_on = models.DateField("diundang")

    class Meta:
        verbose_name = "undangan seleksi"
        constraints = [models.UniqueConstraint(fields=["application", "stage"], name="stage_invitation_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.session_id}"


class Objection(ApplicationChild):
    """An applicant's objection to a published result, and the answer."""

    text = models.CharField("isi sanggah", max_length=1000)
    made_on = models.DateField("diajukan")
    upheld = models.BooleanField("diterima", null=True, blank=True)
    answer = models.CharField("jawaban", max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("dijawab", null=True, blank=True)

    class Meta:
        verbose_name = "sanggah"
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(answered_at__isnull=True), name="objection_one_open"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, upheld__isnull=True)
                | (Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False) & ~Q(answer="")),
                name="objection_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.made_on}"


class PlaceOffer(ApplicationChild):
    """A place of a formation offered to one applicant; nobody else can hold that place meanwhile.

    stood: what the applicant's record said before they accepted (kind "": there was none), to be given back to whoever
    withdraws before the first day.
    """

    class State(models.TextChoices):
        OPEN = "open", Phrase("menunggu jawaban")
        ACCEPTED = "accepted", Phrase("diterima")
        DECLINED = "declined", Phrase("ditolak")
        LAPSED = "lapsed", Phrase("lewat batas")
        WITHDREW = "withdrew", Phrase("mengundurkan diri sebelum bertugas")

    HOLDING = ("open", "accepted")

    formation = models.ForeignKey(Formation, models.PROTECT, related_name="offers")
    place_no = models.IntegerField("tempat ke-")
    state = models.CharField("keadaan", max_length=8, choices=State, default=State.OPEN)
    offered_on = models.DateField("ditawarkan")
    answer_by = models.DateField("jawab paling lambat")  # the last day
    answered_on = models.DateField("dijawab", null=True, blank=True)
    why = models.CharField("alasan mundur", max_length=200, blank=True)  # of whoever accepted and withdrew
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    stood_kind = models.CharField("unsur sebelumnya", max_length=5, choices=Person.Kind, blank=True, db_default="")
    stood_cohort = models.SmallIntegerField("angkatan sebelumnya", null=True, blank=True)
    stood_since = models.DateField("mulai bertugas sebelumnya", null=True, blank=True)
    stood_until = models.DateField("berhenti sebelumnya", null=True, blank=True)

    class Meta:
        verbose_name = "tawaran tempat"
        constraints = [
            models.UniqueConstraint(
                fields=["formation", "place_no"], condition=Q(state__in=("open", "accepted")), name="offer_one_a_place"
            ),
            models.UniqueConstraint(fields=["application"], name="offer_once_an_application"),
            models.CheckConstraint(condition=Q(answer_by__gte=F("offered_on")), name="offer_leaves_time"),
            models.CheckConstraint(
                condition=Q(state="accepted", person__isnull=False) | (~Q(state="accepted") & Q(person__isnull=True)),
                name="offer_accepted_makes_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_on__isnull=True) | (~Q(state="open") & Q(answered_on__isnull=False)),
                name="offer_answered_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrew") & ~Q(why="") | ~Q(state="withdrew") & Q(why=""),
                name="offer_withdrawn_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.formation_id} #{self.place_no}"

    def keep(self, stood: Person | None) -> None:
        """What stands before the place is taken."""
        if stood is not None:
            self.stood_kind, self.stood_cohort = stood.kind, stood.cohort
            self.stood_since, self.stood_until = stood.since, stood.until
