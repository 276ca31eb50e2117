"""Recruitment of a demonstration: one round settled with its people taken on, one that takes applications today."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from PIL import Image, ImageDraw

from harapan.accounts.models import Post, User
from harapan.database.fields import draw_ids
from harapan.database.sealing import seal_column
from harapan.demo import names
from harapan.demo.clock import noon
from harapan.demo.office import Office
from harapan.demo.writing import Columns, write
from harapan.files import storage
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.workforce.models import (
    Application,
    ApplicationDocument,
    Formation,
    InterviewMark,
    PlaceOffer,
    RecruitmentRound,
    StageScore,
)
from harapan.workforce.recruitment import checking, freezing, inviting, objecting, offering, rounds
from harapan.workforce.recruitment.applying import LETTERS, NUMBER_LETTERS
from harapan.workforce.recruitment.rules import settled_mark
from harapan.workforce.recruitment.scoring import Score, put_scores, still_in

EACH_SETTLED, EACH_OPEN = 22, 6  # applicants of a formation
QUOTA = 2
SERIAL = 8000  # of a NIK: no member and nobody else of the demonstration has one so high
BORN = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Days:
    """When a round happened."""

    code: str
    name: str
    cohort: int
    opens: date
    closes: date
    begins: date


SETTLED = Days("2024", "Rekrutmen pendamping 2024", 2025, date(2024, 10, 1), date(2024, 10, 20), date(2025, 1, 6))
OPEN = Days("2025", "Rekrutmen pendamping 2025", 2025, date(2025, 7, 7), date(2025, 7, 27), date(2025, 10, 1))
CALLED_ON, INTERVIEWED_ON = date(2024, 11, 20), date(2024, 11, 27)
PUBLISHED_ON, SETTLED_ON = date(2024, 12, 10), date(2024, 12, 16)


def recruit(office: Office) -> None:
    """Both rounds, run by the province's coordinator through the actions that pages call."""
    province = Region.objects.filter(no=office.world.province.number).first()
    with office.acting("province_coordinator", office.world.province.number) as (by, post):
        settled = _planned(office, SETTLED, province, by, post)
        _apply(office, settled, EACH_SETTLED, sent_from=SETTLED.opens)
        rounds.close_applications(settled.pk, by=by, post=post, on=SETTLED.closes + timedelta(days=1))
        checking.check_all(settled.pk, by=by, post=post)
        _score(office, settled, by, post)
        freezing.make_ranking(settled.pk, by=by, post=post)
        rounds.publish(settled.pk, by=by, post=post, on=PUBLISHED_ON)
        _object(settled, by, post)
        rounds.settle(settled.pk, by=by, post=post, on=SETTLED_ON)
        _fill_places(settled, by, post)
        taking = _planned(office, OPEN, province, by, post)
        _apply(office, taking, EACH_OPEN, sent_from=OPEN.opens, drafts=True)


def _planned(office: Office, days: Days, province: Region | None, by: User, post: Post) -> RecruitmentRound:
    found = rounds.plan_round(
        days.code, days.name, cohort=days.cohort, opens_on=days.opens, closes_on=days.closes, begins_on=days.begins,
        region=province, by=by, post=post,
    )  # fmt: skip
    rounds.set_formations(found.pk, {(no, "facilitator"): QUOTA for no in _districts(office)}, post=post)
    return rounds.open_round(found.pk, by=by, post=post, on=days.opens)


def _districts(office: Office) -> list[int]:
    """The first kecamatan with families of every kabupaten and kota."""
    first: dict[int, int] = {}
    for village in sorted(office.world.plan.villages):
        first.setdefault(codes.ancestor(village, Level.REGENCY), codes.ancestor(village, Level.DISTRICT))
    return list(first.values())


