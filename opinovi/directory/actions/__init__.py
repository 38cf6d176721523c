"""Every change of the directory: one function each, with its Event. A file a subject."""

from opinovi.directory.actions.take_in import Changes, Record, take_in_points, take_in_services

__all__ = ["Changes", "Record", "take_in_points", "take_in_services"]
