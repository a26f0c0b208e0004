"""Settings of mail: read from environment and file, one sender for every letter, told by doctor; where links lead."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from matchhub.errors import SettingInvalid
from matchhub.notify.channel import Letter
from matchhub.operation.checkpoints import make_checkpoint, send_checkpoints
from matchhub.operation.diagnosis import examine, mail_state
from matchhub.operation.postman import identity_of, sender_of
from matchhub.services.kernel.runtime import Runtime, note_serving
from matchhub.services.kernel.settings import MailSettings, read_settings
from tests.notify.sinks import MailSink, serving
from tests.web.installation import clock, filled_home, runtime

__all__ = ["clock", "filled_home", "runtime"]
ALL = {
    "MATCHHUB_SMTP_URL": "smtps://match%40jinjiang.example:secret@smtp.example",
    "MATCHHUB_MAIL_FROM": "晋江平台 <post@jinjiang.example>",
    "MATCHHUB_MAIL_NAME": "晋江市专利交易匹配平台",
    "MATCHHUB_MAIL_REPLY_TO": "help@jinjiang.example",
    "MATCHHUB_MAIL_TLS": "starttls",
    "MATCHHUB_MAIL_PORT": "587",
    "MATCHHUB_MAIL_PER_MINUTE": "30",
}
READ = MailSettings(
    "post@jinjiang.example",
    "晋江市专利交易匹配平台",
    "help@jinjiang.example",
    "match@jinjiang.example",
    "starttls",
    587,
    30,
)


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    assert read_settings({"MATCHHUB_HOME": str(tmp_path), **ALL}).mail == READ


def test_settings_come_from_the_file_of_the_home_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    lines = ["# mail", *(f'{name} = "{value}"' for name, value in ALL.items()), "PATH=/nowhere"]
    (tmp_path / "settings.env").write_text("\n".join(lines), "utf-8")
    assert read_settings({"MATCHHUB_HOME": str(tmp_path)}).mail == READ
    changed = read_settings({"MATCHHUB_HOME": str(tmp_path), "MATCHHUB_MAIL_NAME": "另一个名字"})
    assert changed.mail == replace(READ, name="另一个名字")


def test_without_a_sender_the_user_who_signs_in_is_the_sender(tmp_path: Path) -> None:
    url = {"MATCHHUB_SMTP_URL": ALL["MATCHHUB_SMTP_URL"]}
    mail = read_settings({"MATCHHUB_HOME": str(tmp_path), **url}).mail
    assert (mail.sender, mail.envelope) == ("match@jinjiang.example", "match@jinjiang.example")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("MATCHHUB_MAIL_FROM", "平台@qq.com", "mail_address_invalid"),
        ("MATCHHUB_MAIL_REPLY_TO", "nobody", "mail_address_invalid"),
        ("MATCHHUB_BUREAU_EMAIL", "a@b", "mail_address_invalid"),
        ("MATCHHUB_MAIL_TLS", "ssl", "mail_tls_invalid"),
        ("MATCHHUB_MAIL_PORT", "99999", "number_setting_invalid"),
        ("MATCHHUB_MAIL_PER_MINUTE", "many", "number_setting_invalid"),
        ("MATCHHUB_ACCOUNTS_PER_ENTERPRISE", "0", "number_setting_invalid"),
        ("MATCHHUB_KEPT_YEARS", "2", "number_setting_invalid"),
        ("MATCHHUB_OPERATOR_EMAIL", "nobody", "mail_address_invalid"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, name: str, value: str, code: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        read_settings({"MATCHHUB_HOME": str(tmp_path), name: value})
    assert refused.value.code == code


def test_every_letter_goes_in_the_name_of_the_same_sender(runtime: Runtime) -> None:
    with serving(MailSink()) as sink:
        mail = MailSettings("match@jinjiang.example", "晋江平台", tls="none")
        runtime.settings = replace(
            runtime.settings, smtp_url=f"smtp://127.0.0.1:{sink.port}", mail=mail, bureau_email="bureau@gov.example"
        )
        make_checkpoint(runtime, "daily")
        assert send_checkpoints(runtime)["sent"] > 0
        sender_of(runtime)(Letter("<searches-1-x@matchhub>", "", "a@b.example", "x", "x"))
        letters = [message_from_bytes(each.content, policy=policy.default) for each in sink.letters]
    assert {str(each["From"]) for each in letters} == {"晋江平台 <match@jinjiang.example>"}
    assert {str(each["Message-ID"]).rpartition("@")[2] for each in letters} == {"jinjiang.example>"}


def test_doctor_says_how_letters_leave(runtime: Runtime) -> None:
    plain = runtime.settings
    said = []
    for url, mail in (
        (None, MailSettings()),
        ("smtp://mail.example", MailSettings()),
        ("smtp://mail.example", MailSettings("a@b.example")),
        ("http://mail.example", MailSettings("a@b.example")),
    ):
        runtime.settings = replace(plain, smtp_url=url, mail=mail)
        state = mail_state(runtime)
        said.append((state["ok"], state["code"]))
    assert said == [
        (True, "doctor_mail_files"),
        (False, "doctor_mail_sender_missing"),
        (True, "doctor_mail_set"),
        (False, "smtp_url_invalid"),
    ]


def links(home: Path, **settings: str) -> tuple[bool, str, str]:
    checks = examine({"MATCHHUB_HOME": str(home), **settings})["checks"]
    (found,) = [check for check in checks if check["name"] == "links"]
    return found["ok"], found["code"], found["data"]["address"]


def test_links_lead_to_where_the_pages_are_served(runtime: Runtime) -> None:
    runtime.settings = replace(runtime.settings, base_url="")
    with runtime.unit(write=False) as unit:
        assert unit.base_url == "http://127.0.0.1:8000"
    note_serving(runtime.home, "http://127.0.0.1:8765")
    with runtime.unit(write=False) as unit:
        assert unit.base_url == "http://127.0.0.1:8765"
    runtime.settings = replace(runtime.settings, base_url="https://match.example")
    with runtime.unit(write=False) as unit:
        assert unit.base_url == "https://match.example"


def test_doctor_finds_fault_with_links_that_no_recipient_can_open(runtime: Runtime) -> None:
    note_serving(runtime.home, "http://127.0.0.1:8765")
    assert links(runtime.home) == (True, "doctor_links", "http://127.0.0.1:8765")
    mail = {"MATCHHUB_SMTP_URL": "smtp://mail.example"}
    assert links(runtime.home, **mail) == (False, "doctor_links_local", "http://127.0.0.1:8765")
    public = {"MATCHHUB_BASE_URL": "https://match.example"}
    assert links(runtime.home, **mail, **public) == (True, "doctor_links", "https://match.example")


def test_a_sender_without_address_is_written_as_nobody() -> None:
    assert identity_of(MailSettings()).header == "matchhub@localhost"
