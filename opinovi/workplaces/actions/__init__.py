"""Every change of what the network does with workplaces: one function each, with its Event."""
