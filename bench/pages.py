"""How long pages take under row-level security with very many families, and how many queries they ask.

Synthetic rows spread over all villages of the nation are made in sets by the owner (no names or numbers of anybody):
in every village a primary school and a posyandu, in every kecamatan the two schools above.
Each page is asked through Django's own stack (middleware, scope, look, queries, template) as a person of each reach.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from html import unescape
from importlib import import_module
from statistics import quantiles
from types import SimpleNamespace
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.db import connections
from django.test import Client

from bench import year
from harapan.accounts.models import Post, User
from harapan.core.periods import add_months, month_of
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.registry.models import Group

FILL = """
INSERT INTO registry_group (id, name, region_no, leader_name)
SELECT 1000 + row_number() OVER (ORDER BY no), 'Melati ' || 1 + no % 5, no, '' FROM regions_region WHERE level = 4;
CREATE TEMP TABLE village AS SELECT row_number() OVER (ORDER BY no) - 1 AS n, no FROM regions_region WHERE level = 4;
CREATE UNIQUE INDEX ON village (n);
CREATE TEMP TABLE word AS SELECT n - 1 AS n, w FROM unnest(string_to_array(
  'NORHAYATI RUSMINI SALASIAH SITI MARIANI JUMIATI RAUDAH KASMAWATI HALIMAH NORHASANAH FATIMAH AISYAH MASNIAH HARTATI'
  ' YULIANI RINA DEWI SRI SUMIATI WAHIDAH AMINAH HIDAYAH RAHMAH SARI YANTI LESTARI HANDAYANI PUSPITA WULANDARI MILA',
  ' ')) WITH ORDINALITY u(w, n);
INSERT INTO registry_family (id, region_no, group_id, dtks_id, name, name_key, address, rt, rw, hamlet, category,
                             note, sources, registered_on, kk_ix)
SELECT i, v.no, CASE WHEN i % 49 = 0 THEN 0 ELSE 1000 + v.n + 1 END, i::text, f.name, f.name, 'JL. UTAMA',
       '001', '002', '', 0, '', '{{}}', '2020-01-01', substr(sha256(i::text::bytea), 1, 16)
FROM generate_series(1, {families}) i
JOIN village v ON v.n = (i * 7919::bigint) % (SELECT count(*) FROM village)
CROSS JOIN LATERAL (SELECT a.w || ' ' || b.w || ' ' || (i % 9973) AS name
                    FROM word a, word b WHERE a.n = i % 30 AND b.n = (i / 30) % 30) f;
INSERT INTO registry_member (family_id, region_no, group_id, name, name_key, sex, born_on, born_source, relation,
                             manager, sources, nik_ix)
SELECT f.id, f.region_no, f.group_id, f.name, f.name_key, 1 + k % 2,
       date '1960-01-01' + (f.id * k % 20000)::int, 'list',
       CASE WHEN k = 1 THEN 'manager' ELSE 'child' END, k = 1, '{{}}',
       substr(sha256((f.id * 10 + k)::text::bytea), 1, 16)
FROM registry_family f, generate_series(1, 4) k;
INSERT INTO registry_enrolment (family_id, region_no, group_id, spell, source, began_because, ended_because)
SELECT id, region_no, group_id, CASE WHEN id % 19 = 7 THEN daterange('2020-01-01', '2025-01-01')
                                     ELSE daterange('2020-01-01', NULL) END, 'list', '', '' FROM registry_family;
INSERT INTO registry_facility (id, kind, code, name, name_key, level, region_no)
SELECT no * 10 + k, CASE k WHEN 2 THEN 'health' ELSE 'school' END, '', title || name, title || name, title, no
FROM regions_region JOIN (VALUES (2, 'POSYANDU ', 4), (3, 'SD ', 4), (4, 'SMP ', 3), (5, 'SMA ', 3)) t(k, title, level)
  USING (level);
INSERT INTO registry_componentspell (family_id, region_no, group_id, member_id, component, spell, grade, student_no,
                                     ordinal, source, facility_id)
