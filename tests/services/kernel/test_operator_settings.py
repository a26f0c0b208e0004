"""Who runs the installation and what accounts it allows, read from the settings."""

from __future__ import annotations

from pathlib import Path

from matchhub.services.kernel.settings import AccountSettings, OperatorSettings, read_settings


def test_who_runs_the_installation_is_a_setting_like_any_other(tmp_path: Path) -> None:
    said = {
        "MATCHHUB_OPERATOR_NAME": "晋江市知识产权运营中心",
        "MATCHHUB_OPERATOR_PHONE": "0595-85660000",
        "MATCHHUB_OPERATOR_HOURS": "周一至周五  8:00-17:30",
        "MATCHHUB_OPERATOR_ADDRESS": "晋江市青阳街道",
        "MATCHHUB_OPERATOR_EMAIL": "help@jinjiang.example",
        "MATCHHUB_ICP": "闽ICP备00000000号",
    }
    found = read_settings({"MATCHHUB_HOME": str(tmp_path), **said}).operator
    assert found == OperatorSettings(
        "晋江市知识产权运营中心", "0595-85660000", "周一至周五 8:00-17:30", "晋江市青阳街道", "help@jinjiang.example", "闽ICP备00000000号"
    )  # fmt: skip


def test_nothing_is_invented_where_nothing_was_said(tmp_path: Path) -> None:
    found = read_settings({"MATCHHUB_HOME": str(tmp_path)})
    assert (found.operator, found.accounts) == (OperatorSettings(), AccountSettings(2, 30, 3))


def test_the_accounts_of_an_organisation_are_a_setting(tmp_path: Path) -> None:
    said = {
        "MATCHHUB_ACCOUNTS_PER_ENTERPRISE": "3",
        "MATCHHUB_ACCOUNTS_PER_INSTITUTION": "80",
        "MATCHHUB_KEPT_YEARS": "5",
    }
    assert read_settings({"MATCHHUB_HOME": str(tmp_path), **said}).accounts == AccountSettings(3, 80, 5)
