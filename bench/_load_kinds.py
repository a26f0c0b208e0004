"""How often pages are asked for: all day, or once a quarter."""

# Pages people have open all day; half of all looks go to them, the others evenly over all page types.
DAILY = {
    "visitor": ("home.index", "home.patents", "home.patent", "home.demands", "home.trades", "home.search"),
    "enterprise": ("enterprise.desk", "enterprise.demand", "enterprise.inbox", "home.patents", "home.patent",
                   "trade.desk", "trade.notices"),
    "institution": ("institution.desk", "institution.patents", "institution.demands", "home.patent", "trade.desk",
                    "trade.notices"),
    "operator": ("operator.desk", "operator.demands", "operator.demand", "operator.reviews", "trade.records",
                 "home.patents", "bureau.record"),
    "reviewer": ("bureau.desk", "bureau.threshold", "bureau.base", "bureau.record", "home.patents"),
}  # fmt: skip
# Besides, so that what changes something finds its records.
WRITTEN = ("trade.thread", "enterprise.new_demand", "account.help_page")
# Asked for once a quarter or by an auditor: each reads or counts the whole base when it is opened, or hands out a file
# of a whole list. One look in fifty goes to them.
SELDOM = frozenset({
    "bureau.losses", "bureau.changes", "bureau.check_log", "bureau.package_gaps", "bureau.packs", "bureau.statistics",
    "bureau.statistics_rows", "bureau.compare", "bureau.export_compared", "bureau.export", "home.export",
    "matching.firms_report", "trade.award_claim_file", "api.document", "api.pages.docs",
    "home.stock_inventory",
})  # fmt: skip
