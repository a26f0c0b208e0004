"""Every code has its sentences, and every sentence is of a code in use."""

from __future__ import annotations

import re

import pytest

from matchhub.wording import codes
from tests.structure.codes import patterns, strings, used_codes
from tests.structure.sources import Module, modules, tracked_texts
from tests.structure.test_imports import LAYERS, layer_of

# These know no codes of ours: recommender is publishable by itself, and the loader's own words are no codes.
WITHOUT_CODES = ("recommender", "matchhub.wording")
# Values of a ``code`` that the pages name by their own words: the answers to a push.
NOT_READ = {"contact"}


def may_know(user: str, definer: str) -> bool:
    """Whether the table of layers lets one module import another."""
    own, other = layer_of(user), layer_of(definer)
    return own is None or own == other or other in LAYERS[own].ours


def test_every_code_has_sentences() -> None:
    spoken = [module for module in modules() if not module.name.startswith(WITHOUT_CODES)]
    used = used_codes(spoken, may_know)
    missing = [f"{place}: {code}" for code, place in used.items() if code not in codes() | NOT_READ]
    assert missing == [], "\n".join(["codes without sentences:", *sorted(missing)])


def test_every_sentence_is_of_a_code_in_use() -> None:
    sources = [module for module in modules() if module.name != "matchhub.wording"]
    written = {text for module in sources for text in strings(module)}
    spelt = [pattern for module in sources for pattern in patterns(module)]
    pages = "\n".join(text for name, text in tracked_texts() if name.startswith("web/") and name.endswith(".html"))
    in_pages = set(re.findall(r"[\"']([a-z0-9_]+)[\"']", pages))
    orphans = codes() - written - in_pages
    assert sorted(code for code in orphans if not any(pattern.fullmatch(code) for pattern in spelt)) == []


@pytest.mark.parametrize(
    "text",
    [
        "raise Refusal('late')",
        "class Late(NotFound): ...\nraise Late('late', days=3)",
        "class Late(Refusal):\n    code = 'late'",
        "class Fault:\n    line: int\n    code: str\nFault(3, 'late')",
        "class Fault:\n    line: int\n    code: str\nFault(3, code='late' if x else y)",
        "def tell(row, code, **data): ...\ntell(row, 'late', days=3)",
        "class A:\n    def tell(self, code): ...\nself.tell(given or 'late')",
        "code = 'late' if x else other",
        "class NotFound(Refusal): ...\nclass Late(NotFound): ...\nerrors.Late('late')",
    ],
)
def test_a_code_in_use_is_found(text: str) -> None:
    assert set(used_codes([Module("x", "class NotFound(Refusal): ...\n" + text)])) == {"late"}


@pytest.mark.parametrize("text", ["tell('late')", "code = 'A43B'", "code = plain(text)", "Refusal(code, value='late')"])
def test_other_text_is_no_code(text: str) -> None:
    assert used_codes([Module("x", text)]) == {}


def test_an_f_string_stands_for_the_codes_it_may_spell() -> None:
    (pattern,) = patterns(Module("x", 'sentence(f"page_{status}")\nf"{name}: no code"'))
    assert pattern.fullmatch("page_404")
    assert not pattern.fullmatch("pages_404")


def test_a_method_of_a_layer_out_of_sight_is_not_meant() -> None:
    tells = Module("ingest.cells", "class Cells:\n    def require(self, code): ...")
    asks = Module("matchhub.services.x", "unit.require('operator')")
    assert used_codes([tells, asks], may_know) == {}
    assert set(used_codes([tells, asks])) == {"operator"}
