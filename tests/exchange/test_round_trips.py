"""What a codec writes it reads back the same, as xlsx and as csv."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harapan.core.components import Component
from harapan.core.errors import Unreadable
from harapan.core.periods import month_days, quarter_months
from harapan.exchange import layouts
from harapan.exchange.beneficiaries import codec as beneficiaries
from harapan.exchange.bnba import codec as bnba
from harapan.exchange.candidates import codec as candidates
from harapan.exchange.caseload import codec as caseload
from harapan.exchange.components import codec as components
from harapan.exchange.desil import codec as desil
from harapan.exchange.formations import codec as formations
from harapan.exchange.scores import codec as scores
from harapan.exchange.settlement import codec as settlement
from harapan.exchange.settlement.words import Outcome, Reason
from harapan.exchange.staff import codec as staff
from harapan.exchange.status import codec as status
from harapan.exchange.verification_care import codec as care
from harapan.exchange.verification_care.codec import CareHead
from harapan.exchange.verification_care.marks import Said
from harapan.exchange.verification_school import codec as verification_school
from harapan.exchange.verification_school.head import Head

from .made import (
    accounts,
    amounts,
    cards,
    codes,
    counts,
    days,
    kks,
    names,
    neighbourhoods,
    niks,
    ntpns,
    references,
    villages,
    words,
)

FEW = settings(max_examples=25, deadline=None)
forms = st.sampled_from(["xlsx", "csv"])


def rows(**fields):
    return st.lists(st.fixed_dictionaries(fields), min_size=1, max_size=4)


ROWS = {
    "formations": rows(
        round=names, region=st.sampled_from([6300000000, 6305000000, 6305030000]),
        position=st.sampled_from(["facilitator", "access", "assistant", "supervisor", "data_officer"]),
        quota=st.integers(0, 99),
    ),
    "scores": rows(
        round=names, stage=st.sampled_from(["psychological", "competence", "interview"]),
        participant_no=st.integers(1, 200_000), score=st.integers(0, 10_000),
    ),
    "beneficiaries": rows(
        beneficiary_id=st.from_regex(r"[1-9][0-9]{14}", fullmatch=True), kk=kks, nik=st.none(), name=names,
        province=words, regency=words, district=words, village=words, village_code=villages,
        stage=st.sampled_from(["", "2", "2025-2"]), programme=st.sampled_from(["PKH", "BPNT"]),
        bank=st.sampled_from(["BRI", "POS", ""]), address=words, rt=neighbourhoods, rw=neighbourhoods, hamlet=words,
        directorate=codes, wave=st.sampled_from(["1", "2", "susulan"]), amount_idr=amounts,
    ),
    "caseload": rows(
        name=words, pengurus=names, kk=kks, village=words, address=words, rt=neighbourhoods, rw=neighbourhoods,
        account=accounts, card=cards, members_count=counts,
        components=st.lists(st.sampled_from(Component), max_size=4).map(tuple), pregnant=counts, toddler=counts,
        primary=counts, junior=counts, senior=counts, elderly=counts, disability=counts, amount_idr=st.none() | amounts,
        group=words, p2k2_amount_idr=st.none() | amounts, complaint=words, follow_up=words,
    ),
    "components": rows(
        nik=st.none() | niks(), name=names, component=st.sampled_from(Component), state=words, pengurus=words,
        pengurus_nik=st.none() | niks(), kk=kks, village=words, address=words, rt=neighbourhoods, rw=neighbourhoods,
    ),
    "settlement": rows(
        reference=references | st.from_regex(r"[1-9][0-9]{3,14}|ORD-[A-Z]{3}", fullmatch=True), nik=st.none() | niks(),
        account=accounts, name=words, amount_idr=amounts, settled_on=st.none() | days,
        outcome=st.sampled_from(Outcome), reason=st.sampled_from([*Reason][:-1]), reason_text=words,
        bank=st.just("BNI"), ntpn=ntpns,
    ),
    "status": rows(
        beneficiary_id=st.from_regex(r"[1-9][0-9]{14}", fullmatch=True), nik=st.none() | niks(), name=words,
        stage=st.sampled_from(["", "2", "2025-2", "2023-3-pos"]), status=st.sampled_from(status.CentreStatus),
        reason=words, status_on=st.none() | days,
    ),
    "bnba": rows(
        nik=niks(), name=names, kk=st.none() | kks, programme=st.just("PKH"), village_code=villages, province=words,
        regency=words, district=words, village=words, address=words, rt=neighbourhoods, rw=neighbourhoods,
        phone=st.none() | st.from_regex(r"\+628[0-9]{9}", fullmatch=True), note=words,
    ),
    "candidates": rows(
        nik=niks(), kk=kks, name=names, village_code=villages, province=words, regency=words, district=words,
        village=words, address=words, rt=neighbourhoods, rw=neighbourhoods, decile=st.none() | st.integers(1, 10),
        rank=st.none() | st.integers(1, 999_999),
    ),
    "staff": rows(
        kind=st.sampled_from(["pkh", "bpnt", "tksk", "other"]), name=names, nik=niks(),
        region_code=st.from_regex(r"6[1-5][.]0[1-9]([.]0[1-9])?", fullmatch=True), since=days,
        staff_number=st.none() | st.from_regex(r"19[0-9]{16}", fullmatch=True),
        education=st.sampled_from(["", "senior", "diploma", "bachelor", "master"]), email=words, phone=st.none(),
        cohort=st.none() | st.integers(2007, 2100),
    ),
    "desil": rows(nik=niks(), kk=st.none() | kks, name=words, decile=st.integers(1, 10), from_date=days),
}  # fmt: skip
PLAIN = {
    codec.LAYOUT.name: codec
    for codec in (
        beneficiaries, caseload, components, settlement, status, bnba, desil, candidates, formations, scores, staff,
    )
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
@given(data=st.data(), form=forms)
@FEW
def test_what_is_rendered_is_parsed_the_same(name, data, form):
    written = data.draw(ROWS[name])
    read = PLAIN[name].parse(PLAIN[name].render(written, form=form))
    assert [{k: v for k, v in row.items() if k != "line"} for row in read.rows(refused=True)] == written
    assert not [problem for problem in read.problems if problem.fatal]
    assert read.table().num_rows == len(written)


@st.composite
def school_forms(draw):
    head = Head(
        draw(st.integers(2019, 2030)), draw(st.integers(1, 4)), "30305001", draw(names),
        draw(st.tuples(*[st.integers(1, 26)] * 3)),
    )  # fmt: skip
    pupils = []
    for number in range(draw(st.integers(1, 3))):
        pupil = {
            "number": str(number + 1), "pengurus_nik": draw(st.none() | niks()), "pengurus": draw(words),
            "nik": draw(niks()), "nisn": "0016279267", "name": draw(names), "school_kind": draw(codes), "grade": "2",
            "note": draw(words), "facilitator": draw(words),
        }  # fmt: skip
        for place, days_in_month in enumerate(head.effective_days, start=1):
            absent = draw(st.none() | st.integers(0, days_in_month))
            present = None if absent is None else days_in_month - absent
            pupil |= {
                f"absent_{place}": absent, f"excused_{place}": None, f"sick_{place}": None, f"present_{place}": present,
                f"percent_{place}": None if present is None else round(present * 10_000 / days_in_month),
            }  # fmt: skip
        pupils.append(pupil)
    return head, pupils


@given(school_forms(), forms)
@FEW
def test_a_school_form_is_parsed_as_it_was_rendered(made, form):
    head, pupils = made
    read = verification_school.parse(verification_school.render(head, pupils, form=form))
    assert read.head == head
    assert [{k: v for k, v in row.items() if k != "line"} for row in read.rows()] == [
        {column: pupil[column] for column in read.columns} for pupil in pupils
    ]
    assert read.problems == []
    marks = list(verification_school.marks(read))
    assert [mark.month for mark in marks] == [*quarter_months(head.year, head.quarter)] * len(pupils)


cells = st.just("") | st.builds(
    lambda word, times, day: str(Said(word, times if word == "Y" else 1, day if word == "Y" else None)),
    st.sampled_from(["Y", "T", "H", "?"]), st.integers(1, 31), st.none(),
)  # fmt: skip


@st.composite
def care_forms(draw):
    code = draw(st.sampled_from(["", "PKM-01"]))
    head = CareHead(draw(st.integers(2019, 2030)), draw(st.integers(1, 4)), draw(names), code,
                    draw(st.from_regex(r"6[1-5][0-9]{8}", fullmatch=True)))  # fmt: skip
    made = []
    for number in range(draw(st.integers(1, 4))):
        row = {
            "number": str(number + 1), "pengurus_nik": draw(st.none() | niks()), "pengurus": draw(words),
            "nik": draw(st.none() | niks()), "name": draw(names), "kind": draw(words), "item": "toddler.weighing",
            "label": draw(words), "note": draw(words), "facilitator": draw(words),
        }  # fmt: skip
        first, after = zip(*map(month_days, head.months), strict=True)
        for place in (1, 2, 3):
            day = st.dates(first[place - 1], after[place - 1] - timedelta(days=1))
            dated = st.builds(lambda times, on: str(Said("Y", times, on)), st.integers(1, 31), day)
            row[f"mark_{place}"] = draw(cells | dated)
        made.append(row)
    return head, made


@pytest.mark.parametrize("codec", [care.HEALTH, care.WELFARE], ids=["health", "welfare"])
@given(made=care_forms(), form=forms)
@FEW
def test_a_care_form_is_parsed_as_it_was_rendered(codec, made, form):
    head, written = made
    read = codec.parse(codec.render(head, written, form=form))
    assert read.head == head
    assert [{k: v for k, v in row.items() if k != "line"} for row in read.rows()] == [
        {column: row[column] for column in read.columns} for row in written
    ]
    assert read.problems == []


def test_the_form_of_the_other_side_is_not_taken():
    head = CareHead(2025, 1, "Posyandu", "", "6305032009")
    row = {"name": "SITI", "item": "toddler.weighing", "mark_1": "Y"}
    with pytest.raises(Unreadable, match="kesejahteraan sosial"):
        care.WELFARE.parse(care.HEALTH.render(head, [row]))


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("mungkin", "bukan Y, T, H"),
        ("T 3", "hanya Y"),
        ("Y 99", "tidak dapat dibaca"),
        ("Y 12/04/2025", "tidak di dalam"),
    ],
)
def test_a_cell_that_says_nothing_refuses_its_row(cell, words):
    head = CareHead(2025, 1, "Posyandu", "", "6305032009")
    raw = care.HEALTH.render(head, [{"name": "SITI", "item": "toddler.weighing", "mark_1": "Y"}])
    (problem,) = care.HEALTH.parse(
        raw.replace(b";Y;", f";{cell};".encode()).replace(b",Y,", f",{cell},".encode())
    ).problems
    assert problem.fatal
    assert words in problem.reason


def test_every_layout_of_the_command_is_here():
    assert set(layouts.CODECS) == {*ROWS, "verification-school", "verification-health", "verification-welfare"}
