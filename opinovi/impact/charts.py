"""Charts as SVG, drawn on the server by Vega-Lite: plain marks with their values beside them, in the colours of the
page (or of paper). What a chart shows is said in its label and stands in the table beside it."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import vl_convert
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from opinovi.impact.shown import Shown, number

WIDE = 320
FONT = "system-ui, sans-serif"
# What the colours of the page are on paper.
PAPER = {"--ink": "#17262b", "--ink-2": "#4a5b61", "--link": "#0b4a5e", "--edge": "#6b7b81", "--line": "#d9d5c8",
         "--pale": "#e3eff2"}  # fmt: skip
INK, SOFT, MARK, EDGE, LINE, PALE = (f"var({name})" for name in PAPER)
LONGEST = 44
# "2026 II" stands on two lines; of months the year stands under the first one and each January.
TWO_LINES = (
    "indexof(datum.label, '/') < 0 ? split(datum.label, ' ') : "
    "datum.index == 0 || split(datum.label, '/')[0] == '1' ? split(datum.label, '/') : split(datum.label, '/')[0]"
)
# With more points than this, letters are smaller.
MANY = 8


AXIS = {
    "domainColor": EDGE,
    "labelColor": INK,
    "grid": False,
    "labelFontSize": 12,
    "title": None,
    "ticks": False,
    "labelPadding": 6,
}
CONFIG = {
    "aria": False,
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": AXIS,
    "text": {"color": INK, "fontSize": 12, "font": FONT},
}


@lru_cache(maxsize=512)
def drawn(spec: str) -> str:
    """The marks of a chart; the same chart is drawn once."""
    svg = str(vl_convert.vegalite_to_svg(spec))
    svg = re.sub(r' (?:width|height)="[\d.]+"(?= )', "", svg, count=2)
    # To who does not see it a chart is one picture with one label: its parts say nothing by themselves.
    svg = re.sub(r' (?:role|aria-\w+)="[^"]*"', "", svg)
    return svg.replace(' class="marks"', "", 1)


def picture(layers: list[dict[str, Any]], label: str, high: int, paper: bool = False) -> SafeString:
    spec = {"width": WIDE - 20, "height": high, "autosize": {"type": "fit", "contains": "padding"}, "padding": 4,
            "layer": layers, "config": CONFIG}  # fmt: skip
    svg = drawn(json.dumps(spec, sort_keys=True))
    if paper:
        for name, colour in PAPER.items():
            svg = svg.replace(f"var({name})", colour)
    told = f'<svg role="img" class="chart" aria-label="{escape(label)}" '
    return mark_safe(svg.replace("<svg ", told, 1))


def rows_of(figures: Sequence[Shown]) -> list[dict[str, Any]]:
    return [
        {
            "at": at,
            "name": one.name if len(one.name) <= LONGEST else one.name[: LONGEST - 1] + "…",
            "value": float(one.value) if one.value is not None else None,
            "low": one.low,
            "high": one.high,
            "label": number(one.value) if one.value is not None else "–",
            "against": float(one.against) if one.against is not None else None,
        }
        for at, one in enumerate(figures)
    ]


def trend(figures: Sequence[Shown], label: str, percent: bool, paper: bool = False) -> SafeString:
    """A line over time: each point with its value and, of a share, the interval it lies in; dashed, what it is held
    against. Nothing is drawn where nothing may be shown."""
    rows = rows_of(figures)
    if not any(row["value"] is not None for row in rows):
        return SafeString("")
    # Twelve months are as wide as eight quarters.
    small = 12 if len(rows) <= MANY else 9.5
    x = {
        "field": "name",
        "type": "ordinal",
        "scale": {"domain": [row["name"] for row in rows]},
        "axis": {
            "labelAngle": 0,
            "labelExpr": TWO_LINES,
            "labelOverlap": False,
            "labelFontSize": small,
        },
    }
    y: dict[str, Any] = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": True, "nice": True}}
    if percent:
        y["scale"] = {"domain": [0, 112]}
    # Up to the first point that is missing, and from there on: a line over a hole would say what nobody knows.
    whole = [one for one in rows if one["value"] is not None]
    at: dict[str, Any] = {"x": x, "y": y}
    layers = [layer(rows, line(stroke=MARK, strokeWidth=3), at)]
    if percent:
        spread = [one for one in whole if one["low"] is not None]
        reach = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
        layers.append(layer(spread, {"type": "rule", "stroke": EDGE, "strokeWidth": 1.5}, reach))
    if any(one["against"] is not None for one in rows):
        dashed = line(stroke=SOFT, strokeWidth=2, strokeDash=[4, 4])
        layers.append(layer(rows, dashed, {"x": x, "y": {**y, "field": "against"}}))
    dot = {"type": "point", "filled": True, "fill": MARK, "size": 55, "opacity": 1}
    told = {"type": "text", "dy": -12, "dx": 10 if small > 10 else 3, "fontSize": small, "fontWeight": 600, "fill": INK}
    layers += [layer(whole, dot, at), layer(whole, told, {**at, "text": {"field": "label"}})]
    return picture(layers, label, 170, paper)


def layer(rows: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def line(**look: Any) -> dict[str, Any]:
    return {"type": "line", "invalid": "break-paths-show-domains", **look}


def bars(figures: Sequence[Shown], label: str, percent: bool, paper: bool = False) -> SafeString:
    """A bar for each value under its name, its figure at its end; a thin line is the interval, a tick what it is held
    against."""
    rows = rows_of(figures)
    if not any(row["value"] is not None for row in rows):
        return SafeString("")
    names = {"field": "at", "type": "ordinal", "axis": None, "scale": {"domain": [row["at"] for row in rows]}}
    most = max(max(row["value"] or 0, row["high"] or 0, row["against"] or 0) for row in rows) or 1
    x = {"field": "value", "type": "quantitative", "axis": None, "scale": {"domain": [0, most * 1.25]}}
    at = {"y": names, "x": x}
    layers = [layer(rows, {"type": "bar", "fill": MARK, "height": 14, "yOffset": 8, "cornerRadiusEnd": 3}, at)]
    if percent:
        spread = [row for row in rows if row["low"] is not None]
        reach = {"y": names, "x": {**x, "field": "low"}, "x2": {"field": "high"}}
        layers.append(layer(spread, {"type": "rule", "stroke": EDGE, "strokeWidth": 2, "yOffset": 18}, reach))
    held = [row for row in rows if row["against"] is not None]
    if held:
        tick = {"type": "tick", "stroke": INK, "fill": INK, "thickness": 3, "size": 22, "yOffset": 8}
        layers.append(layer(held, tick, {"y": names, "x": {**x, "field": "against"}}))
    ends = [{**row, "end": max(row["value"] or 0, row["against"] or 0)} for row in rows]
    end = {"type": "text", "align": "left", "dx": 6, "dy": 8, "fontWeight": 600, "fill": INK}
    name = {"type": "text", "align": "left", "dy": -9, "fill": INK}
    layers.append(layer(ends, end, {"y": names, "x": {**x, "field": "end"}, "text": {"field": "label"}}))
    layers.append(layer(rows, name, {"y": names, "x": {"value": 0}, "text": {"field": "name"}}))
    return picture(layers, label, 46 * len(rows) + 8, paper)
