"""Which threshold the records of a kind are judged for, and the reverse."""

from __future__ import annotations

# Kind of a command -> the threshold its records are judged for.
THRESHOLD_OF = {
    "patents": "patents",
    "enterprises": "enterprises",
    "experts": "experts",
    "agencies": "agencies",
    "demands": "local_demands",
    "pushes": "pushes",
    "deals": "invention_deals",
    "offers": "open_licence_offers",
    "licences": "open_licences",
}
KIND_OF = {threshold: kind for kind, threshold in THRESHOLD_OF.items()}
