"""The environment of a worker process that works on the tests' database with the tests' logins."""

from __future__ import annotations

import os
from urllib.parse import quote

from django.db import connections


def worker_environment() -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    for alias, variable in (
        ("default", "HARAPAN_APP_URL"),
        ("nation", "HARAPAN_NATION_URL"),
        ("batch", "HARAPAN_BATCH_URL"),
    ):
        place = connections[alias].settings_dict
        who = f"{quote(place['USER'])}:{quote(place['PASSWORD'])}"
        given[variable] = f"postgresql://{who}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    given["DJANGO_SETTINGS_MODULE"] = "harapan.settings"
    return given
