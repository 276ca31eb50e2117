"""Wiring only. What differs between installations comes from the environment; see `harapan.database.environment`.

The web and worker processes get three logins (app, app_nation, batch) and never the owner's; only setup and tests
know `DATABASE_URL`.
"""

from __future__ import annotations

import os
from pathlib import Path

from harapan.database.places import secret, var
from harapan.database.urls import database_settings, role_prefix

ROOT = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "0", "no", "false"):
        return default if value == "" else False
    if value in ("1", "yes", "true"):
        return True
    raise RuntimeError(f"{name}={value!r} is neither yes nor no; use 1 or 0.")


DEBUG = env_bool("HARAPAN_DEBUG")
SECRET_KEY = secret("django").hex()
ALLOWED_HOSTS = os.environ.get("HARAPAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("HARAPAN_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "harapan.database",
    "harapan.ui",
    "harapan.audit",
    "harapan.files",
    "harapan.jobs",
    "harapan.regions",
    "harapan.accounts",
    "harapan.registry",
    "harapan.verification",
    "harapan.p2k2",
    "harapan.training",
    "harapan.workforce",
    "harapan.benefits",
    "harapan.payments",
    "harapan.fieldwork",
    "harapan.performance",
    "harapan.intake",
    "harapan.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "harapan.ui.csp.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "harapan.ui.language.ReaderLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "harapan.accounts.middleware.ActingPost",
    "harapan.accounts.middleware.OwnPasswordFirst",
    "harapan.ui.refusals.Refusals",
]

ROOT_URLCONF = "harapan.urls"
WSGI_APPLICATION = "harapan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # each errand keeps its templates beside its views
        "DIRS": sorted((ROOT / "harapan" / "web").glob("*/templates")),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "harapan.web.context.chrome",
            ],
            "builtins": ["django.templatetags.i18n", "harapan.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "harapan.ui.forms.Renderer"

# Four logins on one database: see harapan/database/scope.py for who uses which.
DATABASES = database_settings(pool=env_bool("HARAPAN_POOL"))
DATABASE_ROUTERS = ["harapan.database.scope.ActiveRouter"]
ROLE_PREFIX = role_prefix()
SCOPE_ALIASES = {"app": "default", "nation": "nation", "batch": "batch"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "harapan.accounts.sign_in.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS: dict[str, str] = {}  # delays are our own row: harapan/accounts/sign_in.py
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env_bool("HARAPAN_BEHIND_PROXY") else 0  # waits are by the visitor's address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "Harapan"
MFA_TOTP_TOLERANCE = 1  # the half minute before or after: clocks of phones drift, and people type (RFC 6238 5.2)
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ADAPTER = "harapan.accounts.sign_in.SecondFactorAdapter"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env_bool("HARAPAN_HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("HARAPAN_BEHIND_PROXY") else None
CSRF_FAILURE_VIEW = "harapan.ui.views.stale_form"
X_FRAME_OPTIONS = "DENY"

# in the database: what one process remembers (a code once used, a guess counted) every process must remember
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "harapan_cache"}}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [ROOT / "harapan" / "locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = var() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024  # above it Django would lay the file down unencrypted
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

PROCRASTINATE_IMPORT_PATHS = ["harapan.web.families.tasks"]  # below an app, where the worker does not look by itself
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None  # the worker loads every task; a command only what it asks for
PROCRASTINATE_ON_APP_READY = "harapan.jobs.queue.on_app_ready"

# Parameters of statements carry personal data: never log them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.db.backends": {"level": "ERROR"}, "harapan": {"level": "INFO"}},
}
