"""Who may do what at the doors: finding is for everyone, and needs no account."""

import rules

rules.add_rule("doors.find", rules.always_allow)
rules.add_rule("doors.keep", rules.always_allow)
