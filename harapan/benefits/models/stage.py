"""A payment stage (tahap), where each regency stands in it, and who moved it when and why."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from harapan.accounts.models import User
from harapan.benefits.errors import ImpossibleMove
from harapan.core.periods import StageName
from harapan.core.phrases import Phrase


class Mode(models.TextChoices):
    RECEIVED = "received", Phrase("diterima dari pusat")
    COMPUTED = "computed", Phrase("dihitung di sini")


class State(models.TextChoices):
    PLANNED = "planned", Phrase("Direncanakan")
    OPEN = "open", Phrase("Dibuka")
    FROZEN = "frozen", Phrase("Dibekukan")
    COMPUTED = "computed", Phrase("Dihitung")
    CHECKED = "checked", Phrase("Diperiksa")
    APPROVED = "approved", Phrase("Disetujui")
    INSTRUCTED = "instructed", Phrase("Diperintahkan")
    RECONCILED = "reconciled", Phrase("Direkonsiliasi")
    CLOSED = "closed", Phrase("Ditutup")
    FINAL = "final", Phrase("Tuntas")


RECEIVED_STATES = (State.OPEN, State.RECONCILED, State.CLOSED, State.FINAL)
COMPUTED_STATES = tuple(State)
STATES_OF = {Mode.RECEIVED: RECEIVED_STATES, Mode.COMPUTED: COMPUTED_STATES}


class Stage(models.Model):
    """One stage of one payment calendar. `state` is that of the regency furthest behind (docs/adr/0005)."""

    name = models.CharField("tahap", max_length=16, unique=True)
    mode = models.CharField("cara", max_length=10, choices=Mode, default=Mode.RECEIVED)
    state = models.CharField("keadaan", max_length=12, choices=State, default=State.OPEN)
    year = models.SmallIntegerField("tahun")
    number = models.SmallIntegerField("nomor")
    channel = models.CharField("saluran", max_length=10, default="all")
    pays_months = ArrayField(models.CharField(max_length=7), verbose_name="bulan dibayar")
    observes_months = ArrayField(models.CharField(max_length=7), verbose_name="bulan diverifikasi")
    planned_on = models.DateField("direncanakan")

    class Meta:
        verbose_name = "tahap"
        ordering = ["year", "number", "channel"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mode="computed") | models.Q(state__in=[str(state) for state in RECEIVED_STATES]),
                name="stage_state_belongs_to_its_mode",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> Phrase:
        """ "Tahap 2 Tahun 2025"."""
        return StageName.parse(self.name).label

    @property
    def states(self) -> tuple[State, ...]:
        """The states this stage goes through, in order."""
        return STATES_OF[Mode(self.mode)]

    @property
    def first_day(self) -> date:
        return date.fromisoformat(f"{self.pays_months[0]}-01")


class StageRegency(models.Model):
    """Where one kabupaten or kota stands in a stage: lists, reconciliation and minutes are its own affair."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="regencies")
    regency_no = models.BigIntegerField("kabupaten/kota")
    state = models.CharField("keadaan", max_length=12, choices=State, default=State.OPEN)

    class Meta:
        verbose_name = "tahap kabupaten/kota"
        constraints = [models.UniqueConstraint(fields=["stage", "regency_no"], name="stage_regency_once")]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.regency_no}"

    def move_to(self, state: State) -> None:
        """One step on, or back to open from reconciled. Raises ImpossibleMove; the caller saves and notes the move."""
        states = self.stage.states
        here, there = states.index(State(self.state)), states.index(state)
        if there != here + 1 and (State(self.state), state) != (State.RECONCILED, State.OPEN):
            raise ImpossibleMove(self.stage.name, State(self.state).label, state.label)
        self.state = state


class StageMove(models.Model):
    """Who moved a stage from one state to another, when and why. `regency_no` 0: the stage as a whole.

    `wave` above 0: only that supplementary wave moved; the stage itself stays where it is.
    """

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="moves")
    regency_no = models.BigIntegerField(default=0)
    wave = models.SmallIntegerField("susulan", default=0)
    came_from = models.CharField("dari", max_length=12, choices=State, blank=True)
    went_to = models.CharField("ke", max_length=12, choices=State)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system itself
    on = models.DateField("tanggal")
    at = models.DateTimeField("dicatat", auto_now_add=True)
    why = models.CharField("alasan", max_length=300, blank=True)

    class Meta:
        verbose_name = "perpindahan tahap"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.stage_id}: {self.came_from} ke {self.went_to}"
