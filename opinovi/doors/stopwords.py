"""Words that say nothing of what a person needs, written and spoken. They also tell the language."""

STOPWORDS = {
    "fi": frozenset(
        """
        ja tai mutta mut että et kun ku jos niin nii sitten sit myös myöskin vielä vaan vain ihan aika tosi kai
        en et ei emme ette eivät enkä eikä ettei enää olen oon olet oot on ollaan olemme olette ovat oli olin
        olisi olis olisin olisko onko onks ois oisko oisin minä mä mie minun mun minulla mulla mul minulle mulle
        minua mua minut mut sinä sä sinun sun hän häntä hänen me meidän meille he heidän se sen sitä siitä siihen
        tämä tää tämän tän tätä tuo tuon ne niitä nämä nää nuo joka jonka jota jolla johon jossa josta jotka
        jotain jotakin jonkun jokin joku mikä mitä mihin mihi missä mis mistä mist millä millainen miksi miks
        milloin miten mite kuinka kuka ketä kenen kenelle kenet keneltä kumpi montako paljonko voi voin voiko
        voinko voisin voisinko voisiko voiks voinks saa saan saako saanko saisin saisinko pitää pitäis pitäisi
        pitäisikö täytyy haluan haluun haluaisin haluisin haluaa haluais haluaisi halusin haluanko tahdon
        tahtoisin tarvitsen tarviin tarvitsisin tarvin tarviis tarvii tarvitaan tiedä tiiä tiiän tiedän osaa
        siis juuri just jo nyt nyk kuitenkin sekä eli kuten kanssa kaa ilman ennen jälkeen kautta asti mukaan
        ynnä yms esim hei moi terve moikka kiitos kiitti plz täällä siellä tänne sinne tuolla tuonne
        jotta koska vaikka sekä joten niinku niinkuin jotenki jotenkin jossain jostain johonkin vois kans
        apua apuu ois oikein paljon vähän joskus aina koskaan sitten nykyisin nykyään kaikki kaikista kaikkia
        """.split()
    ),
    "sv": frozenset(
        """
        och eller men att som om när så då också bara inte jag mig min mitt mina du dig din ditt dina han hon den det
        de dem vi oss vår vårt ni er är var varit blir bli blev har hade ha kan kunde skulle ska vill ville måste får
        få fick behöver behövde en ett i på till från för med av hos utan under över efter innan genom mot åt vad vem
        var vart varifrån hur vilken vilket vilka där här denna detta dessa någon något några ingen inget inga alla
        allt mycket lite mer mest hej tack snälla finns finnas gör göra vet veta skulle sig sin sitt sina eftersom
        hjälp hitta söker söka
        """.split()
    )
    - {"söka", "söker"},
    "en": frozenset(
        """
        a an the and or but that which who whom whose if when then so also only not no i i'm im me my mine you your he
        she it its it's we us our they them their is am are was were be been being have has had do does did don't
        dont doesn't can could cannot can't cant would will shall should must may might want wanna need needs to from
        for with without of in on at by about into over under after before through what where when how why there here
        this that these those some any someone something anything nothing all much many more most very too just get
        got getting hello hi thanks please know like i'd i'll i've help find looking look as than up out
        """.split()
    ),
}

STOP_LEMMAS = frozenset(
    """
    olla ei haluta tahtoa tarvita voida saada pitää täytyä tietää minä sinä hän me te he se tämä tuo joka mikä kuka
    kumpi joku jokin muu ja tai mutta että kun jos niin sitten myös vielä vain juuri jo kanssa ilman kaikki itse oma
    mennä tulla jäädä alkaa aikoa olemassa eräs sama
    """.split()
)
