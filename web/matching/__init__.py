"""Pages of matching: what a score means, precision over time, the thesaurus, words for a demand, every direction."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("matching", __name__, url_prefix="/matching", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (Entry("matching.calibration", "匹配质量", "Matching", 55),)

# Views register themselves on the blueprint above.
from web.matching import directions, firms, learned, measures, thesaurus, words  # noqa: E402, F401
