"""The pages of data changes: asked with its effect seen first, proven, decided by another person, followed outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.benefits.actions import plan
from harapan.benefits.models import Listing, Mode, Stage
from harapan.benefits.previewing import next_stages
from harapan.benefits.reflecting import reflect
from harapan.core.components import Component
from harapan.database.scope import Scope
from harapan.registry.models import Change, Family, Member, PaymentAccount
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, TAPIN, World, make_world
from tests.web.signing import person, signed_in

TODAY = date(2025, 5, 20)


@dataclass
class Field:
    world: World
    family: Family
    far: Family
    asker: Post
    decider: Post

    @property
    def mother(self) -> Member:
        return Member.objects.get(family=self.family, manager=True)


@pytest.fixture
def field(system: Scope, monkeypatch: pytest.MonkeyPatch) -> Field:
    monkeypatch.setattr("harapan.database.day.today", lambda: TODAY)
    world = make_world()
    family = world.family(Component.PRIMARY, village=CEMPAKA, name="SITI AMINAH")
    Member.objects.filter(family=family, manager=True).update(sex=Member.Sex.FEMALE)
    far = world.family(village=BAMBAN, name="JAMILAH")
    asker = person("facilitator", groups=(world.groups[CEMPAKA].pk,))
    world.groups[CEMPAKA].facilitator = asker.user
    world.groups[CEMPAKA].save()
    decider = person("regency_coordinator", regions=(TAPIN,))
    plan("2025-3", mode=Mode.RECEIVED, by=world.user, on=TODAY)
    return Field(world, family, far, asker, decider)


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def ask(field: Field, page: Client, kind: str, **told: str) -> Any:
    return page.post(reverse("change_new", args=[field.family.pk, kind]), {"effective_on": "2025-05-01", **told})


def test_a_change_goes_from_the_family_to_the_list(field: Field) -> None:
    asker, decider = signed_in(field.asker), signed_in(field.decider)
    tabs = words(asker.get(reverse("family", args=[field.family.pk])))
    assert reverse("family_changes", args=[field.family.pk]) in tabs
    assert "Apa yang berubah?" in words(asker.get(reverse("family_changes", args=[field.family.pk])))
    seen = words(ask(field, asker, "birth", name="Nur Aisyah", sex="2"))
    assert "tahap 2025-3 berubah dari Rp225.000 menjadi <mark>Rp975.000</mark>" in seen
    assert not Change.objects.exists()
    assert not Member.objects.filter(name="Nur Aisyah").exists()  # what was foreseen is taken back
    sent = ask(field, asker, "birth", name="Nur Aisyah", sex="2", send="1")
    change = Change.objects.get()
    assert sent.headers["Location"] == reverse("change", args=[change.pk])
    one = reverse("change", args=[change.pk])
    assert "masih diminta" in words(asker.get(one))
    for kind in ("birth_certificate", "family_card"):
        file = SimpleUploadedFile(f"{kind}.pdf", b"%PDF-1.7 " + kind.encode())
        given = {"kind": kind, "file": file}
        assert asker.post(reverse("change_prove", args=[change.pk]), given).status_code == 303
    assert "Terapkan" not in words(asker.get(one))
    queue = words(decider.get(reverse("changes")))
    assert "<mark>1 pemutakhiran</mark> menunggu keputusan" in queue
    assert decider.post(reverse("change_decide", args=[change.pk]), {"deed": "approve"}).status_code == 303
    assert Member.objects.filter(name="Nur Aisyah").exists()
    entered = {"entered_on": "2025-05-20", "note": "usulan 118"}
    assert asker.post(reverse("change_enter", args=[change.pk]), entered).status_code == 303
    field.world.listed({field.family: 975_000}, stage="2025-3")
    change.refresh_from_db()
    assert (change.reflected_in, change.entered_note) == ("2025-3", "usulan 118")
    assert "daftar tahap 2025-3" in words(asker.get(one))


def test_an_amount_that_stays_as_it_was_is_not_yet_reflected(field: Field) -> None:
    asker = signed_in(field.asker)
    ask(field, asker, "birth", name="Nur Aisyah", sex="2", send="1")
    change = Change.objects.get()
    Change.objects.update(state="applied", decided_by=field.decider.user, decided_on=TODAY)
    field.world.listed({field.family: 225_000}, stage="2025-3")
    change.refresh_from_db()
    assert change.reflected_on is None


@pytest.mark.parametrize(
    ("kind", "told", "listed"),
    [
        ("account", {"bank": "BNI"}, {"bank": "BNI"}),
        ("move", {"village": str(HIYUNG), "address": "JL. BARU"}, {"listed_region_no": HIYUNG}),
    ],
)
def test_place_and_bank_are_seen_in_the_list_itself(
    field: Field, kind: str, told: dict[str, str], listed: dict[str, Any]
) -> None:
    ask(field, signed_in(field.asker), kind, **told, send="1")
    Change.objects.update(state="applied", decided_by=field.decider.user, decided_on=TODAY)
    field.world.listed({field.family: 1}, stage="2025-3", **listed)
    assert Change.objects.get().reflected_in == "2025-3"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("account", {"bank": "BRI", "account": "330201000123456"}),
        ("move", {"village": str(CEMPAKA), "address": "JL. BARU"}),
    ],
)
def test_a_village_or_bank_that_stays_shows_nothing_before_siks_ng_was_told(
    field: Field, kind: str, told: dict[str, str]
) -> None:
    before: dict[str, Any] = {"bank": "BRI", "listed_region_no": CEMPAKA}
    field.world.listed({field.family: 225_000}, stage="2025-2", **before)
    ask(field, signed_in(field.asker), kind, **told, send="1")
    Change.objects.update(state="applied", decided_by=field.decider.user, decided_on=TODAY)
    field.world.listed({field.family: 225_000}, stage="2025-3", **before)
    assert Change.objects.get().reflected_on is None
    Change.objects.update(entered_by=field.asker.user, entered_on=TODAY)
    assert reflect(Stage.objects.get(name="2025-3"), on=TODAY) == 1


def test_a_contradiction_is_said_beside_what_was_typed(field: Field) -> None:
    answer = ask(field, signed_in(field.asker), "move", village="63.05.03.2999", address="JL. BARU")
    assert answer.status_code == 422
    assert "63.05.03.2999 tidak ada dalam daftar" in words(answer)
    assert "JL. BARU" in words(answer)
    unseen = words(ask(field, signed_in(field.asker), "move", village=str(HIYUNG), address="JL. BARU"))
    assert "akibatnya <mark>belum dapat dihitung</mark>" in unseen  # whoever asks does not see the new place
    assert ask(field, signed_in(field.asker), "birth", name="   ", sex="2", send="1").status_code == 422
    assert not Change.objects.exists()


def test_who_may_see_and_decide(field: Field) -> None:
    asker = signed_in(field.asker)
    ask(field, asker, "account", bank="BNI", account="330201000123456", send="1")
    change = Change.objects.get()
    stranger = signed_in(person("facilitator", groups=(field.world.groups[BAMBAN].pk,)))
    for name in ("change", "change_sheet"):
        assert stranger.get(reverse(name, args=[change.pk])).status_code == 404
    assert stranger.get(reverse("change_new", args=[field.family.pk, "birth"])).status_code == 404
    province = signed_in(person("province_coordinator", regions=(6300000000,)))
    assert province.get(reverse("change", args=[change.pk])).status_code == 200
    denied = province.post(reverse("change_decide", args=[change.pk]), {"deed": "approve"})
    assert denied.status_code == 422
    assert signed_in(person("commitment_officer")).get(reverse("changes")).status_code == 404
    change.refresh_from_db()
    assert change.state == "asked"


def test_numbers_on_the_copy_sheet_are_opened_with_a_reason(field: Field) -> None:
    ask(field, signed_in(field.asker), "account", bank="BNI", account="330201000123456", send="1")
    change = Change.objects.get()
    sheet = reverse("change_sheet", args=[change.pk])
    assert "330201000123456" not in words(signed_in(field.asker).get(sheet))
    officer = signed_in(field.decider)
    assert "330201000123456" not in words(officer.get(sheet))
    shown = words(officer.post(sheet, {"why": "mengisi usulan di SIKS-NG"}))
    assert "330201000123456" in shown
    assert Entry.objects.filter(verb="number.opened", why="mengisi usulan di SIKS-NG").exists()
    assert signed_in(field.asker).post(sheet, {"why": "ingin tahu saja"}).status_code in (403, 404)


def test_the_queue_is_filtered_and_exported_with_a_constant_number_of_statements(
    field: Field, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        family = field.world.family(village=CEMPAKA, name=f"KELUARGA {number}")
        Change.objects.create(
            family=family, kind="leave", told={"effective_on": "2025-05-01"}, content_key=str(number),
            effective_on=date(2025, 5, 1), asked_by=field.asker.user, asked_on=TODAY,
        )  # fmt: skip
    officer = signed_in(field.decider)
    with django_assert_max_num_queries(22):
        shown = words(officer.get(reverse("changes"), {"kind": "leave"}))
    assert shown.count(">KELUARGA ") == 8
    assert "Tidak ada" in words(officer.get(reverse("changes"), {"kind": "move", "state": "applied"}))
    file = officer.get(reverse("changes_file", args=["csv"]), {"kind": "leave"})
    text = b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("KELUARGA ") == 8


def test_the_effect_is_that_of_the_first_stage_that_pays_after_the_day_and_is_open(field: Field) -> None:
    assert field.family  # of a world in which only 2025-3 is planned
    for day, stage in ((date(2025, 5, 1), "2025-2"), (date(2025, 7, 3), "2025-3"), (date(2025, 12, 30), "2025-4")):
        assert next_stages(day)[0].name == stage
    plan("2025-2", mode=Mode.COMPUTED, by=field.world.user, on=TODAY)
    Stage.objects.filter(name="2025-2").update(state="frozen")
    assert [stage.name for stage in next_stages(date(2025, 5, 1))] == ["2025-3", "2025-4"]
    field.world.listed({field.family: 225_000}, stage="2025-3")  # nothing done here changes a list that has come
    assert [stage.name for stage in next_stages(date(2025, 5, 1))] == ["2025-4", "2026-1"]


def test_several_are_decided_with_one_reason_and_who_may_not_is_named(field: Field) -> None:
    asker, decider = signed_in(field.asker), signed_in(field.decider)
    ask(field, asker, "birth", name="Nur Aisyah", sex="2", send="1")
    whole = Change.objects.get()
    for kind in ("birth_certificate", "family_card"):
        file = SimpleUploadedFile(f"{kind}.pdf", b"%PDF-1.7 " + kind.encode())
        asker.post(reverse("change_prove", args=[whole.pk]), {"kind": kind, "file": file})
    ask(field, asker, "birth", name="Nur Hidayah", sex="2", send="1")  # a twin, without any paper
    bare = Change.objects.exclude(pk=whole.pk).get()
    queue = words(decider.get(reverse("changes")))
    assert "Terapkan yang dicentang" in queue
    assert "Terapkan yang dicentang" not in words(asker.get(reverse("changes")))
    sent = {"change": [whole.pk, bare.pk], "deed": "approve", "why": "diperiksa bersama petugas desa"}
    send = reverse("changes_decide")
    assert decider.post(send, {**sent, "why": "ya"}).status_code == 422
    assert decider.post(send, {**sent, "change": []}).status_code == 422
    said = words(decider.post(send, sent, follow=True))
    assert "1 pemutakhiran diterapkan." in said
    assert "SITI AMINAH, Kelahiran: Buktinya belum lengkap" in said
    states = dict(Change.objects.values_list("pk", "state"))
    assert states == {whole.pk: "applied", bare.pk: "asked"}
    assert Change.objects.get(pk=whole.pk).decided_why == "diperiksa bersama petugas desa"
    assert "2 permintaan" not in words(asker.post(send, {**sent, "deed": "refuse"}, follow=True))
    assert Change.objects.get(pk=bare.pk).state == "asked"  # nobody decides the own request
    assert "1 permintaan ditolak." in words(decider.post(send, {**sent, "deed": "refuse"}, follow=True))
    assert Change.objects.get(pk=bare.pk).state == "refused"
    assert Change.objects.get(pk=whole.pk).state == "applied"


def test_an_amount_that_stays_is_reflected_once_siks_ng_was_told_and_the_list_has_it(field: Field) -> None:
    asker = signed_in(field.asker)
    ask(field, asker, "birth", name="Nur Aisyah", sex="2", send="1")
    change = Change.objects.get()
    same = {"stage": "2025-3", "before_idr": 225_000, "after_idr": 225_000, "before": [], "after": []}
    Change.objects.update(state="applied", decided_by=field.decider.user, decided_on=TODAY, effect=same)
    field.world.listed({field.family: 225_000}, stage="2025-3")
    change.refresh_from_db()
    assert change.reflected_on is None  # nobody has told the outside
    entered = {"entered_on": "2025-05-20", "note": "usulan 118"}
    assert asker.post(reverse("change_enter", args=[change.pk]), entered).status_code == 303
    field.world.listed({field.family: 300_000}, stage="2025-3")
    change.refresh_from_db()
    assert change.reflected_on is None  # another amount
    field.world.listed({field.family: 225_000}, stage="2025-3")
    change.refresh_from_db()
    assert change.reflected_in == "2025-3"


@pytest.fixture
def ending(field: Field) -> Change:
    """An applied change after which the family, once listed, is due nothing from 2025-3 on."""
    field.world.listed({field.family: 225_000}, stage="2025-1")
    ask(field, signed_in(field.asker), "birth", name="Nur Aisyah", sex="2", send="1")
    nothing = {"stage": "2025-3", "before_idr": 225_000, "after_idr": 0, "before": [], "after": []}
    Change.objects.update(state="applied", decided_by=field.decider.user, decided_on=TODAY, effect=nothing)
    return Change.objects.get()


def reflected_in(change: Change) -> str:
    change.refresh_from_db()
    return change.reflected_in


def test_a_family_due_nothing_is_reflected_by_a_list_that_names_its_neighbours_alone(
    field: Field, ending: Change
) -> None:
    neighbour = field.world.family(village=CEMPAKA)
    field.world.listed({field.far: 225_000}, stage="2025-3")
    assert reflected_in(ending) == ""  # the list of another kecamatan says nothing of this one
    field.world.listed({neighbour: 225_000}, stage="2025-2")
    assert reflected_in(ending) == ""  # in that stage it was still due something
    field.world.listed({neighbour: 225_000}, stage="2025-3")
    assert reflected_in(ending) == "2025-3"
    page = words(signed_in(field.asker).get(reverse("change", args=[ending.pk])))
    assert "tidak ada lagi di daftar tahap 2025-3" in page
    field.world.listed({field.family: 225_000}, stage="2025-3", wave="2")
    assert reflected_in(ending) == ""  # a later wave pays it after all


def test_whom_no_list_ever_named_is_reflected_by_absence_once_siks_ng_was_told(field: Field, ending: Change) -> None:
    Listing.objects.filter(family=field.family).delete()
    neighbour = field.world.family(village=CEMPAKA)
    field.world.listed({neighbour: 225_000}, stage="2025-3")
    assert reflected_in(ending) == ""
    Change.objects.update(entered_by=field.asker.user, entered_on=TODAY)
    field.world.listed({neighbour: 300_000}, stage="2025-3")
    assert reflected_in(ending) == "2025-3"


def test_what_is_asked_for_is_said_before_it_is_sent_and_a_village_is_picked_by_its_name(field: Field) -> None:
    asker = signed_in(field.asker)
    birth = words(asker.get(reverse("change_new", args=[field.family.pk, "birth"])))
    assert "Akta kelahiran atau Surat keterangan lahir bidan atau rumah sakit" in birth
    assert "diputuskan oleh petugas data atau ketua tim kab/kota" in birth
    assert "Pengurus baru" in words(asker.get(reverse("change_new", args=[field.family.pk, "manager"])))
    move = words(asker.get(reverse("change_new", args=[field.family.pk, "move"])))
    offered = re.search(r'<option value="([^"]*Hiyung, [^"]+)">', move)
    assert offered
    for typed in ("Hiyung", offered[1], "63.05.03.2009", "Bamban"):
        named = ask(field, asker, "move", village=typed, address="JL. HIYUNG")
        assert named.status_code == 200
        assert "belum dapat dihitung" in words(named)
    unknown = ask(field, asker, "move", village="Hiyung, Angkinang", address="JL. HIYUNG")
    assert unknown.status_code == 422
    assert "Wilayah “Hiyung, Angkinang” tidak ditemukan" in words(unknown)


def test_a_change_taken_back_says_by_whom_and_why_and_what_is_left_to_do_outside(field: Field) -> None:
    asker, decider = signed_in(field.asker), signed_in(field.decider)
    ask(field, asker, "birth", name="Nur Aisyah", sex="2", send="1")
    change = Change.objects.get(kind="birth")
    for kind in ("birth_certificate", "family_card"):
        file = SimpleUploadedFile(f"{kind}.pdf", b"%PDF-1.7 " + kind.encode())
        asker.post(reverse("change_prove", args=[change.pk]), {"kind": kind, "file": file})
    decider.post(reverse("change_decide", args=[change.pk]), {"deed": "approve"})
    asker.post(reverse("change_enter", args=[change.pk]), {"entered_on": "2025-05-20", "note": "usulan 118"})
    decider.post(reverse("change_decide", args=[change.pk]), {"deed": "reverse", "why": "Akta milik anak tetangga."})
    seen = words(asker.get(reverse("change", args=[change.pk])))
    assert f"{field.decider.user.name}, 20 Mei 2025: “Akta milik anak tetangga.”" in seen
    assert "SIKS-NG masih memuat isi yang dibalik" in seen
    counter = Change.objects.get(reverses=change)
    queue = words(decider.get(reverse("changes"), {"state": "enter"}))
    assert reverse("change", args=[counter.pk]) in queue
    assert asker.get(reverse("change", args=[counter.pk])).headers["Location"] == reverse("change", args=[change.pk])
    sheet = words(asker.get(reverse("change_sheet", args=[counter.pk])))
    assert re.search(r"Nama sesuai dokumen</th><td [^>]*>Nur Aisyah</td><td [^>]*><span [^>]*>.*?dihapus", sheet)
    entered = {"entered_on": "2025-05-20", "note": "usulan 131"}
    assert asker.post(reverse("change_enter", args=[counter.pk]), entered).status_code == 303
    done = words(asker.get(reverse("change", args=[change.pk])))
    assert "usulan 131" in done
    assert "SIKS-NG masih memuat isi yang dibalik" not in done
    assert "menunggu daftar" in done
    field.world.listed({field.family: 975_000}, stage="2025-3")
    assert "menunggu daftar" in words(asker.get(reverse("family_changes", args=[field.family.pk])))
    field.world.listed({field.family: 225_000}, stage="2025-3")
    counter.refresh_from_db()
    assert counter.effect is not None
    assert (counter.effect["before_idr"], counter.effect["after_idr"]) == (975_000, 225_000)
    assert counter.reflected_in == "2025-3"
    assert "Tercermin kembali</dt><dd> daftar tahap 2025-3" in words(asker.get(reverse("change", args=[change.pk])))


@pytest.mark.parametrize(
    ("kind", "told", "changed"),
    [
        ("account", {"bank": "BNI"}, {"bank": "BNI"}),
        ("move", {"village": str(HIYUNG), "address": "JL. BARU"}, {"listed_region_no": HIYUNG}),
    ],
)
def test_a_counter_entry_is_seen_where_the_list_has_the_former_village_or_bank_after_siks_ng_was_told(
    field: Field, kind: str, told: dict[str, str], changed: dict[str, Any]
) -> None:
    ask(field, signed_in(field.asker), kind, **told, send="1")
    Change.objects.update(state="applied", decided_by=field.decider.user, decided_on=TODAY)
    taken_back = Change.objects.get()
    before: dict[str, Any] = {"bank": "BRI", "listed_region_no": CEMPAKA}
    field.world.listed({field.family: 225_000}, stage="2025-3", **before | changed)
    counter = Change.objects.create(
        family=field.family, kind=kind, told=taken_back.told, effective_on=taken_back.effective_on, state="applied",
        asked_by=field.decider.user, asked_on=TODAY, decided_by=field.decider.user, decided_on=TODAY,
        reverses=taken_back,
    )  # fmt: skip
    Change.objects.filter(pk=taken_back.pk).update(state="reversed")
    stage = Stage.objects.get(name="2025-3")
    field.world.listed({field.family: 225_000}, stage="2025-3", **before)
    assert reflect(stage, on=TODAY) == 0  # nobody has told the outside
    Change.objects.filter(pk=counter.pk).update(entered_by=field.asker.user, entered_on=TODAY)
    field.world.listed({field.family: 225_000}, stage="2025-3", **before | changed)
    assert reflect(stage, on=TODAY) == 0
    field.world.listed({field.family: 225_000}, stage="2025-3", **before)
    counter.refresh_from_db()
    assert counter.reflected_in == "2025-3"


@pytest.mark.parametrize(("days", "said"), [(89, "menunggu daftar"), (90, "belum tercermin di daftar")])
def test_what_no_list_shows_is_called_the_same_on_every_page(
    field: Field, monkeypatch: pytest.MonkeyPatch, days: int, said: str
) -> None:
    asker = signed_in(field.asker)
    ask(field, asker, "birth", name="Nur Aisyah", sex="2", send="1")
    change = Change.objects.get()
    Change.objects.update(
        state="applied", decided_by=field.decider.user, decided_on=TODAY, entered_by=field.asker.user, entered_on=TODAY
    )
    monkeypatch.setattr("harapan.database.day.today", lambda: TODAY + timedelta(days=days))
    for page in (reverse("change", args=[change.pk]), reverse("family_changes", args=[field.family.pk])):
        assert said in words(asker.get(page))
    narrowed = words(asker.get(reverse("changes"), {"state": "unreflected"}))
    assert (reverse("change", args=[change.pk]) in narrowed) == (said == "belum tercermin di daftar")
    assert said in words(asker.get(reverse("changes"), {"state": "applied"}))


def test_a_new_card_alone_keeps_the_account_and_the_same_account_is_no_change(field: Field) -> None:
    asker, decider = signed_in(field.asker), signed_in(field.decider)
    before = PaymentAccount.objects.get(family=field.family)
    number = before.number = "330201000123456"
    before.save()
    same = ask(field, asker, "account", bank=before.bank, account=f"{number[:4]} {number[4:]}", send="1")
    assert "Rekening itu sama dengan yang tercatat." in words(same)
    ask(field, asker, "account", bank=before.bank, card="6013 0112 3456 7890", send="1")
    change = Change.objects.get(kind="account")
    book = SimpleUploadedFile("buku.pdf", b"%PDF-1.7 buku")
    asker.post(reverse("change_prove", args=[change.pk]), {"kind": "bank_book", "file": book})
    decider.post(reverse("change_decide", args=[change.pk]), {"deed": "approve"})
    now = PaymentAccount.objects.get(family=field.family, spell__contains=date(2025, 5, 2))
    assert now.number.open() == number
    assert now.card.open() == "6013011234567890"


def test_a_pengurus_who_dies_without_a_grown_heir_leaves_nothing_and_the_page_says_why(field: Field) -> None:
    asker = signed_in(field.asker)
    seen = words(ask(field, asker, "death", member=str(field.mother.pk)))
    assert "menjadi <mark>Rp0</mark>" in seen
    assert "pengurus meninggal tanpa ahli waris" in seen
    ask(field, asker, "death", member=str(field.mother.pk), send="1")
    assert "pengurus meninggal tanpa ahli waris" in words(asker.get(reverse("change", args=[Change.objects.get().pk])))
