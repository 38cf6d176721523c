"""Every change of a project: one function each, with its Event."""
