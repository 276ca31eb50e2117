"""The auditor's pack: computed again elsewhere with nothing but itself, and it names nobody."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from harapan.benefits.models import Pack, Run
from harapan.benefits.packing import PROGRAM, REQUIREMENTS, sources
from harapan.core.errors import Refused
from harapan.database import places
from harapan.database.scope import put_on
from harapan.exchange.settlement.words import Outcome as Told
from harapan.files import storage
from harapan.payments import closing, money, packing, treasury
from harapan.payments.models import PaymentFile, SettlementLine
from harapan.payments.tasks import pack_later, pack_stage
from harapan.registry.models import Family, Member, PaymentAccount
from tests.computed.ground import DAY, STAGE, Ground

# Only the pack and the libraries it names: any other one is not there, as in a fresh environment.
WITHOUT = """
import runpy, sys
from importlib.metadata import packages_distributions
named, owners = set(sys.argv.pop().split()), packages_distributions()
class Gone:
    def find_spec(self, name, *more):
        of = owners.get(name.partition(".")[0])
        if of and not named & {one.lower().replace("_", "-") for one in of}:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Gone())
sys.path.insert(0, ".")
runpy.run_path("recompute.py", run_name="__main__")
"""


@pytest.fixture
def pack(ground: Ground, tmp_path: Path) -> Path:
    """A pack of an instructed stage, taken apart."""
    ground.instructed()
    out = tmp_path / "pack.zip"
    packing.pack(ground.stage(), out, actor=ground.people["auditor"].pk)
    with ZipFile(out) as zipped:
        zipped.extractall(tmp_path / "pack")
    return tmp_path / "pack"


def recompute(pack: Path) -> tuple[int, str]:
    """Exit status and answer of the program, as run by somebody who has nothing of ours."""
    libraries = " ".join(name.partition("==")[0] for name in _locked(pack / "requirements.txt"))
    alone = [sys.executable, "-I", "-c", WITHOUT, libraries]
    done = subprocess.run(alone, cwd=pack, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def test_it_recomputes_elsewhere(ground: Ground, pack: Path) -> None:
    with put_on(ground.nation()):
        run = Run.objects.live().get(stage=ground.stage())
    assert recompute(pack) == (0, f"identik / identical  {run.output_sha256}\n")


def test_the_program_is_the_packs_own(pack: Path) -> None:
    """Not the checkout's: a mark in the copied source is seen."""
    source = pack / "harapan/engine/recompute.py"
    source.write_text(source.read_text().replace("identik / identical", "dari paket / from the pack"))
    assert "from the pack" in recompute(pack)[1]


def test_it_brings_all_that_was_promised(ground: Ground, pack: Path) -> None:
    names = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()}
    for part in ("snapshot/families-0000.parquet", "snapshot/payees-0000.parquet", "snapshot/manifest.json",
                 "output/entitlements-0000.parquet", "output/lines-0000.parquet", "output/manifest.json",
                 "rules.json"):  # fmt: skip
        assert f"wave-0/{part}" in names
    assert {"pack.json", "approvals.json", "documents.json", "files.json", "README.md", "requirements.txt"} <= names
    assert not any(re.match(r"harapan/(?!core|engine|policy|__init__)", name) for name in names)
    (decision,) = json.loads((pack / "approvals.json").read_text())
    assert decision["decree_no"] == "123/SK/2024"
    files = json.loads((pack / "files.json").read_text())
    with put_on(ground.nation()):
        assert sum(file["amount_idr"] for file in files) == sum(
            PaymentFile.objects.filter(stage=ground.stage()).values_list("amount_idr", flat=True)
        )
    assert json.loads((pack / "wave-0/rules.json").read_text())["stage"] == STAGE


def _byte_of_the_snapshot(pack: Path) -> str:
    path = pack / "wave-0/snapshot/members-0000.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    return r"wave-0/snapshot/members-0000\.parquet"


