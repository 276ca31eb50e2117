"""The sentences, figures and tables of a report, in Indonesian, from records alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harapan.core.money import rupiah, thousands
from harapan.core.periods import format_month
from harapan.fieldwork.evidence import Deed
from harapan.fieldwork.evidence.own import told_duty
from harapan.fieldwork.records import Records
from harapan.fieldwork.results import MEETINGS, MONTHLY, SUPERVISED, Result, results_on
from harapan.fieldwork.targets import Progress
from harapan.fieldwork.workers import Worker
from harapan.p2k2.models import Mark
from harapan.payments.enums import Outcome
from harapan.workforce.duties import duty_days

NAMES_MAX = 12  # of groups in a sentence
NOTHING = (
    "Tidak ada kegiatan {short} yang tercatat pada bulan {month}. Laporan ini dibuat apa adanya dan tidak memuat "
    "kegiatan."
)


def values(worker: Worker, found: Records) -> dict[str, str]:
    """What the opening sentences of data/fieldwork/results.yaml leave open."""
    return {
        "facilitator": worker.user.name,
        "title": str(worker.post.title_on(found.days[0])).lower(),
        "place": where(worker, found),
        "month": str(format_month(found.month)),
        "groups": thousands(groups_of(worker, found)),
        "families": thousands(families_of(worker, found)),
    }


def where(worker: Worker, found: Records) -> str:
    place, districts = found.place(worker), _and(found.districts(worker))
    return ", ".join(filter(None, (districts, place.get("regency")))) or place.get("province", "")


def _and(names: Sequence[str]) -> str:
    """ "Bungur, Tapin Utara, dan Binuang"."""
    if len(names) < 3:
        return " dan ".join(names)
    return f"{', '.join(names[:-1])}, dan {names[-1]}"


def _in_sentence(short: str) -> str:
    """ "Graduasi" is "graduasi" in the middle of a sentence; "P2K2" stays."""
    return short if short.split()[0].isupper() else short[:1].lower() + short[1:]


def groups_of(worker: Worker, found: Records) -> int:
    return sum(len(found.groups.get(each.pk, ())) for each in _covered(worker, found))


def families_of(worker: Worker, found: Records) -> int:
    return sum(found.families.get(each.pk, 0) for each in _covered(worker, found))


def _covered(worker: Worker, found: Records) -> list[Worker]:
    return found.under.get(worker.pk, []) if worker.lead else [worker]


def heading(result: Result, *, supervising: bool) -> str:
    if result.number == MONTHLY:
        return "LAPORAN BULANAN"
    return f"LAPORAN {'SUPERVISI ' if supervising else ''}{result.short.upper()}"


def general(worker: Worker, result: Result, found: Records) -> list[tuple[str, str]]:
    place = found.place(worker)
    return [
        ("Nama", worker.user.name),
        ("NIP", worker.user.staff_number or "-"),
        ("Jabatan", str(worker.post.title_on(found.days[0]))),
        ("Kecamatan", ", ".join(found.districts(worker)) or "-"),
        ("Kabupaten/kota", place.get("regency", "-")),
        ("Provinsi", place.get("province", "-")),
        ("Rencana hasil kerja", f"RHK {result.number}. {result.title}"),
    ]


def lead_words(worker: Worker, rhk: int, found: Records) -> list[str]:
    if not worker.lead:
        return []
    people = len(found.under.get(worker.pk, ()))
    return [f"Ketua tim menyupervisi {thousands(people)} pendamping di {where(worker, found)}."] if people else []


def figures(worker: Worker, rhk: int, found: Records) -> list[tuple[str, str]]:
    """The figures of results that records of other kinds show."""
    if worker.lead:
        return []
    if rhk == 1:
        return list(_money(worker, found))
    if rhk == MEETINGS:
        return list(_attendance(worker, found))
    return []


def _money(worker: Worker, found: Records) -> Iterator[tuple[str, str]]:
    for outcome, families, idr in found.answers.get(worker.pk, ()):
        label = Outcome(outcome).label
        yield f"Jawaban bank dan pos bulan ini: {label}", f"{thousands(families)} keluarga, {rupiah(idr)}"


def _attendance(worker: Worker, found: Records) -> Iterator[tuple[str, str]]:
    held = found.meetings.get(worker.pk, ())
    if not held:
        return
    for mark in Mark:
        yield f"Keluarga {mark.label}", thousands(sum(each.tally.of(mark) for each in held))
    said = sum(each.tally.said for each in held)
    there = sum(each.tally.there for each in held)
    if said:
        yield "Kehadiran (hadir atau diwakili)", f"{_percent(there, said)} dari {thousands(said)} yang dicatat"
    unsaid = sum(each.tally.open for each in held)
    if unsaid:
        yield "Belum dicatat kehadirannya", thousands(unsaid)


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}".replace(".", ",").replace(",0%", "%")


def table(worker: Worker, rhk: int, found: Records) -> tuple[list[str], list[list[str]]]:
    """The monthly report has all results; others have no table."""
    if rhk != MONTHLY:
        return [], []
    progress = found.progress[worker.pk]
    rows = [
        [
            str(number),
            str(result.title),
            *(["1", "laporan ini", "100%"] if number == MONTHLY else _cells(progress[number])),
        ]
        for number, result in sorted(results_on(found.days[0]).items())
    ]
    return ["RHK", "Rencana hasil kerja", "Target", "Terlaksana", "Capaian"], rows


def supervised(worker: Worker, rhk: int, found: Records) -> tuple[list[str], list[list[str]]]:
    """What the facilitators of a lead did for a result."""
    rows = [
        [each.user.name, str(len(found.groups.get(each.pk, ()))), *_cells(found.progress[each.pk][rhk])]
        for each in found.under.get(worker.pk, ())
    ]
    return (["Pendamping", "Kelompok", "Target", "Terlaksana", "Capaian"], rows) if rows else ([], [])


def _cells(progress: Progress) -> list[str]:
    if progress.percent:
        done = "tidak ada kasus" if progress.done is None else f"{progress.settled} dari {progress.cases}"
        return [f"{progress.target}%", done, "-" if progress.done is None else f"{progress.done}%"]
    return [
        "-" if progress.target is None else str(progress.target), str(progress.done or 0),
        "-" if progress.share is None else f"{progress.share}%",
    ]  # fmt: skip


def results(worker: Worker, rhk: int, deeds: Sequence[Deed], found: Records) -> list[str]:
    """C: what came of it, against the target."""
    progress, month = found.progress[worker.pk][rhk], format_month(found.month)
    result = results_on(found.days[0])[rhk]
    said = []
    if not deeds and rhk != MONTHLY:
        said.append(NOTHING.format(short=_in_sentence(result.short), month=month))
    said += list(_against(worker, progress, result, found))
    if rhk == MONTHLY:
        said += [f"Tugas tambahan: {told_duty(duty)}." for duty in found.duties.get(worker.pk, ())]
    if worker.lead and rhk in SUPERVISED:
        said += list(_team(worker, rhk, found))
    return said


def _against(worker: Worker, progress: Progress, result: Result, found: Records) -> Iterator[str]:
    if progress.rhk == MONTHLY:
        yield "Laporan bulanan ini tersedia; capaian kesembilan RHK ada pada tabel."
        return
    if progress.percent:
        if progress.cases:
            yield (
                f"Dari {progress.cases} yang tercatat, {progress.settled} selesai ditangani "
                f"({progress.done}% dari target {progress.target}%)."
            )
        return
    if progress.target is None:
        return
    lowered = f", turun dari {progress.before} karena tugas tambahan" if progress.before != progress.target else ""
    days = duty_days(found.duties.get(worker.pk, ()), found.month)
    taken = f" yang memakai {days} hari kerja" if lowered and days else ""
    share = f" ({progress.share}%)" if progress.share is not None else ""
    yield f"Target bulan ini {progress.target}{lowered}{taken}; yang tercatat {progress.done}{share}."


def _team(worker: Worker, rhk: int, found: Records) -> Iterator[str]:
    under = found.under.get(worker.pk, [])
    if not under:
        return
    met = [each for each in under if found.progress[each.pk][rhk].met]
    yield f"{len(met)} dari {len(under)} pendamping mencapai targetnya menurut catatan bulan ini."


def conclusions(worker: Worker, rhk: int, deeds: Sequence[Deed], found: Records) -> list[str]:
    """D: what follows, and what is to be done about what is missing."""
    progress = found.progress[worker.pk][rhk]
    said = [_verdict(progress, bool(deeds))]
    if rhk == MONTHLY:
        said = [_overall(worker, found)]
    elif rhk == MEETINGS and not worker.lead:
        said += list(_not_met(worker, found))
    elif worker.lead and rhk in SUPERVISED:
        said += list(_behind(worker, rhk, found))
    open_cases = [deed for deed in deeds if not deed.settled]
    if open_cases:
        said.append(f"{len(open_cases)} kasus belum selesai dan dilanjutkan pada bulan berikutnya.")
    return said


def _verdict(progress: Progress, done: bool) -> str:
    if not done and not progress.done:
        return "Karena tidak ada kegiatan yang tercatat, tidak ada hasil yang dapat disimpulkan untuk bulan ini."
    if progress.target is None or progress.done is None:
        return "Kegiatan terlaksana seperti tercatat pada bagian B."
    if progress.met:
        return "Target bulan ini tercapai."
    missing = progress.target - progress.done
    unit = " persen" if progress.percent else ""
    return f"Target bulan ini belum tercapai; kekurangannya {missing}{unit}."


def _overall(worker: Worker, found: Records) -> str:
    rows = [each for each in found.progress[worker.pk].values() if each.rhk != MONTHLY and each.target is not None]
    met = [each for each in rows if each.met]
    behind = ", ".join(f"RHK {each.rhk}" for each in rows if not each.met)
    told = f"{len(met)} dari {len(rows)} RHK mencapai target bulan ini."
    return f"{told} Yang belum: {behind}." if behind else told


def _not_met(worker: Worker, found: Records) -> Iterator[str]:
    met = {each.session.group_id for each in found.meetings.get(worker.pk, ())}
    after = found.days[1]
    own = [group for group in found.groups.get(worker.pk, ()) if group.since is None or group.since < after]
    missing = [group for group in own if group.pk not in met]
    if not missing:
        return
    names = "; ".join(group.called for group in missing[:NAMES_MAX])
    more = f" dan {len(missing) - NAMES_MAX} lainnya" if len(missing) > NAMES_MAX else ""
    yield f"{len(missing)} kelompok tidak bertemu bulan ini: {names}{more}. Pertemuan penggantinya perlu direncanakan."


def _behind(worker: Worker, rhk: int, found: Records) -> Iterator[str]:
    late = [each.user.name for each in found.under.get(worker.pk, ()) if not found.progress[each.pk][rhk].met]
    if late:
        more = f" dan {len(late) - NAMES_MAX} lainnya" if len(late) > NAMES_MAX else ""
        yield f"Perlu didampingi: {', '.join(late[:NAMES_MAX])}{more}."


def closing(found: Records) -> str:
    month = format_month(found.month)
    return f"Demikian laporan ini disusun dari catatan bulan {month}, untuk menjadi bahan pertimbangan pimpinan."
