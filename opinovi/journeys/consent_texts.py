"""The words by which consent is asked. A change here is a new version; every version that was ever shown is kept."""

from opinovi.journeys.models import ConsentText

VERSION = 1
TEXT = {
    "fi": (
        "Vain tässä nimetty vastaanottaja näkee tiedot, ja vain tähän tarkoitukseen. Lupa on vapaaehtoinen: saat "
        "apua, vaikka sanot ei. Voit perua luvan milloin tahansa Oma ohjaus -sivulla tai kertomalla ohjaajalle. "
        "Kun perut luvan, vastaanottaja ei enää näe mitään, ei myöskään aiemmin jaettua. Näet aina, kuka on lukenut "
        "tietojasi ja milloin."
    ),
    "sv": (
        "Bara den mottagare som nämns här ser uppgifterna, och bara för det här ändamålet. Det är frivilligt: du får "
        "hjälp även om du säger nej. Du kan ta tillbaka ditt samtycke när som helst på sidan Min vägledning eller "
        "genom att säga det till vägledaren. Då ser mottagaren ingenting längre, inte heller det som delats tidigare. "
        "Du ser alltid vem som har läst dina uppgifter och när."
    ),
    "en": (
        "Only the receiver named here sees the information, and only for this purpose. It is voluntary: you get help "
        "even if you say no. You can take your consent back at any time on the page My guidance or by telling the "
        "guide. Then the receiver sees nothing any more, not even what was shared before. You always see who has read "
        "your information and when."
    ),
}


def text_in_force() -> ConsentText:
    """The version that is asked by now."""
    return ConsentText.objects.get_or_create(version=VERSION, defaults={"text": TEXT})[0]