def _apply(office: Office, found: RecruitmentRound, each: int, *, sent_from: date, drafts: bool = False) -> None:
    """So many applications for each formation, at once; the last of each is a double or, in `drafts`, unsent."""
    chance = Random(f"recruitment {office.world.seed} {found.code}")
    formations = list(Formation.objects.filter(round=found).order_by("region_id"))
    count = each * len(formations)
    ids = draw_ids(Application, count)
    places = [formation for formation in formations for _ in range(each)]
    people = list(_people(chance, places, each, start=0 if found.code == SETTLED.code else 500, double=not drafts))
    table = Application._meta.db_table
    nik, nik_ix = seal_column([person.nik for person in people], kind="nik", table=table, row_ids=ids)
    phones: list[str | None] = [f"+62861{9 * 10**7 + number % 10**7:08d}" for number in ids]
    phone, phone_ix = seal_column(phones, kind="phone", table=table, row_ids=ids)
    unsent = [drafts and place % each == each - 1 for place in range(count)]
    numbers = chance.sample(Application.PARTICIPANT_NOS, count)
    columns: Columns = {
        "id": ids, "formation_id": [place.pk for place in places], "region_no": [place.region_id for place in places],
        "number": ["".join(chance.choices(LETTERS, k=NUMBER_LETTERS)) for _ in ids],
        "state": ["draft" if draft else "submitted" for draft in unsent],
        "participant_no": [None if draft else no for no, draft in zip(numbers, unsent, strict=True)],
        "set_aside_on": [
            found.closes_on if not drafts and _is_set_aside(place, each, sent_from) else None for place in range(count)
        ],
        "name": [person.name for person in people], "nik": nik, "nik_ix": nik_ix, "phone": phone,
        "phone_ix": phone_ix, "sex": [person.sex for person in people], "born_on": [person.born for person in people],
        "education": [person.education for person in people],
        "lives_in_id": [person.lives_in for person in people],
        "experience_years": [chance.randrange(6) for _ in ids],
        "begun_at": [_moment(sent_from, place) for place in range(count)],
        "submitted_at": [None if draft else _moment(sent_from, place) for place, draft in enumerate(unsent)],
    }  # fmt: skip
    write(Application, columns, round_id=found.pk, email="", study="Kesejahteraan sosial", address="Jl. Peragaan 1")
    sent = zip(ids, places, unsent, strict=True)
    _documents(found, [(no, place.region_id) for no, place, draft in sent if not draft])


def _is_set_aside(place: int, each: int, first: date) -> bool:
    """Whether it is the earlier of the two of one person: the first and the last of a formation."""
    pair = place - place % each, place - place % each + each - 1
    return place in pair and _moment(first, place) == min(_moment(first, one) for one in pair)


def _moment(first: date, place: int) -> datetime:
    return noon(first) + timedelta(hours=place % 96, minutes=place)


@dataclass(frozen=True, slots=True)
class _Applicant:
    name: str
    nik: str
    sex: int
    born: date
    education: str
    lives_in: int


def _people(chance: Random, places: list[Formation], each: int, *, start: int, double: bool) -> Iterator[_Applicant]:
    """Who applies; the last of each formation is the first of it once more, where `double`."""
    first: _Applicant | None = None
    for place, formation in enumerate(places):
        within = place % each
        if double and first is not None and within == each - 1:
            yield first
            continue
        woman = chance.random() < 0.6
        born = BORN + timedelta(days=chance.randrange(3650))
        day = born.day + 40 * woman
        stem = codes.compact(formation.region_id)
        person = _Applicant(
            (names.women if woman else names.men).draw(chance, 1)[0],
            f"{stem}{day:02d}{born:%m%y}{SERIAL + (start + place) % 1999:04d}", 2 if woman else 1, born,
            chance.choices(("senior", "diploma", "bachelor"), (1, 3, 8))[0], formation.region_id,
        )  # fmt: skip
        first = person if within == 0 else first
        yield person


def _documents(found: RecruitmentRound, sent: list[tuple[int, int]]) -> None:
    """A scan of each kind that the rules ask for: the same invented picture, kept once a place."""
    picture = _scan()
    kinds = rounds.rules_of(found).documents
    regions = sorted({region for _no, region in sent})
    kept = {
        (kind, region): storage.store(
            f"{kind}.jpg", kind="application", contents=picture, owner=-1, region_no=region, media_type="image/jpeg"
        ).pk
        for kind in kinds for region in regions
    }  # fmt: skip
    rows = [(no, region, kind) for no, region in sent for kind in kinds]
    columns: Columns = {
        "application_id": [no for no, _region, _kind in rows], "region_no": [region for _no, region, _kind in rows],
        "kind": [kind for _no, _region, kind in rows], "file_id": [kept[kind, region] for _no, region, kind in rows],
    }  # fmt: skip
    write(ApplicationDocument, columns, added_at=noon(found.opens_on))


def _scan() -> bytes:
    """A page with grey lines: no document of anybody."""
    page = Image.new("L", (420, 594), 250)
    draw = ImageDraw.Draw(page)
    for line in range(60, 540, 24):
        draw.rectangle((40, line, 380 - line % 70, line + 6), fill=170)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=60)
    return out.getvalue()


