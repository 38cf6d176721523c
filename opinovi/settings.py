"""Settings, read from the environment with safe defaults. Production refuses to start with an unsafe one."""

import base64
import json
import os
import secrets
from pathlib import Path

import dj_database_url
import pyrage
from django.core.exceptions import ImproperlyConfigured

from opinovi.base.languages import found_in

BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


OPINOVI_HOME = Path(os.environ.get("OPINOVI_HOME", BASE_DIR / "var")).resolve()
OPINOVI_HOME.mkdir(parents=True, exist_ok=True)
PRODUCTION = flag("OPINOVI_PRODUCTION")
DEBUG = flag("OPINOVI_DEBUG")
# An example installation shows a band on every page, and a page with the mail that it would have sent.
EXAMPLE = flag("OPINOVI_EXAMPLE", not PRODUCTION)


def local_secret(name: str, made: str) -> str:
    """A secret of an installation that was given none: made once, kept in its own folder."""
    path = OPINOVI_HOME / name
    if not path.exists():
        path.write_text(made)
        path.chmod(0o600)
    return path.read_text().strip()


def new_identity() -> str:
    """Both halves of a key for backups, as age writes them."""
    return str(pyrage.x25519.Identity.generate())


SECRET_KEY = os.environ.get("OPINOVI_SECRET_KEY", "") or (
    "" if PRODUCTION else local_secret("secret-key", secrets.token_urlsafe(50))
)
# The keys of what is confidential in the database, 32 bytes each in url-safe base64; the first seals, all unseal.
MASTER_KEYS = words("OPINOVI_MASTER_KEYS")
# Where none were given: a file of the installation's own, a key a line, read anew when it changes.
MASTER_KEY_FILE = ""
if not MASTER_KEYS and not PRODUCTION:
    local_secret("master-key", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    MASTER_KEY_FILE = str(OPINOVI_HOME / "master-key")
# To whom backups are sealed: public keys of age, comma between. Where none were given: one made for the installation,
# whose secret half is kept in its folder, and ought to be kept elsewhere too.
BACKUP_TO = words("OPINOVI_BACKUP_TO")
if not BACKUP_TO:
    BACKUP_TO = [str(pyrage.x25519.Identity.from_str(local_secret("backup-key", new_identity())).to_public())]
ALLOWED_HOSTS = words("OPINOVI_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
BASE_URL = os.environ.get("OPINOVI_URL", "http://127.0.0.1:8000").rstrip("/")


def refuse_unsafe() -> None:
    """Name every setting that production must not start with."""
    wrong = []
    if len(SECRET_KEY) < 32:
        wrong.append("OPINOVI_SECRET_KEY must be set, with at least 32 characters")
    if not MASTER_KEYS or any(len(base64.urlsafe_b64decode(one)) != 32 for one in MASTER_KEYS):
        wrong.append("OPINOVI_MASTER_KEYS must be set: 32 bytes in url-safe base64, a new key first, comma between")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        wrong.append("OPINOVI_HOSTS must name the hosts, without *")
    if DEBUG:
        wrong.append("OPINOVI_DEBUG must be off")
    if not BASE_URL.startswith("https://"):
        wrong.append("OPINOVI_URL must begin with https://")
    if wrong:
        raise ImproperlyConfigured("Unsafe settings for production: " + "; ".join(wrong) + ".")


if PRODUCTION:
    refuse_unsafe()
    SECURE_SSL_REDIRECT = flag("OPINOVI_SSL_REDIRECT", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("OPINOVI_HSTS_SUBDOMAINS", True)
    # A browser takes them from this very host alone, by TLS.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_tasks",
    "django_tasks_db",
    "rules",
    "opinovi.base",
    "opinovi.esco",
    "opinovi.network",
    "opinovi.directory",
    "opinovi.doors",
    "opinovi.contact",
    "opinovi.journeys",
    "opinovi.practices",
    "opinovi.staff",
    "opinovi.workplaces",
    "opinovi.outreach",
    "opinovi.projects",
    "opinovi.strategy",
    "opinovi.impact",
    "opinovi.interchange",
    "opinovi.site",
    # After our own, so that our pages stand in front of theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "leaflet",
]
MIDDLEWARE = [
    "opinovi.site.middleware.healthy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "opinovi.site.metrics.measured",
    "opinovi.site.traces.traced",
    "opinovi.base.standby.ReadOfStandby",
    "opinovi.site.middleware.safe_headers",
    "opinovi.network.middleware.door_of_network",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "opinovi.network.middleware.languages_of_network",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "opinovi.network.middleware.session_ends",
    "opinovi.network.middleware.second_factor",
]
ROOT_URLCONF = "opinovi.urls"
WSGI_APPLICATION = "opinovi.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "opinovi.site.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "opinovi.base.templatetags.text",
                "opinovi.network.templatetags.people",
                "opinovi.site.templatetags.parts",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", f"sqlite:///{OPINOVI_HOME / 'opinovi.sqlite3'}"), conn_max_age=600
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA mmap_size=268435456;"
        ),
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
else:
    # One that was restarted, or another that took its place, is asked by a new connection.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if os.environ.get("OPINOVI_STANDBY_URL"):
        # A copy that follows the first, for pages where nobody can notice that it is a moment behind.
        DATABASES["standby"] = dj_database_url.parse(os.environ["OPINOVI_STANDBY_URL"], conn_max_age=600) | {
            "TEST": {"MIRROR": "default"}
        }
        DATABASES["standby"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
        DATABASE_ROUTERS = ["opinovi.base.standby.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions are rows, so that their owner can see and end them. A visitor has none.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "opinovi.site.errors.csrf_failure"

AUTH_USER_MODEL = "network.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
# Nobody has a password: a code by mail, a passkey or a provider lets in, and a second factor where clients are seen.
ACCOUNT_ADAPTER = "opinovi.network.sign_in.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"request_login_code": "30/m/ip,3/m/key,10/h/key", "login_failed": "30/m/ip,5/5m/key"}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Opin ovi"
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "opinovi.network.sign_in.SecondFactors"
SOCIALACCOUNT_ADAPTER = "opinovi.network.sign_in.Providers"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_LOGIN_ON_GET = True
# Other ways to sign in: a JSON list each, of what docs/operations.md tells.
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": json.loads(os.environ.get("OPINOVI_OPENID", "[]"))},
    "saml": {"APPS": json.loads(os.environ.get("OPINOVI_SAML", "[]"))},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

SMTP_HOST = os.environ.get("OPINOVI_SMTP_HOST", "")
if SMTP_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = SMTP_HOST
    EMAIL_PORT = int(os.environ.get("OPINOVI_SMTP_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("OPINOVI_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("OPINOVI_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = flag("OPINOVI_SMTP_TLS", True)
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = OPINOVI_HOME / "mail"
# A gateway of text messages: POST of {"id", "to", "text"} as JSON, with the key as a bearer token. Without one an
# example installation keeps them with its mail, and no other offers them.
SMS_URL = os.environ.get("OPINOVI_SMS_URL", "")
# What the gateway brings with a message that somebody sent us; without it none are taken.
SMS_IN_TOKEN = os.environ.get("OPINOVI_SMS_IN_TOKEN", "")
SMS_KEY = os.environ.get("OPINOVI_SMS_KEY", "")
SMS_OFFERED = bool(SMS_URL) or (EXAMPLE and not PRODUCTION)
# Hosts of one's own network, as host:port, from which sources may be fetched all the same.
FETCH_ALLOWED = words("OPINOVI_FETCH_ALLOWED", "")
# How surely, from 0 to 1, records of two sources must be the same to be shown as one by themselves; over 1 is never.
SAME_SURE = float(os.environ.get("OPINOVI_SAME_SURE", "0.95"))
# How many times an hour one machine may ask the open API, and one key may write by it.
API_READS_AN_HOUR = int(os.environ.get("OPINOVI_API_READS", "100000"))
API_WRITES_AN_HOUR = int(os.environ.get("OPINOVI_API_WRITES", "600"))
# A store that speaks S3, as s3://BUCKET/FOLDER, for the files that people send; without it they lie in the database.
FILES = os.environ.get("OPINOVI_FILES", "")
# Its name and secret, as NAME:SECRET; its address where it is not Amazon's; its region.
FILES_KEY = os.environ.get("OPINOVI_FILES_KEY", "")
FILES_ENDPOINT = os.environ.get("OPINOVI_FILES_ENDPOINT", "")
FILES_REGION = os.environ.get("OPINOVI_FILES_REGION", "us-east-1")
# A ClamAV daemon that looks at files sent in, as host:port; without it they are checked by type and made harmless.
CLAMAV = os.environ.get("OPINOVI_CLAMAV", "")
DEFAULT_FROM_EMAIL = os.environ.get("OPINOVI_FROM", "opinovi@localhost")

# A map's tiles, as https://tiles.example/{z}/{x}/{y}.png, and whom to thank for them; without them there is a list.
MAP_TILES = os.environ.get("OPINOVI_MAP_TILES", "")
MAP_CREDIT = os.environ.get("OPINOVI_MAP_CREDIT", "© OpenStreetMap")

LANGUAGE_CODE = "fi"
LOCALE_PATHS = [BASE_DIR / "opinovi" / "locale"]
FOUND_LANGUAGES = found_in(LOCALE_PATHS[0])
LANGUAGES = [(one.code, one.name) for one in FOUND_LANGUAGES]
USE_I18N = True
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True

FORM_RENDERER = "opinovi.base.fields.Renderer"
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("OPINOVI_STATIC", OPINOVI_HOME / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": os.environ.get("OPINOVI_STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Nothing that people send in lies on a disk unlocked, not even for a moment.
FILE_UPLOAD_MAX_MEMORY_SIZE = 12_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000

# The folder of the data that the project ships, with its sources and licences.
DATA_DIR = BASE_DIR / "opinovi" / "data"
# Newer lists of codes than those in it, where there are any.
CODES_DIR = OPINOVI_HOME / "codes"
INDEX_DIR = OPINOVI_HOME / "index"
DEFAULT_NETWORK = os.environ.get("OPINOVI_NETWORK", "paijat-hame")

# Who brings this token reads /-/metrics; without one there is no such page.
METRICS_TOKEN = os.environ.get("OPINOVI_METRICS_TOKEN", "")
if METRICS_TOKEN:
    # The processes of a host count together, in files that the library keeps; read when it is first imported.
    METRICS_DIR = OPINOVI_HOME / f"metrics-{os.environ.get('PORT', '8000')}"
    METRICS_DIR.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_DIR))

# A collector of OpenTelemetry, as http://collector:4318, that is told where the time of requests goes.
TRACES = os.environ.get("OPINOVI_TRACES", "").rstrip("/")

# A server that speaks Redis, as redis://host:6379/0, where the limits on tries of several hosts count together.
if os.environ.get("OPINOVI_REDIS_URL"):
    CACHES = {
        "default": {
            "BACKEND": "opinovi.base.cache.Shared",
            "LOCATION": os.environ["OPINOVI_REDIS_URL"],
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }

# Lines for people, or OPINOVI_LOG=json for what gathers logs.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "where"},
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if os.environ.get("OPINOVI_LOG") == "json" else "plain",
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("OPINOVI_LOG_LEVEL", "WARNING")},
    # A page that failed is told by its path alone, with where it failed: people's own words stand in the query.
    "loggers": {"django.request": {"level": "ERROR"}, "opinovi.audit": {"level": "INFO"}},
}
