"""Django's settings. What an operator may set comes from the environment (docs/operators/settings.md)."""

import sys

from csp.constants import NONE, SELF
from whitenoise.compress import Compressor

from config.driver import use_driver
from config.environment import BASE_DIR, database_settings, email_settings, read_environment
from config.secrets import secret_key

ENVIRONMENT = read_environment()

DATA_DIR = ENVIRONMENT.data_dir
KEYS_DIR = DATA_DIR / "keys"
FILES_DIR = DATA_DIR / "files"  # evidence and final forms, by digest; outside anything that is served
PREVIEWS_DIR = DATA_DIR / "previews"  # pictures drawn from what is in FILES_DIR; can be drawn again at any time
CHECKPOINTS_DIR = ENVIRONMENT.checkpoints_dir  # how far the record had come, once a day: outside the database
CHECKPOINT_MAIL_TO = list(ENVIRONMENT.checkpoint_mail_to)
INCOMING_DIR = DATA_DIR / "incoming"  # uploads while they arrive; on the same file system as FILES_DIR

DEMO = ENVIRONMENT.demo
PRODUCTION = ENVIRONMENT.production
DEBUG = ENVIRONMENT.debug
SITE_URL = ENVIRONMENT.site_url
SECRET_KEY = secret_key(KEYS_DIR / "secret-key")

ALLOWED_HOSTS = [SITE_URL.partition("://")[2].partition(":")[0]]
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "[::1]", "testserver"]

INSTALLED_APPS = [
    "config",  # its commands come before Django's of the same name
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "allauth.mfa",
    "crispy_forms",
    "django_filters",
    "django_tables2",
    "crispy_bootstrap5",
    "heroicons",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "record",
    "standards",
    "centres",
    "portfolio",
    "assessments",
    "verification",
    "notices",
    "background",
    "demo",
]

MIDDLEWARE = [
    "config.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # what it sends was compressed when it was collected
    "config.middleware.CompressPagesMiddleware",  # outside all that looks at what a page says
    "config.middleware.PrivatePagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "assessments.observations.handed_over.HandedOverMiddleware",
    "centres.interrupted.InterruptedFormMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "centres.sign_in.middleware.SecondStepMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"scripts": "config.scripts"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "centres.context.site",
                "config.who_is_signed_in.made_for",
            ],
            "builtins": ["centres.templatetags.words", "portfolio.templatetags.evidence"],
        },
    },
]

# --- Data -------------------------------------------------------------------------------------------

_database = database_settings(ENVIRONMENT)
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["ENGINE"] = "config.fair_sqlite"
    _database["CONN_MAX_AGE"] = 0
    _database["OPTIONS"] = {
        # Take the write lock at the start of a transaction: two writers then wait instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        # Without it INSERT OR REPLACE would delete past the triggers that keep the record.
        "PRAGMA recursive_triggers=ON;",
    }
else:
    options: dict[str, object] = {"connect_timeout": 5}  # seconds
    if use_driver(ENVIRONMENT.database_driver) == "psycopg":
        # The server keeps the plan of a statement that is sent again and again: planning the joins of a page can
        # take longer than running them. For that the parameters have to come apart from the statement.
        options |= {"server_side_binding": True, "prepare_threshold": 5}  # times
    _database["OPTIONS"] = options | _database.get("OPTIONS", {})
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # Holds the counters that slow down password guessing; every process must see the same ones.
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "run" / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # beyond it some are thrown away, and with them their counts
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- People -----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "centres.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "centres.sign_in.backend.CandidateNumberBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an address is unique; who has none signs in with a candidate number
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "centres.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "centres.account_forms.SignInForm",
    "reset_password": "centres.account_forms.ResetPasswordForm",
    "reset_password_from_key": "centres.account_forms.ChoosePasswordForm",
    "change_password": "centres.account_forms.ChangePasswordForm",
    "reauthenticate": "centres.account_forms.ReauthenticateForm",
}
MFA_ADAPTER = "centres.sign_in.second_step_adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # of 30 seconds each: clocks differ, and typing takes a while
MFA_RATE_LIMITS = {"webauthn_login": "200/m/ip"}  # a class signs in behind one address
MFA_FORMS = {
    "authenticate": "centres.sign_in.second_step_forms.CodeForm",
    "activate_totp": "centres.sign_in.second_step_forms.AppForm",
    "add_webauthn": "centres.sign_in.second_step_forms.PasskeyForm",
    "authenticate_webauthn": "centres.sign_in.second_step_forms.PasskeyStepForm",
    "login_webauthn": "centres.sign_in.second_step_forms.PasskeySignInForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "centres.candidate_numbers.password_page.PasswordPageTokens"  # noqa: S105
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # a coordinator gives the address, and the link sent to it proves it
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # who was invited chooses a password and is in
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {  # beside the defaults
    "login": None,  # a class signs in behind one address
    "login_failed": None,  # counted by centres.sign_in.tries
    "reset_password": "100/m/ip,5/m/key",
    "reset_password_from_key": "100/m/ip",
    "testimony": "20/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600  # an invitation is opened within a week

# --- Safety -----------------------------------------------------------------------------------------

SESSION_COOKIE_AGE = 12 * 3600  # one working day
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health$"]  # asked from inside, where there is no certificate
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own style sheet carries its small pictures as data
        "media-src": [SELF],  # recordings and films of evidence
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- Uploads ----------------------------------------------------------------------------------------

MAX_UPLOAD_BYTES = ENVIRONMENT.max_upload_mb * 1024 * 1024
QUICK_WORKERS, SLOW_WORKERS = ENVIRONMENT.quick_workers, ENVIRONMENT.slow_workers  # see background/takers.py
DISK_RESERVE_BYTES = ENVIRONMENT.disk_reserve_mb * 1024 * 1024  # of the disk, which uploads leave to all else
FILE_UPLOAD_HANDLERS = ["portfolio.files.uploads.HashingUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FILES = 200  # our own handler keeps the first twenty and says so; Django would drop all
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- Pages ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # pages are shown in their centre's time zone
FORM_RENDERER = "config.forms.FormRenderer"
INSTALLED_APPS.insert(0, "django.forms")

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", BASE_DIR / "node_modules" / "bootstrap" / "dist"),
    ("inter", BASE_DIR / "node_modules" / "@fontsource-variable" / "inter" / "files"),
    ("tus", BASE_DIR / "node_modules" / "tus-js-client" / "dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # unused: evidence has its own store
    "staticfiles": {"BACKEND": "config.static_files.StaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]  # hardly asked for
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

globals().update(email_settings(ENVIRONMENT))
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from or "Countersign <countersign@localhost>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Logs -------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "config.logs.RequestIdFilter"},
        "no_address": {"()": "config.logs.NoAddressFilter"},
    },
    "formatters": {
        "line": {
            "()": "config.logs.LineFormatter",
            "format": "{asctime} {levelname} {request_id} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "line",
            "filters": ["request_id", "no_address"],
        },
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": False},  # our own middleware logs each request
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},  # strangers at the door, all day
        "weasyprint": {"level": "WARNING"},  # these two tell of each step
        "fontTools": {"level": "WARNING"},
    },
}
