"""The guided choice: at most five questions for one who can't or won't write. Every one can be skipped."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Choice:
    """One answer: its picture, its words, and what it adds to the search (topics, or a filter's value)."""

    value: str
    icon: str
    label: Promise
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    name: str
    title: Promise
    choices: tuple[Choice, ...]


ABOUT = Question(
    "about",
    _("Mistä asiassasi on kyse?"),
    (
        Choice("direction", "compass", _("En tiedä, mitä haluaisin tehdä")),
        Choice("study", "book", _("Haluan opiskella")),
        Choice("work", "briefcase", _("Haluan töihin")),
        Choice("language", "speech", _("Opin suomea tai muutin Suomeen")),
        Choice("money", "coin", _("Rahat ja tuet")),
        Choice("life", "heart", _("Arki, terveys tai jaksaminen")),
        Choice("workplace", "people", _("Oma yritys tai työpaikka")),
    ),
)
CLOSER = {
    "direction": (
        Choice("career", "compass", _("Haluan vaihtaa alaa"), ("career-change",)),
        Choice("choose", "signpost", _("En tiedä, mikä ala sopisi"), ("career-guidance",)),
        Choice("try", "tools", _("Haluan kokeilla ammattia"), ("training-trial", "work-trial")),
        Choice("strengths", "star", _("Mitä minä osaan?"), ("competence-assessment",)),
    ),
    "study": (
        Choice("basic", "pencil", _("Peruskoulu kesken"), ("adult-basic-education",)),
        Choice("upper", "book", _("Lukio"), ("adult-upper-secondary",)),
        Choice("vocational", "tools", _("Ammatti"), ("vocational-education",)),
        Choice("higher", "cap", _("Korkeakoulu tai avoimet opinnot"), ("higher-education", "open-university")),
        Choice("reading", "glasses", _("Lukeminen tai laskeminen on vaikeaa"), ("reading-difficulty",)),
        Choice("digital", "screen", _("Tietokone ja netti"), ("digital-skills",)),
        Choice("hobby", "brush", _("Kurssi huvikseen"), ("liberal-adult-education",)),
        Choice("apply", "signpost", _("Mistä ja milloin haetaan?"), ("application-to-education", "study-advice")),
    ),
    "work": (
        Choice("find", "search", _("Etsin työtä"), ("job-search-help", "job-search")),
        Choice("jobless", "door", _("Jäin ilman työtä"), ("employment-services",)),
        Choice("threat", "cloud", _("Työpaikkani on vaarassa"), ("redundancy",)),
        Choice("trial", "tools", _("Haluan kokeilla työtä"), ("work-trial",)),
        Choice("support", "hand", _("Tarvitsen tukea työssä"), ("supported-employment", "work-ability")),
        Choice("learn", "book", _("Opin työssä"), ("apprenticeship",)),
    ),
    "language": (
        Choice("finnish", "speech", _("Haluan oppia suomea"), ("finnish-course",)),
        Choice("new", "door", _("Olen uusi Suomessa"), ("integration", "initial-assessment")),
        Choice("degree", "cap", _("Minulla on tutkinto muualta"), ("foreign-qualification",)),
        Choice("literacy", "pencil", _("En osaa lukea tai kirjoittaa"), ("literacy",)),
    ),
    "money": (
        Choice("student", "book", _("Rahat opiskeluun"), ("student-financial-aid", "adult-education-allowance")),
        Choice("benefit", "coin", _("Opinnot työttömyysrahalla"), ("studying-on-unemployment-benefit",)),
        Choice("unemployed", "umbrella", _("Työttömän tuet"), ("unemployment-benefit",)),
        Choice("debt", "scales", _("Laskut ja velat"), ("debt-advice",)),
        Choice("poor", "hand", _("Rahat eivät riitä"), ("social-assistance",)),
    ),
    "life": (
        Choice("mind", "cloud", _("Mieli on raskas"), ("mental-health",)),
        Choice("ability", "heart", _("Terveys ei kestä työtä"), ("work-ability", "vocational-rehabilitation")),
        Choice("young", "people", _("Nuori tarvitsee apua"), ("youth-outreach", "youth-one-stop")),
        Choice("everyday", "hand", _("Apua arkeen"), ("social-guidance",)),
        Choice("alone", "speech", _("Haluan jutella jonkun kanssa"), ("talk-to-someone",)),
    ),
    "workplace": (
        Choice("start", "rocket", _("Perustan yrityksen"), ("starting-a-business",)),
        Choice("staff", "people", _("Koulutusta henkilöstölle"), ("staff-training",)),
        Choice("hire", "search", _("Etsin työntekijöitä"), ("recruitment",)),
        Choice("change", "cloud", _("Työpaikalla on muutoksia"), ("redundancy",)),
        Choice("apprentice", "tools", _("Oppisopimus tai harjoittelija"), ("apprenticeship",)),
    ),
}
FOR = (
    Choice("adult", "person", _("Aikuiselle")),
    Choice("young", "person-young", _("Nuorelle")),
    Choice("senior", "glasses", _("Eläkeikäiselle")),
    Choice("disabled", "hand", _("Vammaiselle tai pitkäaikaissairaalle")),
)
HOW = (
    Choice("visit", "door", _("Käyn paikalla")),
    Choice("phone", "phone", _("Puhelimessa")),
    Choice("online", "screen", _("Verkossa")),
)
QUESTIONS = ("about", "closer", "for", "how", "where")


def question(name: str, about: str) -> Question | None:
    """A question of the path; None for one that has no choices here (the place is asked by a field)."""
    if name == "about":
        return ABOUT
    if name == "closer":
        return Question(name, _("Mikä näistä on lähinnä?"), CLOSER[about]) if about in CLOSER else None
    if name == "for":
        return Question(name, _("Kenelle etsit ovea?"), FOR)
    if name == "how":
        return Question(name, _("Miten haluat asioida?"), HOW)
    return None
