"""Settings with the ui alone, no database and no domain: serves the sheet of components for looking at.

DJANGO_SETTINGS_MODULE=tests.ui.bare python -m django runserver 8099
"""

from harapan.settings import FORM_RENDERER, LANGUAGE_CODE, LANGUAGES, LOCALE_PATHS, TEMPLATES, USE_I18N, USE_TZ

__all__ = ["FORM_RENDERER", "LANGUAGES", "LANGUAGE_CODE", "LOCALE_PATHS", "USE_I18N", "USE_TZ"]

DEBUG = True
SECRET_KEY = "for looking only"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "tests.ui.urls"
INSTALLED_APPS = ["django.contrib.messages", "django.contrib.staticfiles", "django_htmx", "harapan.ui"]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "harapan.ui.csp.ContentSecurityPolicy",
    "harapan.ui.language.ReaderLanguage",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "harapan.ui.refusals.Refusals",
]
OPTIONS = TEMPLATES[0]["OPTIONS"]
TEMPLATES = [
    TEMPLATES[0]
    | {
        "OPTIONS": OPTIONS
        | {
            "context_processors": [
                *OPTIONS["context_processors"][:-1],
                "tests.ui.urls.chrome",
            ]
        }
    }
]
STATIC_URL = "/static/"
TIME_ZONE = "Asia/Makassar"
