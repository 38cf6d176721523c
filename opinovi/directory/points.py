"""Where a place lies: an estimate of a postcode's middle, and distances between points."""

import csv
from functools import cache
from math import asin, cos, radians, sin, sqrt

from django.conf import settings

from opinovi.directory.codes import postcodes

Point = tuple[float, float]
EARTH_KM = 6371.0088


@cache
def centres() -> dict[str, Point]:
    """The middle of a postcode ("15110") or of a municipality ("m398"): latitude and longitude in degrees."""
    with (settings.DATA_DIR / "centres.csv").open(encoding="utf-8") as lines:
        return {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(lines)}


def estimate(postcode: str, municipality: str = "") -> tuple[float | None, float | None]:
    """About where a postcode is; (None, None) where nothing is known of it."""
    municipality = municipality or postcodes().get(postcode, "")
    found = centres().get(postcode) or centres().get(f"m{municipality}")
    return found or (None, None)


def distance_km(one: Point, other: Point) -> float:
    """The way the crow flies, by the haversine formula on a sphere of the earth's mean radius."""
    (lat_1, lon_1), (lat_2, lon_2) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
