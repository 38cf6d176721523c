"""Every change among the network's own people: one function each, with its Event."""
