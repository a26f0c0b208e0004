"""Every verb of the log has its words in both languages, and no words are left over."""

from __future__ import annotations

from matchhub.domain.deals import REGISTER_EVENTS
from matchhub.services.deals.steps import STEPS
from matchhub.services.evidence.party_words import ANSWERS
from matchhub.services.evidence.repetitions import DECISIONS
from matchhub.wording import labels
from tests.structure.sources import Module, modules
from tests.structure.verbs import appended

# What the parts of a verb that vary may be, by the verb as it is written.
VARY = {
    "interest.{}": ("contact", "interest"),
    "source.{}": ("right", "rejected"),
    "deal.{}": ("interested", "negotiating", "signed", "cancelled", *REGISTER_EVENTS, *STEPS[1:]),
    "demand.{}": ("returned", "submitted", "solved", "withdrawn", "reconfirmed"),
    "record.{}": ("confirmed", "rejected"),
    "party.said_{}": ANSWERS,
    "evidence.found_{}": DECISIONS,
    "{}.{}": tuple(
        f"{kind}.{verdict}" for kind in ("deals", "licences", "offers") for verdict in ("created", "updated")
    ),
    "patent_offer.{}": ("published", "refused"),
    "push.{}": ("delivered", "written", "failed", "attempted", "suppressed"),
    "message.{}": ("suppressed", "refused", "delivered", "written", "given_up"),
}


def verbs() -> dict[str, str]:
    """Each verb that may be appended, with one place that does it."""
    found: dict[str, str] = {}
    for verb, place in appended(each for each in modules() if each.name.startswith("matchhub")).items():
        ends = VARY.get(verb, (verb,))
        found |= {end if "." in end else verb.replace("{}", end): place for end in ends}
    return found


def test_every_verb_of_the_log_has_its_words() -> None:
    assert {verb: place for verb, place in verbs().items() if verb not in labels()["deed"]} == {}


def test_every_word_is_of_a_verb_that_is_appended() -> None:
    assert labels()["deed"].keys() - verbs().keys() == set()


def test_a_verb_is_found_however_it_is_written() -> None:
    text = (
        'DONE = "a.done"\ndef f(unit, way):\n    append_event(unit, DONE, "x")\n    append_event(unit, f"b.{way}", "x")\n'
        '    verb = "c.one" if way else "c.two"\n    append_event(unit, verb, "x")\n    append_event(unit, way.verb, "x")\n'
    )
    assert set(appended([Module("x", text)])) == {"a.done", "b.{}", "c.one", "c.two", "? way.verb"}
