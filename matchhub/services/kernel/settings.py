"""Settings of an installation, read from the environment once, at the edge (CONTRACT.md, Settings).

A file ``settings.env`` in the home may hold them too, ``NAME=value`` a line; the environment goes before it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from matchhub.domain.addresses import read_addresses, usable_address
from matchhub.errors import SettingInvalid
from matchhub.services.kernel.home import require_usable

DEFAULT_POLICY = "jinjiang-2023-6"
DEFAULT_BASE_URL = "http://127.0.0.1:8000"
DEFAULT_PER_MINUTE = 0
LOG_DAYS = 184  # six months, the least (Cybersecurity Law 21(3))
TLS = ("auto", "none", "starttls", "implicit")
SETTINGS_FILE = "settings.env"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Who sends the installation's letters, and how they are handed to the server of ``smtp_url``.

    ``sender``: address of the From line; "" when neither it nor an SMTP user that is an address is set.
    ``envelope``: address of MAIL FROM, where bounces go. ``tls``: auto (what the server offers; never a password in the
    clear), none, starttls or implicit. ``port``: 0 for that of the address, else of ``tls``. ``per_minute``: the most
    letters in a minute, 0 for no limit.
    """

    sender: str = ""
    name: str = ""
    reply_to: str = ""
    envelope: str = ""
    tls: str = "auto"
    port: int = 0
    per_minute: int = DEFAULT_PER_MINUTE


