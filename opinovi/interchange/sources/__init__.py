"""Taking in what others know: one shape for every source. Fetch, read, check, compare, show, apply."""
