"""What is kept of people, why and how long: one register, of which the privacy page and the documents that the law
asks for are made (GDPR, articles 13, 26, 30 and 35). Every model stands in it once; how long is read of the code that
erases."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from opinovi.contact.actions import appointments, enquiries, groups
from opinovi.directory.actions import reports
from opinovi.impact.actions import complaints, feedback
from opinovi.journeys.actions import erasing
from opinovi.workplaces.actions import answering, cases

# The bases of article 6 that are used, each with its words.
TASK = _("Julkinen tehtävä: ohjaus ja neuvonta kuuluvat oppilaitosten ja kuntien työhön.")
CONSENT = _("Suostumuksesi. Voit perua sen milloin vain.")
WORK = _("Työsi tai tehtäväsi organisaatiossa.")
LAW = _("Laki: EU-rahan käyttö pitää voida tarkastaa.")


@dataclass(frozen=True)
class Activity:
    """One reason for which something of people is kept."""

    key: str
    name: Any
    whose: Any
    what: Any
    why: Any
    basis: Any
    sees: Any
    models: str
    # Days after which it is erased; 0 where `until` says how long.
    days: int = 0
    until: Any = ""

    @property
    def kept(self) -> str:
        """How long, in words: in days up to three months, in years after."""
        if not self.days:
            return str(self.until)
        if self.days < 365:
            told = ngettext_lazy(
                "%(count)s päivä siitä, kun asia on ohi.", "%(count)s päivää siitä, kun asia on ohi.", self.days
            )
            return str(told) % {"count": self.days}
        years = self.days // 365
        told = ngettext_lazy(
            "%(count)s vuosi viimeisestä yhteydestä.", "%(count)s vuotta viimeisestä yhteydestä.", years
        )
        return str(told) % {"count": years}


ACTIVITIES = (
    Activity(
        "questions",
        _("Kysymykset"),
        _("Sinä, jos kysyt"),
        _("Mitä kirjoitat ja lähetät. Nimi, sähköposti ja puhelin, jos annat ne."),
        _("Jotta saat vastauksen."),
        TASK,
        _("Se tiimi, jolle kysymys kuuluu."),
        "contact.Enquiry contact.Message contact.Attachment contact.AnswerDraft contact.AccessCode directory.Answer",
        enquiries.KEPT_DAYS,
    ),
    Activity(
        "times",
        _("Varatut ajat ja ryhmät"),
        _("Sinä, jos varaat ajan tai tulet ryhmään"),
        _("Aika, nimi, sähköposti tai puhelin ja viestisi."),
        _("Jotta aika on sinun ja saat muistutuksen."),
        TASK,
        _("Ohjaaja ja hänen tiiminsä. Ryhmässä vain vetäjä."),
        "contact.Appointment contact.WaitingForTime contact.Taken contact.Registration contact.Attendance",
        appointments.KEPT_DAYS,
    ),
    Activity(
        "guidance",
        _("Oma ohjaus"),
        _("Sinä, jos sinulla on oma ohjaus"),
        _("Nimi ja yhteystiedot, tarpeesi, suunnitelmasi, ohjaajan muistiinpanot ja mitä ohjauksesta seurasi."),
        _("Jotta ohjaus jatkuu samasta kohdasta, myös toisessa organisaatiossa."),
        TASK,
        _("Ohjaajasi tiimi. Toinen organisaatio vain sinun suostumuksellasi ja vain sen, minkä valitset."),
        "journeys.Client journeys.Journey journeys.SignInCode journeys.Consent journeys.Note journeys.NoteRequest "
        "journeys.Referral journeys.Outcome journeys.Confidence journeys.Goal journeys.Step journeys.PlanLine "
        "journeys.Exercise impact.Background journeys.Consultation journeys.ConsultationReply",
        erasing.KEPT_DAYS,
    ),
    Activity(
        "voices",
        _("Palaute"),
        _("Sinä, jos annat palautetta tai teet valituksen"),
        _("Mitä kirjoitat. Palaute on nimetön. Valituksessa sähköposti, jos annat sen."),
        _("Jotta palvelu paranee ja saat vastauksen."),
        TASK,
        _("Se tiimi tai organisaatio, jota asia koskee."),
        "impact.Feedback impact.Given impact.Complaint directory.ErrorReport",
        feedback.KEPT_DAYS,
    ),
    Activity(
        "workplaces",
        _("Työpaikat"),
        _("Työpaikan edustaja ja työntekijä, joka vastaa kyselyyn"),
        _("Edustajan nimi ja yhteystiedot. Kyselyn vastauksissa ei ole nimeä."),
        _("Jotta työpaikka saa palvelun."),
        TASK,
        _("Verkoston työpaikkatiimi. Työnantaja näkee vain lukuja, joista kukaan ei erotu."),
        "workplaces.Workplace workplaces.Unit workplaces.WorkplaceTeamPlace workplaces.Case workplaces.CaseMessage "
        "workplaces.Offer workplaces.OfferPart workplaces.VisitDay workplaces.WorkplaceSession "
        "workplaces.LearningBuddy "
        "workplaces.Change workplaces.ChangeStep workplaces.Placement workplaces.PlacementReferral "
        "workplaces.CompetenceSurvey workplaces.SurveyItem workplaces.SurveySheet workplaces.SurveyAnswer "
        "workplaces.SurveyWords workplaces.KeptResult workplaces.PlanGoal",
        cases.KEPT_DAYS,
    ),
    Activity(
        "outreach",
        _("Hakeva työ"),
        _("Ihmiset, joita tapaamme kaduilla ja kylillä"),
        _("Ohjaajan muistiinpano ilman nimiä ja tavattujen määrä."),
        _("Jotta menemme sinne, missä apua tarvitaan."),
        TASK,
        _("Ne, jotka tekevät hakevaa työtä."),
        "outreach.FieldNote outreach.Met outreach.Arrival",
        until=_("Luvut jäävät. Niissä ei ole henkilöitä."),
    ),
    Activity(
        "projects",
        _("Hankkeet"),
        _("Hankkeen osallistuja ja hankkeen työntekijä"),
        _("Nimi, syntymävuosi, koulutus ja työtilanne. Työntekijän tunnit."),
        _("Jotta rahoittaja saa lain vaatiman selvityksen."),
        LAW,
        _("Hankkeen vetäjä ja oman organisaatiosi kirjaaja."),
        "projects.Participant projects.Entry projects.Supported",
        until=_("Niin kauan kuin rahoittaja vaatii, yleensä kymmenen vuotta."),
    ),
    Activity(
        "staff",
        _("Henkilöstö"),
        _("Ohjaajat ja muut, jotka tekevät töitä verkostossa"),
        _("Nimi, sähköposti, tehtävät, osaaminen, työajat ja koulutukset."),
        _("Jotta työ sujuu ja asiakkaat löytävät ohjaajan."),
        WORK,
        _("Oma organisaatio. Osaamisesi näet vain sinä, ellet jaa sitä."),
        "network.Person network.Member network.MemberRole network.Absence network.Invitation network.Signature "
        "contact.Duty "
        "contact.TimeRule contact.BusyCalendar contact.Busy contact.CalendarFeed directory.ContactCard staff.Circle "
        "staff.CirclePlace staff.CircleNote staff.CircleMeeting staff.Thread staff.Post staff.Following "
        "staff.CompetenceProfile staff.PeerOffer staff.ShadowOffer staff.ShadowDay staff.Training staff.TrainingPlace "
        "staff.Certificate impact.SavedQuery interchange.ApiKey strategy.Comment strategy.Meeting",
        until=_("Niin kauan kuin teet työtä verkostossa. Kutsu on voimassa viikon."),
    ),
    Activity(
        "log",
        _("Loki ja viestit"),
        _("Kaikki, jotka tekevät palvelussa jotain"),
        _(
            "Mitä tehtiin, milloin ja millä tunnuksella. Ei nimiä eikä sitä, mitä kirjoitit. Lähtevät viestit "
            "lukittuina."
        ),
        _("Jotta väärinkäytökset löytyvät ja viestit tulevat perille."),
        TASK,
        _("Ylläpito. Sinä näet, kuka on lukenut tietojasi."),
        "base.Event base.AuditBlock base.Letter base.Unsent base.DataKey",
        until=_(
            "Loki jää. Kun tietosi poistetaan, lokin rivit eivät enää kerro, kuka olit. Viesti poistuu, kun se "
            "on lähetetty."
        ),
    ),
)
# What holds nothing of people, and why not.
NOBODY = {
    "hakemisto: julkiset tiedot palveluista, paikoista ja organisaatioista": (
        "directory.ServicePoint directory.Service directory.GivenAt directory.Channel directory.GroupSession "
        "directory.Meeting "
        "directory.Offering directory.Pair directory.Draft directory.Version directory.BulkLoad "
        "contact.AnswerTemplate "
        "contact.VideoProvider practices.Practice practices.PracticeReview practices.Adoption outreach.OutreachPlan "
        "outreach.OutreachAction"
    ),
    "verkosto ja mitä se on sopinut": (
        "network.Organisation network.Programme network.Network network.Membership network.Agreement network.Team "
        "journeys.ConsentText strategy.Gap strategy.Strategy strategy.StrategyVersion strategy.Decision "
        "strategy.Theme "
        "strategy.Objective strategy.Measure strategy.Reading strategy.Action strategy.Review strategy.Criterion "
        "strategy.Assessment strategy.Verdict projects.Project projects.Funder projects.Partner projects.Change "
        "projects.BudgetLine projects.Period projects.Claim projects.EsfReport impact.Annual"
    ),
    "luvut, joista kukaan ei erotu (docs/privacy-of-figures.md)": (
        "doors.NeedCount strategy.GapFigure staff.CompetenceCount impact.Figure impact.Counted impact.Population"
    ),
    "luokitukset ja muut järjestelmät": (
        "esco.Concept esco.SkillOf interchange.Hook interchange.Telling interchange.Feed interchange.Run "
        "interchange.Taken"
    ),
}
# Kept for another time than the rest of its activity, each with the days that its own code says.
OTHERWISE = {"contact.Registration": groups.KEPT_DAYS, "directory.ErrorReport": reports.KEPT_DAYS,
             "impact.Complaint": complaints.KEPT_DAYS, "workplaces.KeptResult": answering.KEPT_DAYS}  # fmt: skip
LOCKED = ("locked", "locked_name", "sealed", "content")


def fields_of(label: str) -> list[str]:
    """The columns of a model that hold more than numbers of its own, each named; what is locked is marked so."""
    model = apps.get_model(label)
    found = []
    for one in model._meta.concrete_fields:
        if one.primary_key or one.name in ("once", "seq"):
            continue
        found.append(f"{one.name} (locked)" if one.name in LOCKED else one.name)
    return found


def as_shown() -> list[dict[str, Any]]:
    """The activities for the page, in words of the reader's language."""
    return [{"one": one, "kept": one.kept} for one in ACTIVITIES]