@dataclass(frozen=True, slots=True)
class OperatorSettings:
    """Who runs the installation, as its pages, letters and claims tell it; "" for what was not said.

    ``hours``: when somebody answers ``phone``. ``icp``: number of the site's filing (ICP备案号). Only the papers of a
    claim name ``uscc``, ``representative`` (法定代表人), ``contact``, ``bank`` and ``account`` (its number).
    """

    name: str = ""
    phone: str = ""
    hours: str = ""
    address: str = ""
    email: str = ""
    icp: str = ""
    uscc: str = ""
    representative: str = ""
    contact: str = ""
    bank: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Accounts that one firm and one institution may have at a time, and for how many years what took part in deals
    and licences is kept after an account was closed (电子商务法 31: at least three)."""

    per_enterprise: int = 2
    per_institution: int = 30
    kept_years: int = 3


_SCHEDULER = re.compile(r"(tcp|tls|ws|wss)://[^\s/]+:\d{1,5}")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults filled in."""

    home: Path
    database_url: str
    secret_key: str
    smtp_url: str | None = None
    base_url: str = ""  # "": where the pages are served (``Runtime.base_url``)
    policy: str = DEFAULT_POLICY
    dask: str = ""
    checkpoint_folder: Path | None = None
    bureau_email: str | None = None
    mail: MailSettings = field(default_factory=MailSettings)
    backup_folder: Path | None = None
    channel_hosts: frozenset[str] = frozenset()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()  # web servers that pass requests on
    sms_url: str | None = None
    sms_key: str = ""
    automatic_pushes: bool = True
    json_logs: bool = False
    log_days: int = LOG_DAYS  # access logs are kept so long
    codes_required: bool = False  # at sign-in, of accounts whose role asks for them; ``read_settings`` says True
    operator: OperatorSettings = field(default_factory=OperatorSettings)
    accounts: AccountSettings = field(default_factory=AccountSettings)

    @property
    def checkpoints(self) -> Path:
        """Where checkpoints are written; best a folder of another machine."""
        return self.checkpoint_folder or self.home / "checkpoints"

    @property
    def backups(self) -> Path:
        """Where the worker writes its nightly backups; best a folder of another machine."""
        return self.backup_folder or self.home / "backups"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from ``MATCHHUB_*``; raises ``SettingInvalid`` where one is missing that must be given, and where the
    home cannot be used (``require_usable``, which makes it).

    On SQLite the secret key is made once and kept in the home, readable by its owner alone.
    """
    home = Path(environment.get("MATCHHUB_HOME") or "data").resolve()
    require_usable(home)
    environment = {**_kept_settings(home), **environment}
    url = environment.get("MATCHHUB_DATABASE_URL") or f"sqlite:///{home / 'matchhub.db'}"
    if not url.startswith(("sqlite:", "postgresql")):
        raise SettingInvalid("database_url_invalid")
    sms_url = environment.get("MATCHHUB_SMS_URL") or None
    if sms_url and (not sms_url.startswith(("https://", "http://")) or not environment.get("MATCHHUB_SMS_KEY")):
        raise SettingInvalid("sms_setting_invalid")
    return Settings(
        home=home,
        database_url=url,
        secret_key=environment.get("MATCHHUB_SECRET_KEY") or _kept_key(home, url),
        smtp_url=environment.get("MATCHHUB_SMTP_URL") or None,
        base_url=(environment.get("MATCHHUB_BASE_URL") or "").rstrip("/"),
        policy=environment.get("MATCHHUB_POLICY") or DEFAULT_POLICY,
        dask=_scheduler(environment.get("MATCHHUB_DASK") or ""),
        checkpoint_folder=Path(folder).resolve() if (folder := environment.get("MATCHHUB_CHECKPOINTS")) else None,
        bureau_email=_addresses(environment, "MATCHHUB_BUREAU_EMAIL") or None,
        mail=_mail_settings(environment),
        backup_folder=Path(place).resolve() if (place := environment.get("MATCHHUB_BACKUPS")) else None,
        channel_hosts=_hosts(environment.get("MATCHHUB_CHANNEL_HOSTS") or ""),
        trusted_proxies=_networks(environment.get("MATCHHUB_TRUSTED_PROXIES") or ""),
        sms_url=sms_url,
        sms_key=environment.get("MATCHHUB_SMS_KEY") or "",
        automatic_pushes=_says_usual(environment.get("MATCHHUB_PUSHES"), "automatic", "desk", "pushes_setting_invalid"),
        json_logs=not _says_usual(environment.get("MATCHHUB_LOG"), "text", "json", "log_setting_invalid"),
        log_days=_number(environment, "MATCHHUB_LOG_DAYS", LOG_DAYS, 3650, LOG_DAYS),
        codes_required=_says_usual(
            environment.get("MATCHHUB_SIGN_IN_CODES"), "required", "own", "codes_setting_invalid"
        ),
        operator=_operator_settings(environment),
        accounts=_account_settings(environment),
    )


def _mail_settings(environment: Mapping[str, str]) -> MailSettings:
    try:
        user = usable_address(unquote(urlsplit(environment.get("MATCHHUB_SMTP_URL") or "").username or "")) or ""
    except ValueError as error:
        raise SettingInvalid("smtp_url_invalid") from error
    sender = _address(environment, "MATCHHUB_MAIL_FROM") or user
    tls = (environment.get("MATCHHUB_MAIL_TLS") or "auto").strip().lower()
    if tls not in TLS:
        raise SettingInvalid("mail_tls_invalid", given=tls)
    return MailSettings(
        sender=sender,
        name=_line(environment, "MATCHHUB_MAIL_NAME"),
        reply_to=_address(environment, "MATCHHUB_MAIL_REPLY_TO"),
        envelope=_address(environment, "MATCHHUB_MAIL_ENVELOPE") or user or sender,
        tls=tls,
        port=_number(environment, "MATCHHUB_MAIL_PORT", 0, 65535),
        per_minute=_number(environment, "MATCHHUB_MAIL_PER_MINUTE", DEFAULT_PER_MINUTE, 100_000),
    )


def _operator_settings(environment: Mapping[str, str]) -> OperatorSettings:
    return OperatorSettings(
        name=_line(environment, "MATCHHUB_OPERATOR_NAME"),
        phone=_line(environment, "MATCHHUB_OPERATOR_PHONE"),
        hours=_line(environment, "MATCHHUB_OPERATOR_HOURS"),
        address=_line(environment, "MATCHHUB_OPERATOR_ADDRESS"),
        email=_addresses(environment, "MATCHHUB_OPERATOR_EMAIL"),
        icp=_line(environment, "MATCHHUB_ICP"),
        uscc=_line(environment, "MATCHHUB_OPERATOR_USCC"),
        representative=_line(environment, "MATCHHUB_OPERATOR_REPRESENTATIVE"),
        contact=_line(environment, "MATCHHUB_OPERATOR_CONTACT"),
        bank=_line(environment, "MATCHHUB_OPERATOR_BANK"),
        account=_line(environment, "MATCHHUB_OPERATOR_ACCOUNT"),
    )


def _line(environment: Mapping[str, str], name: str) -> str:
    return " ".join((environment.get(name) or "").split())


def _account_settings(environment: Mapping[str, str]) -> AccountSettings:
    usual = AccountSettings()
    return AccountSettings(
        per_enterprise=_number(environment, "MATCHHUB_ACCOUNTS_PER_ENTERPRISE", usual.per_enterprise, 1000, 1),
        per_institution=_number(environment, "MATCHHUB_ACCOUNTS_PER_INSTITUTION", usual.per_institution, 1000, 1),
        kept_years=_number(environment, "MATCHHUB_KEPT_YEARS", usual.kept_years, 100, 3),
    )


def _address(environment: Mapping[str, str], name: str) -> str:
    return _addresses(environment, name).partition("; ")[0]


def _addresses(environment: Mapping[str, str], name: str) -> str:
    given = environment.get(name) or ""
    found = read_addresses(given)
    if found.unusable or (given and not found.usable):
        raise SettingInvalid("mail_address_invalid", name=name, given=given)
    return found.text


def _number(environment: Mapping[str, str], name: str, default: int, most: int, least: int = 0) -> int:
    given = environment.get(name) or str(default)
    if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
        raise SettingInvalid("number_setting_invalid", name=name, given=given, least=least, most=most)
    return int(given)


def _kept_settings(home: Path) -> dict[str, str]:
    """What ``settings.env`` of the home holds; lines that begin with # say nothing."""
    file = home / SETTINGS_FILE
    if not file.is_file():
        return {}
    lines = (line.strip().partition("=") for line in file.read_text("utf-8").splitlines())
    return {
        name.strip(): value.strip().strip("\"'") for name, sign, value in lines if sign and name.startswith("MATCHHUB_")
    }


