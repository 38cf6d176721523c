"""Every change of what the network aims at and does: one function each, with its Event."""
