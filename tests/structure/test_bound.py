"""Every table from which facts are read is bound by the chain, so that no count can be changed by SQL unseen."""

from __future__ import annotations

import pytest

import matchhub.db.tables as tables
from matchhub.db.base import Base
from matchhub.services.kernel.bound import BOUND, PERSONAL, bound_columns
from tests.structure.sources import Module, imports, modules

# The modules that read rows into what rules judge, and what they judge it at an earlier moment by.
READING = ("matchhub.services.facts.", "matchhub.services.counting.", "matchhub.services.kernel.merges",
           "matchhub.services.kernel.history")  # fmt: skip
# Read for what is no fact: whether kept verdicts are still of the same base, and which rows were written since.
NO_FACTS = {"event_log", "bound_rows"}


def tables_read(module: Module) -> set[str]:
    """Names of the tables whose classes a module imports."""
    named = (imported.rpartition(".") for _, imported in imports(module))
    found = (getattr(tables, name, None) for package, _, name in named if package.startswith("matchhub.db.tables"))
    return {each.__tablename__ for each in found if each is not None}


def test_every_table_read_for_facts_is_bound() -> None:
    reading = [module for module in modules() if module.name.startswith(READING)]
    missing = {module.path: left for module in reading if (left := tables_read(module) - set(BOUND) - NO_FACTS)}
    assert missing == {}


def test_a_table_read_is_seen() -> None:
    assert tables_read(Module("x", "from matchhub.db.tables import Deal as Row")) == {"deals"}


@pytest.mark.parametrize("name", sorted(BOUND))
def test_only_columns_that_are_there_are_left_out(name: str) -> None:
    columns = {each.name for each in Base.metadata.tables[name].columns}
    assert BOUND[name] - columns == set()
    assert "id" in bound_columns(name)


def test_every_kind_of_personal_data_named_stands_in_a_bound_table() -> None:
    assert PERSONAL - {name for table in BOUND for name in bound_columns(table)} == set()
