"""The WSGI entrance for granian and other servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harapan.settings")
application = get_wsgi_application()