def _amount_of_the_output(pack: Path) -> str:
    path = pack / "wave-0/output/entitlements-0000.parquet"
    table = pq.read_table(path)
    family = table.column("family_id")[3].as_py()
    changed = pc.if_else(pc.equal(table.column("family_id"), family), 1, table.column("net_idr"))
    place = table.column_names.index("net_idr")
    pq.write_table(table.set_column(place, table.schema.field(place), changed.cast(pa.int64())), path)
    return rf"family_id {family}: net_idr: 1 ≠ \d+"


def _row_of_the_output(pack: Path) -> str:
    path = pack / "wave-0/output/lines-0000.parquet"
    table = pq.read_table(path)
    pq.write_table(table.slice(1), path)
    return rf"lines: family_id {table.column('family_id')[0]} member_id {table.column('member_id')[0]}: .*missing"


def _rule(pack: Path) -> str:
    path = pack / "wave-0/rules.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"persons_max": 7}))
    return r"rules\.json: persons_max: 7 ≠ 4"


def _rule_in_the_manifest(pack: Path) -> str:
    path = pack / "wave-0/snapshot/manifest.json"
    manifest = json.loads(path.read_text())
    manifest["rules"]["persons_max"] = 7
    path.write_text(json.dumps(manifest))
    return r"snapshot/manifest\.json.*\n(.*\n)*.*persons_max: 4 ≠ 7"


def _hash_of_the_pack(pack: Path) -> str:
    path = pack / "pack.json"
    about = json.loads(path.read_text())
    about["output_sha256"] = about["waves"][0]["output_sha256"] = "0" * 64
    path.write_text(json.dumps(about))
    return r"computed again: [0-9a-f]{64} ≠ 0{64}"


HARMS = (
    _byte_of_the_snapshot, _amount_of_the_output, _row_of_the_output, _rule, _rule_in_the_manifest, _hash_of_the_pack,
)  # fmt: skip


def test_what_was_altered_is_named(pack: Path, tmp_path: Path) -> None:
    for harm in HARMS:
        altered = shutil.copytree(pack, tmp_path / harm.__name__)
        named = harm(altered)
        status, said = recompute(altered)
        assert status == 1, harm.__name__
        assert re.search(named, said), said
        assert "NOT IDENTICAL" in said


def test_it_names_nobody(ground: Ground, pack: Path) -> None:
    with put_on(ground.nation()):
        names = {*Family.objects.values_list("name", flat=True), *Member.objects.values_list("name", flat=True)}
        numbers = {account.number.open() for account in PaymentAccount.objects.all()}
        numbers |= {member.nik.open() for member in Member.objects.all() if member.nik}
    people = {user.name for user in ground.people.values()} | {user.username for user in ground.people.values()}
    secret = {word.encode() for word in names | numbers | people if word}
    assert len(secret) > 30
    for path in pack.rglob("*"):
        if not path.is_file() or path.suffix in (".py", ".md"):
            continue
        held = path.read_bytes()
        if path.suffix == ".parquet":  # compressed, so look at the values
            held = json.dumps(pq.read_table(path).to_pydict()).encode()
        assert not [word for word in secret if word in held], path


def test_asked_for_on_a_page_it_is_kept_encrypted(ground: Ground) -> None:
    ground.computed()
    auditor = ground.people["auditor"]
    with put_on(ground.nation("auditor")):
        post = auditor.posts.get()
        row = pack_later(ground.stage(), by=auditor, post=post)
        assert pack_later(ground.stage(), by=auditor, post=post).pk == row.pk  # a double click asks once
    pack_stage(work_id=row.work_no, row_id=row.pk)
    with put_on(ground.nation("auditor")):
        row = Pack.objects.select_related("file").get(pk=row.pk)
        assert row.file is not None
        assert row.file.kind == "pack"
        with storage.open_stream(row.file) as clear, ZipFile(clear) as zipped:
            assert "pack.json" in zipped.namelist()
    on_disk = places.folder("files") / row.file.digest[:2] / row.file.digest
    assert b"pack.json" not in on_disk.read_bytes()
    assert list(places.folder("packs").iterdir()) == []


