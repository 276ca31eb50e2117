"""What waits for a reader: asked of each domain, told in the words of a worklist, most pressing first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.accounts.roles import Reach
from harapan.benefits import notices
from harapan.benefits import waiting as of_benefits
from harapan.benefits.models import Stage, State
from harapan.benefits.places import naming
from harapan.benefits.waiting import Standing
from harapan.core.periods import month_days
from harapan.database.counting import Waiting
from harapan.intake.queries import waiting_to_be_written
from harapan.payments import waiting as of_payments
from harapan.payments.waiting import Glance, RegencyMoney
from harapan.performance import queries as of_performance
from harapan.policy.reader import default_policy
from harapan.policy.stage_rules import StageRules
from harapan.registry import waiting as of_registry
from harapan.registry.models import Facility
from harapan.ui.parts import Task, Words
from harapan.ui.words import counted
from harapan.ui.words import months as months_in_words
from harapan.verification.protocol import obliged_on
from harapan.verification.queries import MonthCounts, each_month_counts, facilities_of, month_number, months_over
from harapan.web.home.field_tasks import field_tasks
from harapan.web.home.learned_tasks import learned_tasks
from harapan.web.home.recruitment_tasks import recruitment_tasks
from harapan.web.home.staff_tasks import staff_tasks
from harapan.web.home.stage_tasks import stage_tasks
from harapan.workforce.ethics.waiting import Errand, called, ethics_tasks

# what waits of ethics: its words, why, the page it is done on, the deed
ETHICS = {
    Errand.CALLED: (
        gettext_lazy("Anda dipanggil dalam perkara etik"), gettext_lazy("Baca sangkaannya dan tulis pembelaan Anda."),
        "ethics", gettext_lazy("Buka"),
    ),
    Errand.SIGN: (
        gettext_lazy("Kode etik tahun ini belum Anda tanda tangani"), gettext_lazy("Baca, lalu tanda tangani."),
        "ethics", gettext_lazy("Baca"),
    ),
    Errand.HANDLE: (
        counted("Perkara etik menunggu langkah berikutnya"),
        gettext_lazy("Belum ada yang menangani, atau Anda yang menangani."), "ethics_cases", gettext_lazy("Buka"),
    ),
    Errand.EXECUTE: (
        counted("Putusan etik menunggu Anda laksanakan"),
        gettext_lazy("Nama Anda tertulis dalam putusannya."),
        "ethics_execute", gettext_lazy("Laksanakan"),
    ),
    Errand.NOBODY_CARRIES_OUT: (
        counted("Pelaksana putusan etik sudah tidak bertugas"),
        gettext_lazy("Buka perkaranya dan tunjuk pelaksana yang baru."), "ethics_cases", gettext_lazy("Tunjuk"),
    ),
    Errand.ASK: (
        counted("Keluarga terundi belum ditanya"),
        gettext_lazy("Lima pertanyaan singkat saat kunjungan."),
        "ethics_visits", gettext_lazy("Tanyakan"),
    ),
    Errand.UNSIGNED: (
        counted("Orang yang belum menandatangani kode etik"),
        gettext_lazy("Batas tahun ini sudah lewat."),
        "ethics_unsigned", gettext_lazy("Ingatkan"),
    ),
}  # fmt: skip
ROWS_MAX = 13
COMPUTED_SHOWN = 6  # computed stages beside the worklist, the newest
SEES_ALL = "audit.view"  # whoever only looks sees the same list, without its deeds


@dataclass
class Desk:
    """One reader's desk today: the stage at hand, what its money and its months say, and the tasks that follow."""

    post: Post
    on: date

    def may(self, permission: str) -> bool:
        return allows(self.post, permission) or allows(self.post, SEES_ALL)

    @cached_property
    def stage(self) -> Stage | None:
        return of_benefits.stage_at_hand() if allows(self.post, "stage.view") else None

    @cached_property
    def law(self) -> StageRules:
        return of_benefits.law_of(self.stage, on=self.on)

    @cached_property
    def regencies(self) -> dict[State, int]:
        return of_benefits.regencies_by_state(self.stage, self.post) if self.stage else {}

    @property
    def many(self) -> bool:
        """Whether the reach holds more than one kabupaten/kota."""
        return sum(self.regencies.values()) > 1

    @cached_property
    def glance(self) -> Glance | None:
        return of_payments.at_a_glance(self.stage, self.post) if self.stage else None

    @cached_property
    def regency_rows(self) -> list[tuple[str, RegencyMoney]]:
        """For a province and above: where the most money lies untouched, by name. Two queries."""
        if self.stage is None or not self.many:
            return []
        rows = of_payments.most_untouched(self.stage, rows_max=ROWS_MAX)
        names = naming(row.regency_no for row in rows)
        return [(names.get(row.regency_no, str(row.regency_no)), row) for row in rows]

    @property
    def only_looks(self) -> bool:
        return self.post.role.read_only

    @cached_property
    def open_months(self) -> list[tuple[StageRules, MonthCounts]]:
        """Facility months of the reach, for each open stage one of whose months is over, as the pages of verification
        count them; not for the nation, whose schools nobody goes through one by one. Four queries.
        """
        if not allows(self.post, "verification.view") or self.post.role.reach == Reach.NATION:
            return []
        laws = [
            law for law in of_benefits.open_laws(self.post, on=self.on) if months_over(law.observes_months, on=self.on)
        ]
        asked = [(self._facilities(law), list(map(month_number, months_over(law.observes_months, on=self.on))))
                 for law in laws]  # fmt: skip
        return list(zip(laws, each_month_counts(asked, self.post), strict=True))

    def _facilities(self, law: StageRules) -> QuerySet[Facility]:
        months = law.observes_months
        return facilities_of(self.post, months, obliged_on(month_days(months[-1])[0]))

    @property
    def months(self) -> MonthCounts | None:
        """Those of the stage at hand."""
        return next((counts for law, counts in self.open_months if law.stage == self.law.stage), None)

    @cached_property
    def exceptions(self) -> list[tuple[str, Waiting]]:
        return of_payments.open_exceptions()

    @cached_property
    def tasks(self) -> list[Task]:
        found = [
            *stage_tasks(self),
            *self._exceptions(),
            *self._findings(),
            *self._ready(),
            *self._unsigned(),
            *self._imports(),
            *self._questions(),
            *self._hearings(),
            *self._to_check(),
            *self._ethics(),
            *staff_tasks(self),
            *self._months(),
            *self._differences(),
            *self._gone(),
            *self._untouched(),
            *self._cards(),
            *field_tasks(self),
            *self._groups(),
            *recruitment_tasks(self),
            *learned_tasks(self),
        ]
        return [self._with_main(task, first=place == 0) for place, task in enumerate(found)]

    def _with_main(self, task: Task, *, first: bool) -> Task:
        return replace(task, main=first and not self.only_looks)

    @cached_property
    def computed(self) -> list[Standing]:
        """Where each stage computed here stands, for whoever sees the nation. Three queries."""
        if self.post.role.reach != Reach.NATION or not allows(self.post, "stage.view"):
            return []
        return of_benefits.computed_stages(most=COMPUTED_SHOWN)

    def task(
        self, waits: Waiting, permission: str, what: Words, detail: Words, url: str, deed: Words, state: str = "",
        **told: object,
    ) -> Iterator[Task]:  # fmt: skip
        """The row, where anything waits. what: one title, or one for one and one for more, with what is `told`."""
        if not waits:
            return
        yield Task(
            count=waits.count,
            more=waits.more,
            what=what if isinstance(what, str) else what % {"n": waits.count, **told},
            detail=detail,
            url=url,
            when=self._age(waits.since),
            state=state,
            deed=deed if allows(self.post, permission) else _("Lihat"),
        )

    def _age(self, since: date | None) -> str:
        """How long the oldest has waited: what the data say, no deadline of ours."""
        if since is None:
            return ""
        days = (self.on - since).days
        return _("sejak hari ini") if days <= 0 else _("tertua %(days)d hari") % {"days": days}

    def _findings(self) -> Iterator[Task]:
        if not self.may("exception.close"):
            return
        for stage, waits in of_payments.account_findings():
            yield from self.task(
                waits,
                "exception.close",
                counted("Temuan cek rekening, tahap %(stage)s"),
                _("Uangnya ditahan sampai rekening atau namanya diperbaiki."),
                reverse("stage_findings", args=[stage]),
                _("Perbaiki"),
                "wait",
                stage=stage,
            )

    def _exceptions(self) -> Iterator[Task]:
        if not self.may("exception.close"):
            return
        for stage, waits in self.exceptions:
            yield from self.task(
                waits,
                "exception.close",
                counted("Jawaban bank dan laporan lapangan yang belum cocok, tahap %(stage)s"),
                _("Uangnya belum dapat dipertanggungjawabkan sampai dicocokkan atau disisihkan dengan alasan."),
                reverse("stage_exceptions", args=[stage]),
                _("Cocokkan"),
                "bad",
                stage=stage,
            )

    def _ready(self) -> Iterator[Task]:
        """A regency's stage in which every rupiah is answered, and every answer fits, may be reconciled."""
        glance, stage = self.glance, self.stage
        if not stage or not glance or not glance.due_idr or not self.may("stage.reconcile"):
            return
        waiting = glance.unanswered or any(name == stage.name for name, _waits in self.exceptions)
        if not waiting and self.regencies.get(State.OPEN):
            yield from self.task(
                Waiting(1),
                "stage.reconcile",
                _("Tahap %(stage)s siap direkonsiliasi") % {"stage": stage.name},
                _("Semua keluarga di daftar sudah terjawab oleh bank atau PT Pos, dan semua jawabannya cocok."),
                reverse("stage", args=[stage.name]),
                _("Buka tahap"),
            )

    def _unsigned(self) -> Iterator[Task]:
        if self.stage and self.may("stage.sign"):
            yield from self.task(
                of_payments.minutes_unsigned(),
                "stage.sign",
                _("Berita acara menunggu tanda tangan"),
                _("Ditandatangani dinas dan bank di kertas, lalu dicatat di sini."),
                reverse("minutes", args=[self.stage.name]),
                _("Buka berita acara"),
                "wait",
            )

    def _imports(self) -> Iterator[Task]:
        if self.may("import.families"):
            yield from self.task(
                Waiting(waiting_to_be_written()),
                "import.families",
                counted("Berkas sudah diuji, belum disimpan"),
                _("Periksa jawaban baris demi baris, lalu simpan atau tinggalkan."),
                reverse("imports"),
                _("Periksa"),
                "wait",
            )

    def _questions(self) -> Iterator[Task]:
        if self.may("family.change"):
            yield from self.task(
                of_registry.open_questions(),
                "family.change",
                counted("Dua sumber berbeda soal NIK, KK, atau nama"),
                _("Tidak ada yang ditimpa sampai seseorang memutuskan mana yang benar."),
                reverse("families") + "?state=asked",
                _("Putuskan"),
                "wait",
            )

    def _hearings(self) -> Iterator[Task]:
        """Nobody is cut unheard: telling is the facilitator's, the verdict the coordinator's."""
        url = reverse("sanctions")
        if self.may("sanction.answer") and self.post.role.reach == Reach.GROUPS:
            yield from self.task(
                notices.untold(),
                "sanction.answer",
                counted("Keluarga belum diberi tahu tentang bulan yang terlewat"),
                _("Hari menjawab berjalan sejak diberi tahu; sebelum didengar bantuannya tidak dikurangi."),
                f"{url}?state=untold",
                _("Beri tahu"),
                "wait",
            )
        if self.may("sanction.decide"):
            yield from self.task(
                notices.to_decide(on=self.on),
                "sanction.decide",
                counted("Pemberitahuan sanksi menunggu putusan"),
                _("Sudah dijawab, atau masa menjawabnya habis."),
                f"{url}?state=answered",
                _("Putuskan"),
                "wait",
            )

    def _to_check(self) -> Iterator[Task]:
        if allows(self.post, "integrity.answer"):
            yield from self.task(
                of_performance.unanswered_by(self.post.user),
                "integrity.answer",
                counted("Hal di catatan Anda yang perlu dicek"),
                _("Bukan tuduhan. Jawablah dengan kata-kata Anda."),
                reverse("integrity"),
                _("Jawab"),
                "wait",
            )
        if allows(self.post, "integrity.check"):
            yield from self.task(
                of_performance.unvisited(self.post),
                "integrity.check",
                counted("Kunjungan cek belum dilakukan"),
                _("Hanya hasil kunjungan yang menentukan."),
                reverse("checks"),
                _("Kunjungi"),
                "wait",
            )

    def _ethics(self) -> Iterator[Task]:
        """Being called comes first, then what one has to sign, to handle, to carry out."""
        if not allows(self.post, "ethics.view"):
            return
        for task in ethics_tasks(self.post, on=self.on):
            what, detail, page, deed = ETHICS[task.what]
            url = reverse(page) + ("?step=final" if task.what == Errand.NOBODY_CARRIES_OUT else "")
            if task.what == Errand.CALLED and (case := called(self.post).first()) is not None:
                url = reverse("ethics_own", args=[case.pk])
            yield from self.task(task.waits, "ethics.view", what, detail, url, deed, "wait")

    def _months(self) -> Iterator[Task]:
        for law, counts in self.open_months:
            yield from self._months_of(law, counts)

    def _months_of(self, law: StageRules, counts: MonthCounts) -> Iterator[Task]:
        """Of the stage at hand under its plain name; of another the name says which."""
        url, over = f"{reverse('verification')}?stage={law.stage}", months_over(law.observes_months, on=self.on)
        span = {"months": months_in_words(over[0], over[-1]), "stage": law.stage}
        at_hand = law.stage == self.law.stage
        if self.may("verification.record"):
            yield from self.task(
                Waiting(counts.open),
                "verification.record",
                counted("Bulan sekolah dan posyandu belum diverifikasi")
                if at_hand
                else counted("Bulan sekolah dan posyandu tahap %(stage)s belum diverifikasi"),
                _("%(months)s: belum ada yang menyatakan apa pun, tidak seorang pun dianggap hadir.") % span,
                f"{url}&state=open",
                _("Isi"),
                "wait",
                stage=law.stage,
            )
        if self.may("verification.confirm"):
            yield from self.task(
                Waiting(counts.declared),
                "verification.confirm",
                counted("Bulan baru dinyatakan, belum ada bukti")
                if at_hand
                else counted("Bulan tahap %(stage)s baru dinyatakan, belum ada bukti"),
                _("%(months)s: perlu formulir bertanda tangan, konfirmasi, atau kunjungan.") % span,
                f"{url}&state=declared",
                _("Buktikan"),
                stage=law.stage,
            )

    def _differences(self) -> Iterator[Task]:
        if self.stage and self.may("difference.answer"):
            yield from self.task(
                of_benefits.open_differences(self.stage),
                "difference.answer",
                counted("Selisih antara daftar dan hitungan"),
                _("Jumlah dari pusat tidak sama dengan hitungan kita; kemungkinan sebabnya tertulis."),
                reverse("stage_differences", args=[self.stage.name]),
                _("Jawab"),
            )

    def _gone(self) -> Iterator[Task]:
        if not self.stage or self.post.role.reach == Reach.NATION or not allows(self.post, "list.compare"):
            return
        before = of_benefits.stage_before(self.stage)
        if before and self.glance and self.glance.moved:
            yield from self.task(
                of_benefits.gone_from_list(self.stage, before),
                "list.compare",
                counted("Keluarga hilang dari daftar %(stage)s"),
                _("Ada di daftar %(before)s. Tidak ada yang dicabut; cari tahu mengapa.") % {"before": before.name},
                f"{reverse('lists_changed')}?first={before.name}&second={self.stage.name}&change=gone",
                _("Lihat keluarganya"),
                "wait",
                stage=self.stage.name,
            )

    def _untouched(self) -> Iterator[Task]:
        """Money that lies: a visit is what helps, so it stands on the desks of those who visit."""
        if not self.stage or self.post.role.reach not in (Reach.GROUPS, Reach.DISTRICTS, Reach.REGENCY):
            return
        days = _first_edge(self.on)
        yield from self.task(
            of_payments.untouched_longer(self.stage, days=days, on=self.on),
            "stage.view",
            counted("Uang lebih dari %(days)d hari belum diambil"),
            _("Tanyakan kepada keluarganya: kartu, PIN, jarak, atau belum tahu."),
            reverse("stage_money", args=[self.stage.name]),
            _("Lihat keluarganya"),
            "wait",
            days=days,
        )

    def _cards(self) -> Iterator[Task]:
        if self.may("card.record") and self.post.role.reach != Reach.NATION:
            yield from self.task(
                of_payments.cards_not_handed_over(),
                "card.record",
                counted("Kartu (KKS) belum diserahkan"),
                _("Dipesan atau sudah ada di cabang, belum ada berita acara serah terima."),
                reverse("cards"),
                _("Catat"),
            )

    def _groups(self) -> Iterator[Task]:
        if not self.may("group.manage"):
            return
        yield from self.task(
            of_registry.groups_without_facilitator(self.post, on=self.on),
            "group.manage",
            counted("Kelompok belum punya pendamping"),
            _("Keluarganya tidak ada di daftar siapa pun: belum ditunjuk, atau jabatan pendampingnya sudah berakhir."),
            reverse("groups") + "?alone=on",
            _("Tunjuk"),
        )
        yield from self.task(
            of_registry.families_without_group(self.post),
            "group.manage",
            counted("Keluarga belum berkelompok"),
            _("Belum ada pendamping yang melihatnya."),
            reverse("families") + "?state=groupless",
            _("Lihat"),
        )


def _first_edge(on: date) -> int:
    """From how many days on money counts as lying (policy)."""
    return int(min(default_policy().value("untouched.age_bands_days", on=on).value))
