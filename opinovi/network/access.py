"""Who may do what with networks and organisations."""

import rules

rules.add_rule("network.read", rules.always_allow)
