"""Pages of the caseload: who may, whose region, a decree from ticked lines, statements that do not grow."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.database import day
from harapan.registry.models import Group
from harapan.workforce.models import Decree, ExtraDuty, Terrain
from harapan.workforce.proposing import Wishes, propose
from tests.benefits.world import CEMPAKA, HIYUNG, HSS, TAPIN
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words
from tests.web.test_english import english, leftovers
from tests.workforce.conftest import TAPIN_TENGAH, TODAY, Team, team, uneven

__all__ = ["team", "uneven"]

SK = {"number": "SK/12/PKH/2025", "dated": "2025-05-20", "why": "pembagian dampingan 2025"}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


def page(post: Post, name: str, *args: Any, **asked: Any) -> str:
    answer = signed_in(post).get(reverse(name, args=args), asked)
    assert answer.status_code == 200, answer.status_code
    return words(answer)


def keys(team: Team) -> list[str]:
    moves = propose(team.coordinator, team.regency, Wishes(split_groups=True), on=TODAY).moves
    return [f"{m.group}-{m.village}-{m.giver or 0}-{m.taker}-{m.families}-{int(m.whole)}" for m in moves]


def accepted(team: Team, lines: list[str], *, by: Post | None = None, **told: str) -> Any:
    sent = {"region": TAPIN, "split": "on", "line": lines, **SK, **told}
    return signed_in(by or team.coordinator).post(reverse("caseload_accept"), sent)


def test_a_coordinator_reads_who_stands_outside_the_band(uneven: Team) -> None:
    shown = page(uneven.coordinator, "caseload")
    assert "5 dari 5 pendamping</mark> di Kab. Tapin di luar rentang beban" in shown
    assert "4 belum ada pendampingnya" in shown
    assert "Kec. Tapin Tengah, Kab. Tapin: 4 dari 4 di luar rentang" in shown  # the picture says it in words too
    assert "Malang, 2024: 300-400" in shown  # what contradicts the band is shown beside it
    assert shown.index("ANI") < shown.index("BUDI") < shown.index("CICI")


def test_a_proposal_shows_before_and_after_and_each_reason(uneven: Team) -> None:
    shown = page(uneven.coordinator, "caseload_proposal", split="on")
    assert "21 keluarga</mark> di Kab. Tapin sebaiknya berganti pendamping" in shown
    assert "beban pendamping lama di atas bagian yang rata" in shown
    assert "belum ada pendampingnya" in shown
    assert "30 → 13" in shown
    assert shown.count('name="line"') == len(keys(uneven))


def test_ticked_lines_become_a_decree_and_the_rest_stays(uneven: Team) -> None:
    lines = [key for key in keys(uneven) if "-0-" in key]
    answer = accepted(uneven, lines)
    assert answer.status_code == 303
    decree = Decree.objects.get()
    assert answer.url == reverse("caseload_decree", args=[decree.pk])
    assert sum(decree.moves.values_list("families", flat=True)) == 4
    assert uneven.loads()["ANI"] == 30
    assert "memindahkan <mark>4 keluarga</mark>" in page(uneven.coordinator, "caseload_decree", decree.pk)
    assert SK["number"] in page(uneven.coordinator, "caseload_decrees")


def test_what_is_typed_stays_when_it_is_refused(uneven: Team) -> None:
    (first, *_rest) = keys(uneven)
    wrong = accepted(uneven, [first], number="")
    assert wrong.status_code == 422
    assert SK["why"] in words(wrong)
    assert words(wrong).count("checked aria-label") == 1
    gone = accepted(uneven, ["999-1-0-1-5-1"])
    assert gone.status_code == 422
    assert "Beban sudah berubah" in words(gone)
    assert accepted(uneven, []).status_code == 422
    assert not Decree.objects.exists()


def test_supposing_shows_and_cannot_be_written(uneven: Team) -> None:
    ani = uneven.user("ANI").pk
    shown = page(uneven.coordinator, "caseload_proposal", split="on", add="2", families="10", without=str(ani))
    assert "Tambahan 1" in shown
    assert "Ini pengandaian, jadi tidak dapat dicatat" in shown
    assert 'name="line"' not in shown
    across = {"split": "on", "across": "on", "add": "10", "region": str(TAPIN)}
    told = signed_in(uneven.coordinator).get(reverse("caseload_proposal"), across).context
    assert sum(after.people for _before, after, _name in told["lines"]) == told["then"].people  # added ones as well
    sent = accepted(uneven, keys(uneven)[:1], add="2")
    assert sent.status_code == 422


def test_a_decree_is_taken_back_on_its_page(uneven: Team) -> None:
    accepted(uneven, keys(uneven))
    decree = Decree.objects.get()
    client = signed_in(uneven.coordinator)
    assert client.post(reverse("caseload_reverse", args=[decree.pk]), {**SK, "number": "SK/13"}).status_code == 303
    assert "SK ini sudah dikembalikan" in page(uneven.coordinator, "caseload_decree", decree.pk)
    again = client.post(reverse("caseload_reverse", args=[decree.pk]), {**SK, "number": "SK/14"})
    assert again.status_code == 422
    assert "sudah dikembalikan" in words(again)


def test_the_list_to_hand_over_is_a_file_of_families(uneven: Team) -> None:
    accepted(uneven, keys(uneven))
    decree = Decree.objects.get()
    address = reverse("caseload_handover", args=[decree.pk, "csv"])
    lines = b"".join(signed_in(uneven.coordinator).get(address).streaming_content).decode().splitlines()
    assert len(lines) == 1 + 21
    assert "Pendamping lama" in lines[0]


def test_a_facilitator_sees_the_own_load_and_what_changed_hands(uneven: Team) -> None:
    accepted(uneven, keys(uneven))
    ani, dedi, budi = (Post.objects.get(pk=uneven.posts[name].pk) for name in ("ANI", "DEDI", "BUDI"))
    assert "Anda mendampingi <mark>13 keluarga</mark>" in page(ani, "caseload")
    answer = signed_in(ani).get(reverse("caseload"))
    assert sum(families for _group, families in answer.context["groups"]) == 13  # the rows give what the heading says
    assert "diserahkan" in page(ani, "caseload")
    assert "diterima" in page(dedi, "caseload")
    assert "Belum ada serah terima" in page(budi, "caseload")
    assert signed_in(ani).get(reverse("caseload_proposal")).status_code == 303


def test_who_may_look_who_may_decide_and_whose_region(uneven: Team) -> None:
    officer, stranger = person("data_officer", regions=(TAPIN,)), person("regency_coordinator", regions=(HSS,))
    assert 'name="line"' not in page(officer, "caseload_proposal", split="on")
    assert accepted(uneven, keys(uneven), by=officer).status_code == 404
    accepted(uneven, keys(uneven))
    decree = Decree.objects.get()
    assert signed_in(stranger).get(reverse("caseload_decree", args=[decree.pk])).status_code == 404
    assert SK["number"] not in page(stranger, "caseload_decrees")
    foreign = signed_in(stranger).get(reverse("caseload"), {"region": TAPIN})
    assert foreign.status_code == 422
    assert "ANI" not in words(foreign)
    assert signed_in(person("treasurer")).get(reverse("caseload")).status_code == 404
    assert "Pilih wilayah" in page(person("auditor"), "caseload")


def test_terrain_and_duty_are_recorded_inside_the_reach(uneven: Team) -> None:
    officer = person("data_officer", regions=(TAPIN,))
    client = signed_in(officer)
    told = {"village": "63.05.03.2009", "difficulty": "3", "source": "kunjungan validasi"}
    assert client.post(reverse("caseload_terrain"), told).status_code == 303
    assert client.post(reverse("caseload_terrain"), {**told, "difficulty": "2"}).status_code == 303
    assert Terrain.objects.get(region=HIYUNG).difficulty == 2
    outside = client.post(reverse("caseload_terrain"), {**told, "village": "63.06.05.2001"})
    assert outside.status_code == 422
    assert client.post(reverse("caseload_terrain"), {**told, "village": "63.05"}).status_code == 422
    duty = {
        "region": TAPIN_TENGAH,
        "kind": "disaster",
        "title": "banjir",
        "letter_no": "ST/31/PKH/2025",
        "days_per_month": "4",
        "first_on": "2025-05-01",
        "last_on": "2025-05-31",
    }
    assert client.post(reverse("caseload_duty"), duty).status_code == 303
    again = client.post(reverse("caseload_duty"), duty)
    assert (again.status_code, ExtraDuty.objects.count()) == (422, 1)
    assert "Surat ST/31/PKH/2025 untuk 1 Mei 2025 sudah dicatat" in words(again)
    assert client.post(reverse("caseload_duty"), {**duty, "last_on": "2025-04-01"}).status_code == 422
    assert client.post(reverse("caseload_duty"), {**duty, "letter_no": ""}).status_code == 422
    assert client.post(reverse("caseload_duty"), {**duty, "region": HSS}).status_code == 422
    assert "banjir" in page(officer, "caseload_records")


def test_statements_do_not_grow(uneven: Team) -> None:
    client = signed_in(uneven.coordinator)
    addresses = [reverse("caseload"), f"{reverse('caseload_proposal')}?split=on"]
    before = [queries(client, address) for address in addresses]
    for number in range(4):
        uneven.group(f"Baru {number}", 3, of="CICI", village=CEMPAKA)
    assert [queries(client, address) for address in addresses] == before
    assert Group.objects.count() > 10


def test_the_pages_speak_english(uneven: Team) -> None:
    accepted(uneven, keys(uneven))
    for name, args in (("caseload", ()), ("caseload_proposal", ()), ("caseload_records", ()),
                       ("caseload_decrees", ()), ("caseload_decree", (Decree.objects.get().pk,))):  # fmt: skip
        shown = english(uneven.coordinator).get(reverse(name, args=args))
        assert leftovers(shown) == [], name
