"""The catalogue: sentences and labels merged from all files, filled with data, never a crash at the edge."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchhub import wording
from matchhub.errors import IdentifierInvalid, Refusal
from matchhub.wording import (
    WordingInvalid,
    codes,
    headline,
    label,
    placeholders,
    read_labels,
    read_wording,
    refusal_sentence,
    sentence,
)

GOOD = '[late]\nzh = "迟到{days}天"\nen = "{days} days late"\n'


@pytest.fixture
def two_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {
        "late": {"zh": "迟到{days}天", "en": "{days} days late"},
        "share": {"zh": "占{share:.1%}", "en": "{share:.1%} of {code}"},
    }
    monkeypatch.setattr(wording, "_sentences", lambda: entries)


def written(folder: Path, **texts: str) -> list[Path]:
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return sorted(folder.glob("*.toml"))


@pytest.mark.usefixtures("two_sentences")
class TestSentence:
    def test_chinese_is_the_default_language(self) -> None:
        assert sentence("late", days=3) == "迟到3天"

    def test_english_is_given_on_request(self) -> None:
        assert sentence("late", "en", days=3) == sentence("late", lang="en", days=3) == "3 days late"

    @pytest.mark.parametrize("locale", ["zh_Hans", "zh-CN", "zh_Hans_CN", "ZH"])
    def test_a_locale_finds_its_language(self, locale: str) -> None:
        assert sentence("late", locale, days=3) == "迟到3天"

    def test_data_that_are_missing_show_a_question_mark(self) -> None:
        assert sentence("late") == "迟到?天"
        assert sentence("late", days=None) == "迟到?天"

    def test_data_that_do_not_fit_their_format_show_as_they_are(self) -> None:
        assert sentence("share", share="一半") == "占一半"
        assert sentence("share") == "占?"

    def test_braces_in_the_data_stay_text(self) -> None:
        assert sentence("late", days="{days}") == "迟到{days}天"

    def test_data_may_be_named_code(self) -> None:
        assert sentence("share", "en", share=0.125, code="A43B") == "12.5% of A43B"

    def test_more_data_than_the_sentence_names_do_no_harm(self) -> None:
        assert sentence("late", days=3, hours=4) == "迟到3天"

    def test_an_unknown_code_is_a_key_error(self) -> None:
        with pytest.raises(KeyError, match="lost"):
            sentence("lost")

    def test_an_unknown_language_is_a_key_error_and_not_another_language(self) -> None:
        with pytest.raises(KeyError, match="fr"):
            sentence("late", "fr", days=3)

    def test_a_refusal_is_told_with_its_own_data(self) -> None:
        assert refusal_sentence(Refusal("late", days=3), "en") == "3 days late"

    def test_a_refusal_whose_data_name_a_language_is_told_all_the_same(self) -> None:
        assert refusal_sentence(Refusal("late", days=3, lang="en")) == "迟到3天"


class TestReading:
    def test_files_are_merged(self, tmp_path: Path) -> None:
        merged = read_wording(written(tmp_path, one=GOOD, two=GOOD.replace("late", "early")))
        assert set(merged) == {"late", "early"}
        assert merged["late"] == {"zh": "迟到{days}天", "en": "{days} days late"}

    def test_a_code_in_two_files_is_refused_and_both_are_named(self, tmp_path: Path) -> None:
        with pytest.raises(WordingInvalid, match=r"\[late\] stands in one.toml and in two.toml"):
            read_wording(written(tmp_path, one=GOOD, two=GOOD))

    @pytest.mark.parametrize(
        "text",
        [
            '[late]\nzh = "迟到"\n',
            '[late]\nzh = "迟到"\nen = "late"\nfr = "tard"\n',
            '[late]\nzh = " "\nen = "late"\n',
            '[late]\nzh = "迟到{days"\nen = "late"\n',
            '[late]\nzh = "迟到{days.year}"\nen = "late"\n',
            '[late]\nzh = "迟到{}"\nen = "late"\n',
            '[late]\nzh = 3\nen = "late"\n',
            'late = "迟到"\n',
            GOOD + GOOD,
            "[late\n",
        ],
    )
    def test_a_file_against_the_rule_is_refused_by_name(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(WordingInvalid, match="bad.toml"):
            read_wording(written(tmp_path, bad=text))

    def test_bytes_that_are_no_utf8_are_refused_by_name(self, tmp_path: Path) -> None:
        (tmp_path / "bad.toml").write_bytes(GOOD.encode("gb18030"))
        with pytest.raises(WordingInvalid, match="bad.toml"):
            read_wording([tmp_path / "bad.toml"])


LABEL = '[state]\nopen = { zh = "开放", en = "open" }\n'


class TestLabels:
    def test_a_group_may_be_spread_over_files(self, tmp_path: Path) -> None:
        merged = read_labels(written(tmp_path, one=LABEL, two=LABEL.replace("open =", "shut =")))
        assert merged["state"].keys() == {"open", "shut"}

    def test_the_same_key_may_stand_in_two_groups(self, tmp_path: Path) -> None:
        merged = read_labels(written(tmp_path, one=LABEL, two=LABEL.replace("state", "door")))
        assert merged["state"]["open"] == merged["door"]["open"] == {"zh": "开放", "en": "open"}

    def test_a_key_that_a_group_is_given_twice_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(WordingInvalid, match=r"two.toml: \[state\] open is given twice"):
            read_labels(written(tmp_path, one=LABEL, two=LABEL))

    @pytest.mark.parametrize(
        "text",
        [
            '[state]\nopen = { zh = "开放" }\n',
            '[state]\nopen = { zh = "", en = "open" }\n',
            '[state]\nopen = { zh = "开放{days}天", en = "open" }\n',
            '[state]\nopen = "开放"\n',
            'state = "开放"\n',
        ],
    )
    def test_a_file_against_the_rule_is_refused_by_name(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(WordingInvalid, match="bad.toml"):
            read_labels(written(tmp_path, bad=text))

    def test_a_label_is_given_in_the_language_of_a_locale(self) -> None:
        assert label("validity", "in_force", "en-GB") == label("validity", "in_force", "en") == "In force"
        assert label("validity", "in_force") == label("validity", "in_force", "zh_Hans_CN") == "有效"

    @pytest.mark.parametrize("asked", [("lost", "in_force"), ("validity", "lost"), ("validity", "in_force", "fr")])
    def test_what_has_no_label_is_a_key_error(self, asked: tuple[str, ...]) -> None:
        with pytest.raises(KeyError):
            label(*asked)


class TestShipped:
    def test_the_shipped_files_are_read(self) -> None:
        assert {"refused", "not_found", "not_allowed", "conflict"} <= codes()

    def test_a_shipped_refusal_reads_in_both_languages(self) -> None:
        assert "“2.01E+12”" in refusal_sentence(IdentifierInvalid(value="2.01E+12"))
        assert "“2.01E+12”" in refusal_sentence(IdentifierInvalid(value="2.01E+12"), "en")

    def test_both_languages_of_a_code_take_the_same_data(self) -> None:
        """A name that itself has two forms comes as ``…_zh`` and ``…_en``."""
        told = {
            code: [{name.removesuffix(f"_{lang}") for name in placeholders(texts[lang])} for lang in ("zh", "en")]
            for code, texts in wording._sentences().items()
        }
        assert [code for code, (chinese, english) in told.items() if chinese != english] == []


def test_a_headline_is_the_first_sentence_with_gaps_where_one_record_s_data_would_stand() -> None:
    assert headline("patent_status_stale") == "法律状态最近一次查询于某日，距统计日超过若干个月"
    assert headline("demand_repetition") == "与另一条需求高度相似，只计一条"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("patent_status_stale", "Its legal status was last looked up on a certain day, more than a set number of months before the as-of day"),
        ("deal_patent_dead", "On the day of signing, the patent was dead"),
        ("deal_not_invention", "By its number it is not an invention patent; the deal does not count as one"),
        ("enterprise_category_term_unknown", "The category has no term, so it cannot be judged on the as-of day"),
        ("payment_token", "Some yuan were paid: nothing or a token amount proves no payment"),
        ("entered_by_one", "Some records were entered by one account"),
        ("amount_unknown", "No amount is on record; this threshold asks for a certain sum or more"),
    ],
)  # fmt: skip
def test_a_headline_in_english_is_a_sentence_too(code: str, said: str) -> None:
    assert headline(code, "en") == said


def test_no_headline_has_an_ellipsis_of_its_own() -> None:
    for code, texts in wording._sentences().items():
        assert not any("…" in headline(code, lang) and "…" not in texts[lang] for lang in ("zh", "en")), code


def test_every_code_has_a_headline_in_both_languages() -> None:
    assert all(headline(code, lang) and "?" not in headline(code, lang) for code in codes() for lang in ("zh", "en"))


def test_the_value_of_a_problem_stands_for_the_data_that_a_sentence_names() -> None:
    told = sentence("deal_number_in_use", value="HT-1，7", file="a.csv", line=3, column="")
    assert "HT-1，7" in told and "?" not in told
    assert sentence("deal_number_in_use", number="HT-1", other=7) == sentence(
        "deal_number_in_use", number="HT-1", other=7, value="x"
    )
    assert "?" in sentence("deal_number_in_use")
