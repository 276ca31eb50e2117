"""The synthetic nation of the benchmarks keeps up with the tables it fills."""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

from bench import nation
from harapan.accounts.models import User


def test_every_table_takes_the_rows_it_is_given(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("SELECT set_config('harapan.actor', '0', true)")
            User.objects.using("owner").create(username="ukur", name="Pengukur")
            nation.write(40)
            cursor.execute("SELECT count(*), (SELECT count(*) FROM registry_paymentaccount) FROM registry_family")
            assert cursor.fetchone() == (40, 40)
            transaction.set_rollback(True, using="owner")
        connections["owner"].close()
