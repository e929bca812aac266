"""Settings of the whole project, read from the environment. See .env.example for every variable."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import databases
from config.caches import cache
from config.environment import boolean, names, required

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

DEBUG = boolean("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", unless=DEBUG, fallback="only-for-debug-" + "0123456789abcdef" * 4)
ALLOWED_HOSTS = names(
    required("ALLOWED_HOSTS", unless=DEBUG, fallback="localhost,127.0.0.1,[::1],testserver")
)

# Where the public reaches the site; files and feeds carry absolute addresses made from it.
SITE_URL = os.environ.get(
    "SITE_URL", "http://127.0.0.1:8000" if DEBUG else "https://" + ALLOWED_HOSTS[0]
).rstrip("/")
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).netloc:
    raise ImproperlyConfigured(f"SITE_URL must be an http:// or https:// address, not {SITE_URL!r}.")
SECURE = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "portal",  # before the admin, so that templates/admin and the error pages are ours
    "tenders",
    "parks",
    "staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "simple_history",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "staff",  # last: roles are given when all permissions are there, and it takes other apps' pages away
]

MIDDLEWARE = [
    "portal.headers.HeadersMiddleware",  # outermost, as the next two: what answers below has their headers too
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.LanguageMiddleware",  # so that every refusal below is in the language of the path
    "django.middleware.security.SecurityMiddleware",
    "portal.middleware.WordsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.limits.LimitsMiddleware",
    "portal.middleware.CookielessMiddleware",
    "portal.middleware.NulMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "staff.middleware.NoStoreMiddleware",  # inside of the former: what no cache keeps needs no ETag
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.ReadOnlyMiddleware",  # before anybody asks a reader for a token
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "staff.middleware.StaffSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "staff.middleware.SecurityLogMiddleware",
    "portal.middleware.BadParameterMiddleware",
    "portal.outages.OutageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    },
]

# What is acknowledged is kept, and a server that is away or hangs is found out (decision records 0004 and 0017).
if not os.environ.get("DATABASE_URL", "").strip():
    VAR_DIR.mkdir(exist_ok=True)
DATABASES = {"default": databases.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'tenderground.sqlite3'}")}

CACHES = {"default": cache("CACHE_URL")}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# A reason may be as long as it has to be.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# Who may come in: see staff/ and docs/operations.md.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "staff.backends.AccountBackend"]
AXES_HANDLER = "staff.lockout.LockoutHandler"  # its limits go with the parameters below
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address", "username"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or trying again would keep an account locked for ever
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "portal.addresses.client_address"
AXES_USERNAME_CALLABLE = "staff.lockout.typed_name"
AXES_LOCKOUT_CALLABLE = "staff.lockout.locked_out"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # the security log has them; what is left are failures of the last 15 minutes
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Tenderground"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("zh-hant", _("Traditional Chinese")),
    ("zh-hans", _("Simplified Chinese")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Hong_Kong"
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

WHITENOISE_ALLOW_ALL_ORIGINS = False  # what is styled here is our own pages

# How often one client may ask, as (requests, seconds); see portal/limits.py and docs/operations.md.
COSTLY_LIMIT = (600, 60)  # files, and pages with a query string
LOGIN_LIMIT = (20, 60)  # tries to log in
LARGEST_REQUEST = 21 * 1024 * 1024  # bytes of a body, files included; an import takes 20 MB

SECURE_SSL_REDIRECT = SECURE
BEHIND_PROXY = boolean("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_AGE = 10 * 60 * 60  # staff/sessions.py ends one sooner: an hour after its last page
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Strict"
LOGIN_REDIRECT_URL = "admin:index"  # also where a login leads that was asked to lead to another site
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],  # stock admin's own stylesheet draws a few marks from data: addresses
        "frame-src": [NONE],
        "object-src": [NONE],
        "upgrade-insecure-requests": SECURE,
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"axes": {"level": "ERROR"}},  # says again, at length, what tenderground.security says
}