SELECT family_id, region_no, group_id, id, component, '[2024-01-01,)', '', '', 0, 'list',
       CASE WHEN component < 3 THEN region_no * 10 + 2 WHEN component = 3 THEN region_no * 10 + 3
            WHEN component < 6 THEN region_no / 10000 * 10000 * 10 + component END
FROM registry_member CROSS JOIN LATERAL (
    SELECT CASE WHEN id % 9973 = 0 THEN 8 WHEN id % 97 = 0 THEN 1 ELSE 2 + id % 5 % 4 END AS component) c
WHERE NOT manager AND id % 3 <> 0;
INSERT INTO registry_outsidefact (family_id, region_no, group_id, kind, value, as_of, source, received_at)
SELECT id, region_no, group_id, 'desil', (1 + id % 4)::text, '2025-04-01', 'dtsen', now() FROM registry_family;
INSERT INTO registry_question (family_id, region_no, group_id, field, source, asked_at, why)
SELECT id, region_no, group_id, 'name', 'dtsen', now(), '' FROM registry_family WHERE id % 499 = 3;
"""
TABLES = (
    "registry_group", "registry_family", "registry_member", "registry_enrolment", "registry_componentspell",
    "registry_outsidefact", "registry_question", "registry_facility", *year.TABLES,
)  # fmt: skip
OVERVIEWS = {
    "wilayah": "by regency", "pendamping": "by facilitator", "kelompok": "by group", "tempat": "by school or post",
    "desa": "by village",
}  # fmt: skip
TAPIN, TAPIN_TENGAH, KALSEL = 6_305_000_000, 6_305_030_000, 6_300_000_000


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--families", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    seconds = fill(chosen.families)
    rows = list(measured(chosen.rounds))
    report = {"families": chosen.families, "seconds_filling": round(seconds, 1), "pages": rows}
    if chosen.json:
        sys.stdout.write(json.dumps(report) + "\n")
        return
    sys.stdout.write(f"{chosen.families:,} families\n{'as':22} {'page':34} {'p50':>7} {'p95':>7} {'queries':>8}\n")
    for row in rows:
        line = f"{row['as']:22} {row['page']:34} {row['p50_ms']:7.1f} {row['p95_ms']:7.1f} {row['queries']:8}\n"
        sys.stdout.write(line)


def fill(families: int) -> float:
    """The synthetic rows, once. The triggers of the audit are off for this: it is not what is measured."""
    start = time.perf_counter()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_family")
        if cursor.fetchone()[0] >= families:
            return 0.0
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(FILL.format(families=families))
        year.write(cursor, today=day.today())
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")
    return time.perf_counter() - start


def people() -> dict[str, Any]:
    """One person of each reach."""
    reaches = {
        "facilitator": ("facilitator", [TAPIN_TENGAH]),
        "district": ("district_lead", [TAPIN_TENGAH]),
        "regency": ("regency_coordinator", [TAPIN]),
        "province": ("province_coordinator", [KALSEL]),
        "nation": ("auditor", []),
    }
    found = {}
    with put_on(Scope.batch()):
        groups = list(
            Group.objects.filter(region_id__gte=TAPIN).order_by("region_id").values_list("pk", flat=True)[:20]
        )
        for name, (role, regions) in reaches.items():
            user = User.objects.filter(username=f"bench-{name}").first()
            if user is None:
                user = User.objects.create_user(f"bench-{name}", name=f"Ukur {name}")
                Post.objects.create(
                    user=user, role_code=role, region_nos=regions, since=date(2020, 1, 1),
                    groups=groups if role == "facilitator" else [],
                )  # fmt: skip
            found[name] = user
    return found


def measured(rounds: int) -> Iterator[dict[str, Any]]:
    settings.ALLOWED_HOSTS = ["testserver"]
    import_module("harapan.wsgi")  # loaded and set aside from collections of garbage, as a server does
    for name, user in people().items():
        client = Client()
        client.force_login(user)
        session = client.session
        record_authentication(SimpleNamespace(session=session), user, method="mfa")  # as after the second step
        session.save()
        for page, addresses in asked(client):
            times, queries = [], 0
            for turn in range(rounds + 3):
                address = addresses[turn % len(addresses)]
                with counted() as number:
                    start = time.perf_counter()
                    response = client.get(address)
                    times.append(time.perf_counter() - start)
                if response.status_code != 200:
                    raise SystemExit(f"{name} {address}: status {response.status_code}")
                queries = max(queries, number[0])
            cuts = quantiles(times[3:], n=20)
            yield {
                "as": name, "page": page, "p50_ms": round(cuts[9] * 1000, 1), "p95_ms": round(cuts[18] * 1000, 1),
                "queries": queries,
            }  # fmt: skip


def asked(client: Any) -> Iterator[tuple[str, list[str]]]:
    """Pages with addresses that differ from turn to turn; the one family is the first that the reader sees."""
    yield "families", ["/keluarga/"]
    page = client.get("/keluarga/").content.decode()
    first = re.search(r'href="/keluarga/(\d+)/"', page)
    following = re.search(r'rel="next" href="([^"]+)"', page)
    if first is None or following is None:
        raise SystemExit("this reader sees no families: was the measured database filled?")
    yield "families, a later page", ["/keluarga/" + unescape(following[1])]
    words = ["norhayati", "siti mila", "sri wulan", "hayati amin", "rusmini", "sri sri", "tidak ada"]
    yield "search by name", [f"/keluarga/?q={word}" for word in words]
    yield "search by a full number", [f"/keluarga/?q=63050{number:011}" for number in range(1, 6)]
    yield "families with a common component", ["/keluarga/?component=3"]
    yield "families with a rare component", ["/keluarga/?component=1"]
    yield "families with a very rare component", ["/keluarga/?component=8"]
    yield "families now enrolled", ["/keluarga/?state=enrolled"]
    yield "families whose membership ended", ["/keluarga/?state=ended"]
    yield "families with an open question", ["/keluarga/?state=asked"]
    yield "families without a group", ["/keluarga/?state=groupless"]
    yield "one family", [f"/keluarga/{first[1]}/"]
    yield "groups", ["/kelompok/"]
    yield "P2K2, who is behind", ["/p2k2/"]
    yield "P2K2, groups", ["/p2k2/kelompok/"]
    yield "P2K2, groups not met last month", ["/p2k2/kelompok/?met=last"]
    group = re.search(r'href="(/p2k2/kelompok/\d+/)"', client.get("/p2k2/kelompok/").content.decode())
    if group is not None:
        yield "P2K2, one group", [group[1]]
        meeting = re.search(r'href="(/p2k2/pertemuan/\d+/)"', client.get(group[1]).content.decode())
        if meeting is not None:
            yield "P2K2, one meeting", [meeting[1]]
    yield "tasks", ["/tugas/"]
    yield "verification", ["/verifikasi/"]
    yield from overviews(client)
    yield "what should be checked", ["/perlu-dicek/"]
    yield "check visits", ["/perlu-dicek/kunjungan/"]
    yield "calibration of indicators", ["/perlu-dicek/peneraan/"]
    yield "home", ["/"]


def overviews(client: Any) -> Iterator[tuple[str, list[str]]]:
    """The running month and the one before, which is told to its end; nothing for a reader who oversees nobody."""
    landed = client.get("/pantauan/")
    last = f"?month={add_months(month_of(day.today()), -1)}"
    for view in dict.fromkeys(re.findall(r'href="/pantauan/([a-z]+)/["?]', landed.content.decode())):
        yield f"overview {OVERVIEWS[view]}", [f"/pantauan/{view}/"]
        yield f"overview {OVERVIEWS[view]}, last month", [f"/pantauan/{view}/{last}"]


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many statements all connections ran inside the block."""
    number = [0]

    def count(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        number[0] += 1
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for alias in ("default", "nation"):
            stack.enter_context(connections[alias].execute_wrapper(count))
        yield number
