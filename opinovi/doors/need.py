"""Understanding a need: its language, its words, what was corrected, and its topics."""

from dataclasses import dataclass, field

from opinovi.doors import elsewhere
from opinovi.doors import topics as vocabulary
from opinovi.doors.danger import Danger, danger
from opinovi.doors.language import detect
from opinovi.doors.spelling import correct
from opinovi.doors.topics import Match
from opinovi.doors.words import MAX_CHARACTERS, MAX_WORDS, Word, is_stop, surfaces, word


@dataclass
class Need:
    """A need as it was understood."""

    text: str
    language: str
    words: list[Word] = field(default_factory=list)
    corrections: dict[str, str] = field(default_factory=dict)
    topics: list[Match] = field(default_factory=list)
    # Every word in order, as it was read: corrected, and those that say nothing too.
    read: list[Word] = field(default_factory=list)
    danger: Danger = field(default_factory=Danger)

    @property
    def empty(self) -> bool:
        return not self.words and not self.topics


# What is left of a topic that an employer's words mean beside what they say.
AT_WORK = 0.9


def of_employer(need: Need, without: tuple[str, ...] = ()) -> Need:
    """The same need when an employer has it: who speaks of a trade looks for training or for people, who speaks of
    dismissals for support in the change (`at_work` in the vocabulary, of the topic or of one above it)."""
    known = vocabulary.topics()
    given = {one.topic for one in need.topics} | set(without)
    for met in list(need.topics):
        for topic in (met.topic, *vocabulary.broader(met.topic)):
            for other in known[topic].at_work:
                if other not in given:
                    given.add(other)
                    need.topics.append(Match(other, AT_WORK * met.weight, met.words))
    return need


def understand(
    text: str,
    hint: str = "fi",
    topics: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    exact: bool = False,
) -> Need:
    """A need from a person's words and from topics they chose.

    `without` are topics that they took away; `exact` takes every word as it is written.
    """
    text = text[:MAX_CHARACTERS]
    language = detect(text, hint)
    need = Need(text, language)
    elsewhere_met = elsewhere.topics_met(text, hint)
    # What is said in another language is no typing error of these.
    exact = exact or bool(elsewhere_met)
    for surface in surfaces(text)[:MAX_WORDS]:
        if is_stop(surface, language):
            need.read.append(word(surface, language))
            continue
        if not exact and (better := correct(surface, language)):
            need.corrections[surface] = better
            surface = better
        met = word(surface, language)
        need.read.append(met)
        if met not in need.words and not is_stop(surface, language):
            need.words.append(met)
    need.danger = danger(text, need.read, language, hint)
    chosen = [Match(topic, 1.0, ()) for topic in topics if topic in vocabulary.topics()]
    chosen += [met for met in need.danger.topics if met.topic not in topics and met.topic not in without]
    found = vocabulary.match(need.read, language) if need.read else []
    said = {one.topic for one in found}
    found += [one for one in elsewhere_met if one.topic not in said]
    given = {one.topic for one in chosen}
    need.topics = [*chosen, *(one for one in found if one.topic not in given and one.topic not in without)]
    return need
