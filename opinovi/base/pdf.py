"""Paper: a tagged PDF, made by typst from a template of our own and data."""

import json
from typing import Any

import typst

# What every paper begins with: the title, the language and the letters. The text comes as data, never as markup, so
# that nothing that a person wrote is taken for an instruction.
HEAD = """
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title)
#set text(lang: told.lang, size: 11pt, font: ("DejaVu Sans", "Libertinus Serif"))
#set page(margin: 2.2cm, numbering: "1")
#set par(leading: 0.7em)
#show heading: set block(above: 1.4em, below: 0.7em)
#show heading: set text(fill: rgb("#083a4a"))
"""


def pdf(template: str, told: dict[str, Any]) -> bytes:
    """The paper of a template and its data. `told` has at least "title" and "lang"."""
    content = typst.compile((HEAD + template).encode(), sys_inputs={"told": json.dumps(told, ensure_ascii=False)})
    assert isinstance(content, bytes)
    return content
