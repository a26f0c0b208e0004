"""Pages asked for once a quarter or by an auditor: each reads or counts the whole base when it is opened."""

SELDOM = frozenset({"bureau.losses", "bureau.changes", "bureau.check_log", "bureau.package_gaps", "bureau.packs"})
