"""What counts towards the goals of a measure, and why: pure functions on plain facts.

``facts`` holds the values judged, ``atoms`` the verdicts, one module per threshold its counter (``counters`` lists
them), ``progress`` the sums against the thresholds, ``signals`` what a reviewer should look at.
This file imports nothing, so that the subjects (demands, deals …) and the counters can use one another's words freely.
"""
