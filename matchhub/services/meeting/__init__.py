"""Where demand and patent meet: threads, contact data, notices, deals that grow out of them, and their chain."""
