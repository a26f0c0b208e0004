"""What every use case stands on: the unit of work, settings, revisions, the event log, jobs, backup."""
