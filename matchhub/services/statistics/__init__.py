"""Statistics for the bureau: what is wanted and offered in each trade, how far demands came, who answers."""
