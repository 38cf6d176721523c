"""Every change of enquiries, times and groups: one function each, with its Event."""