def test_a_taken_name_and_a_lost_result_are_refused(ground: Ground, tmp_path: Path) -> None:
    run = ground.computed()
    out = tmp_path / "pack.zip"
    out.write_bytes(b"something of somebody")
    with pytest.raises(Refused, match="sudah ada"):
        packing.pack(ground.stage(), out, actor=ground.maker)
    assert out.read_bytes() == b"something of somebody"
    (run.folder / "lines-0000.parquet").unlink()
    with pytest.raises(Refused, match=r"lines-0000\.parquet"):
        packing.pack(ground.stage(), tmp_path / "other.zip", actor=ground.maker)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".zip"] == ["pack.zip"]


def test_its_libraries_are_those_of_the_product() -> None:
    """Version by version and hash by hash."""
    assert _locked(REQUIREMENTS).items() <= _locked(places.CHECKOUT / "requirements/runtime.txt").items()
    assert {"duckdb", "ibis-framework", "pyarrow"} <= {name.partition("==")[0] for name in _locked(REQUIREMENTS)}


def _locked(path: Path) -> dict[str, tuple[str, ...]]:
    text = re.sub(r"^ *#.*\n", "", path.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split() for line in text.splitlines() if line]
    return {line[0]: tuple(sorted(word for word in line if word.startswith("--hash"))) for line in lines}


def test_its_program_knows_no_django() -> None:
    found = {path.relative_to(places.CHECKOUT).as_posix() for path in sources(PROGRAM)}
    assert {"harapan/__init__.py", "harapan/engine/run.py", "harapan/policy/stage_rules.py"} <= found
    assert "harapan/policy/reader.py" not in found


@pytest.mark.slow
def test_pip_alone_is_enough(pack: Path, tmp_path: Path) -> None:
    """As its README says: a fresh environment, its requirements, its program."""
    venv.create(tmp_path / "fresh", with_pip=True)
    python = tmp_path / "fresh/bin/python"
    pip: list[Any] = [python, "-m", "pip", "install", "--quiet", "--no-input", "--require-hashes"]
    subprocess.run([*pip, "-r", pack / "requirements.txt"], check=True, cwd=tmp_path)
    done = subprocess.run([python, pack / "recompute.py"], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout.partition("  ")[0]) == (0, "identik / identical"), done.stderr


def test_every_receipt_of_money_back_in_the_treasury_is_in_it(ground: Ground, tmp_path: Path) -> None:
    ground.handed_over()
    rows = ground.rows(Told.CREDITED)
    failed = rows[0]
    ground.settle([failed._replace(outcome=Told.FAILED, reason="dormant_account"), *rows[1:]])
    later = ground.rows(Told.RETURNED, on=DAY + timedelta(days=120))[1:]
    back = [row._replace(ntpn="A1B2C3D4E5F6G7H8") for row in later]
    ground.settle(back, name="ntpn.csv")
    ppk, treasurer = ground.people["commitment_officer"], ground.people["treasurer"]
    with put_on(ground.nation()):
        closing.reconcile(ground.stage(), by=ppk, on=DAY)
        closing.close(ground.stage(), by=ppk, on=DAY)
        region = SettlementLine.objects.get(family_id=failed.family_id).region_no // 10**6 * 10**6
        treasury.pay_back(
            ground.stage(), payer=failed.bank, region=region, ntpn="ABCDEFGH12345678", on=DAY, by=treasurer, today=DAY
        )
        sums = money.of(ground.stage())
    packing.pack(ground.stage(), tmp_path / "pack.zip", actor=ground.people["auditor"].pk)
    with ZipFile(tmp_path / "pack.zip") as zipped:
        returns = json.loads(zipped.read("returns.json"))
        assert b"`returns.json`" in zipped.read("README.md")
    assert {row["ntpn"] for row in returns} == {"A1B2C3D4E5F6G7H8", "ABCDEFGH12345678"}
    untouched = [row for row in returns if "untouched_idr" in row]
    assert sum(row["untouched_idr"] for row in untouched) == sums.treasury_idr
    assert sum(row["orders"] for row in untouched) == len(back)
    assert sum(row.get("failed_idr", 0) + row.get("returned_idr", 0) for row in returns) == sums.failed_idr
    assert not any("family" in name for row in returns for name in row)
