"""Who may do what with the directory."""

import rules

# What is published is for everyone.
rules.add_rule("directory.read", rules.always_allow)
