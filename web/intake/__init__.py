"""Pages of intake: files as jobs, meaning of columns, similar records, batches taken back, where values came from."""

from flask import Blueprint

from web.navigation import Entry

blueprint = Blueprint("intake", __name__, url_prefix="/intake", template_folder="templates")
NAVIGATION: tuple[Entry, ...] = (Entry("intake.uploads", "导入", "Import", 20),)

# Views register themselves on the blueprint above.
from web.intake import batches, files, jobs, origins, similar  # noqa: E402, F401
