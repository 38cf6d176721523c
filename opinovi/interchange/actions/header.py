"""The headings of a spreadsheet that is a source, as it was last read: what a person chooses columns from."""

from opinovi.interchange.models import Feed

MOST = 200


def note_header(feed: Feed, header: list[str]) -> None:
    """What its first row says: no more, so no Event."""
    told = [heading[:100] for heading in header][:MOST]
    if feed.settings.get("header") != told:
        feed.settings = {**feed.settings, "header": told}
        Feed.objects.filter(id=feed.id).update(settings=feed.settings)
