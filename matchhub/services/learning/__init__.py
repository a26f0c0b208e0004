"""What people's answers teach: later rankings of who answered, the measured meaning of a score, precision over time."""