def _hosts(said: str) -> frozenset[str]:
    """Hosts between commas or blanks, each as ``host`` or ``host:port``; ``SettingInvalid`` for a whole address."""
    hosts = frozenset(each.lower() for each in said.replace(",", " ").split())
    if wrong := sorted(each for each in hosts if not _HOST.fullmatch(each)):
        raise SettingInvalid("channel_hosts_invalid", value=wrong[0])
    return hosts


def _networks(said: str) -> tuple[IPv4Network | IPv6Network, ...]:
    found = []
    for each in said.replace(",", " ").split():
        try:
            found.append(ip_network(each, strict=False))
        except ValueError as error:
            raise SettingInvalid("trusted_proxies_invalid", value=each) from error
    return tuple(found)


def _scheduler(said: str) -> str:
    if said and not _SCHEDULER.fullmatch(said):
        raise SettingInvalid("dask_setting_invalid", value=said)
    return said


def _says_usual(said: str | None, usual: str, other: str, fault: str) -> bool:
    """Whether a setting of two words says the usual one, as it does when it is not set."""
    if said and said not in (usual, other):
        raise SettingInvalid(fault, value=said)
    return not said or said == usual


def _kept_key(home: Path, url: str) -> str:
    if not url.startswith("sqlite"):
        raise SettingInvalid("secret_key_missing")
    file = home / "secret_key"
    if not file.exists():
        try:
            with file.open("x", encoding="ascii") as handle:
                file.chmod(0o600)
                handle.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass  # another process made it a moment ago
    return file.read_text("ascii").strip()