def _call(office: Office, found: RecruitmentRound, by: User, post: Post) -> None:
    """The best are called to an interview, told where and when, and come."""
    freezing.make_shortlist(found.pk, by=by, post=post)
    rounds.announce_shortlist(found.pk, by=by, post=post, on=CALLED_ON)
    session = inviting.plan_session(
        found.pk, "interview", region=Region.objects.get(no=office.world.province.number),
        place="Aula Dinas Sosial Provinsi", begins_at=noon(INTERVIEWED_ON), seats=400, note="KTP asli", by=by,
        post=post, on=CALLED_ON,
    )  # fmt: skip
    inviting.invite(session.pk, by=by, post=post, on=CALLED_ON)


def _score(office: Office, found: RecruitmentRound, by: User, post: Post) -> None:
    """Two tests by file, then interviews marked by two people each, the third where they were far apart."""
    chance, rules = Random(f"scores {office.world.seed}"), rounds.rules_of(found)
    for stage, mean in (("psychological", 66), ("competence", 64)):
        asked = still_in(found.pk, stage, rules).order_by("participant_no").values_list("pk", "region_no")
        scores = [Score(pk, region, _drawn(chance, mean)) for pk, region in asked]
        put_scores(scores, stage=stage, source=StageScore.Source.FILE, by=by)
    _call(office, found, by, post)
    asked = still_in(found.pk, "interview", rules).order_by("participant_no").values_list("pk", "region_no")
    markers = [office.staffed.of(worker) for worker in office.world.staff if worker.role == "regency_coordinator"][:3]
    markers = markers if len(markers) > 2 else [post.user_id for post in _three(office)]
    marks, scores = [], []
    for pk, region in asked:
        base = _drawn(chance, 72)
        given = [max(0, min(10_000, base + 100 * chance.randrange(-9, 10))) for _ in range(2)]
        if (settled := _settled(given, found)) is None:
            given.append(base)
            settled = _settled(given, found)
        marks += [(pk, region, marker, score) for marker, score in zip(markers, given, strict=False)]
        scores.append(Score(pk, region, settled or 0))
    write(
        InterviewMark,
        {
            "application_id": [row[0] for row in marks], "region_no": [row[1] for row in marks],
            "marker_id": [row[2] for row in marks], "score": [row[3] for row in marks],
        },
        note="", marked_at=noon(PUBLISHED_ON - timedelta(days=10)),
    )  # fmt: skip
    put_scores(scores, stage="interview", source=StageScore.Source.MARKS, by=by)


def _three(office: Office) -> list[Post]:
    province = office.world.province.number
    return [
        office.post("province_office", province), office.post("province_coordinator", province),
        office.post("regency_coordinator", office.regencies[0]),
    ]  # fmt: skip


def _settled(given: list[int], found: RecruitmentRound) -> int | None:
    rules = rounds.rules_of(found)
    return settled_mark(given, marks_min=rules.interviewers_min, spread_max=rules.spread_max)


def _drawn(chance: Random, mean: int) -> int:
    return round(max(0.0, min(100.0, chance.gauss(mean, 12)))) * 100


def _object(found: RecruitmentRound, by: User, post: Post) -> None:
    """One objection, answered: the ranking stands."""
    one = Application.objects.counted().filter(round=found, ranked__outcome=4).order_by("participant_no").first()
    if one is None:
        return
    text = "Saya merasa jawaban kompetensi bidang saya belum dinilai lengkap."
    made = objecting.object_to_result(one.pk, text, on=PUBLISHED_ON)
    answer = "Lembar jawaban diperiksa ulang oleh dua penilai; nilainya tetap."
    objecting.answer_objection(made.pk, upheld=False, answer=answer, by=by, post=post)


def _fill_places(found: RecruitmentRound, by: User, post: Post) -> None:
    """Everybody takes the place, save one who gives it up for the reserve, and one who never answers."""
    offering.offer_places(found.pk, by=by, post=post, on=SETTLED_ON)
    offered = list(PlaceOffer.objects.filter(formation__round=found).order_by("formation_id", "place_no"))
    for place, offer in enumerate(offered):
        if place == 1:
            offering.decline(offer.application_id, on=SETTLED_ON + timedelta(days=1))
        elif place != 4:
            offering.accept(offer.application_id, on=SETTLED_ON + timedelta(days=2))
    late = SETTLED_ON + timedelta(days=30)
    offering.offer_places(found.pk, by=by, post=post, on=late)
    for offer in PlaceOffer.objects.filter(formation__round=found, state=PlaceOffer.State.OPEN):
        offering.accept(offer.application_id, on=late)
