"""Every change of state of this room."""
