"""Word lists that an editor can read: words that say nothing of what a person needs, and spoken words."""

from pathlib import Path

FOLDER = Path(__file__).parent / "wordlists"


def read_list(name: str) -> list[str]:
    """The words of a list; lines that begin with # tell what it is."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


STOPWORDS = {language: frozenset(read_list(f"stop-{language}")) for language in ("fi", "sv", "en")}
STOP_LEMMAS = frozenset(read_list("stop-lemmas-fi"))
# A spoken Finnish word and its written form.
SPOKEN_WORDS = {spoken: written for spoken, _, written in (pair.partition("=") for pair in read_list("spoken-fi"))}
