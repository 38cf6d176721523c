"""Every change of a client's guidance: one function each, with its Event."""
