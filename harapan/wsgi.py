"""The WSGI entrance for granian and other servers."""

import atexit
import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harapan.settings")
application = get_wsgi_application()

# What is loaded once is never garbage: unless told so, each full collection walks its 200,000 objects again, and
# a tenth of a second of somebody's page is gone.
get_resolver().url_patterns  # noqa: B018  (loads every page)
gc.collect()
gc.freeze()
atexit.register(gc.unfreeze)  # at the end it is: what is still frozen then, native libraries call leaked
