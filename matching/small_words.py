"""Small Dutch and English words around a wish: they say nothing, join, place, deny or tell of others.

Data only; every word is in the plain letters of `words.plain`.
"""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


AND = _set("en and plus + ook & also evenals")
OR = _set("of or noch nor")
BUT = _set("maar but echter wel")
BETWEEN = AND | OR | BUT

FILLERS = _set(
    """
    ik je jij hij zij ze u wij we jullie wil wilt willen wou zou zouden graag later worden word wordt zijn ben
    bent is een de het t n m v x iets dingen als om te doen doe doet werken werk werkt werkzaam baan banen
    beroep beroepen job hou houd houden houdt vind vindt vinden leuk leuke leuks heel hele erg echt echte
    misschien nog weet goed goede goeie kan kun kunt kunnen mijn me mn onze ons je jouw droom droombaan liefst
    liever soort gewoon zo ofzo enzo zoiets eigenlijk denk staan zitten heb hebt hebben hoef hoeft hoeven dat
    die dit deze er hier daar ga gaat gaan lijkt lijken altijd vaak veel meestal best beetje nu dan nieuwe
    nieuw lieve mooi mooie gezellige jonge kleine grote eerste ervaren enthousiaste gemotiveerde professioneel
    professionele werkend werkende allround algemeen algemene medewerker medewerkster medewerkers medewerking
    leerling leerlingen stage stages stagiair stagiaire stageplek stageplaats stagelopen lopen meelopen
    meewerken meekijken meehelpen meedoen mee helpen help helpt kijk kijken kom dag dagje ochtend middag dagen
    week zoek zoeken zoekt gezocht gevraagd vacature opleiding bbl bol mbo vmbo hbo vwo havo niveau graad klas
    klant klanten fulltime parttime bijbaan bijbaantje gelukkig zeker allerlei verschillende diverse andere
    ander anderen net zoals altijd alles iedereen durf mag mij jou ons absoluut totaal helemaal sowieso wat
    wie waar hoe want omdat dus zodat zelf eigen samen i want to be a an the like love work working would
    become something my with at in as job jobs really very
    """
)
PLACING = _set("bij in van voor op aan naar met uit tot door over tussen binnen for of at with from")
"""Before a known word and behind another, they make it the surroundings: "secretaresse bij een advocaat"."""

WISHING = _set("ik wil wou graag liever liefst iets wel misschien later hou vind droom i want love like")
"""Who uses one of these begins a wish or a thought of its own."""
OPENING = _set("ik wil wou graag liever liefst wel i want love")
"""Of those, the ones that end what a denial before them covers."""
WANTING = _set("wil willen wou zou zouden")
"""Behind them "graag" belongs to the wanting: "ik wil graag mensen helpen"."""

DENYING = _set(
    """
    geen niet niks niets nooit nimmer zonder behalve allesbehalve uitgezonderd haat haatte hekel saai saaie
    stom stomme irritant irritante vervelend vervelende vreselijk verschrikkelijk kut ruk not no never without
    except hate dislike dont boring nothing
    """
)
DENYING_PHRASES = (
    ("geen", "zin"),
    ("een", "hekel"),
    ("niet", "leuk"),
    ("niet", "graag"),
    ("liever", "niet"),
    ("liever", "geen"),
    ("alles", "behalve"),
    ("anything", "but"),
    ("everything", "but"),
)
HALF_DENYING = _set("minder weinig nauwelijks amper less hardly")
"""They may deny or may not: then it is asked."""
DOUBTING = (
    ("niet", "per", "se"),
    ("niet", "perse"),
    ("niet", "zozeer"),
    ("niet", "alleen"),
    ("niet", "echt"),
    ("niet", "altijd"),
    ("niet", "elke"),
    ("niet", "zo"),
    ("niet", "te"),
    ("niet", "veel"),
    ("niet", "meer"),
    ("geen", "enkel"),
)
ABLE = _set("kan kon kun kunnen durf durven goed bang mag zo can")
"""Beside a denial they speak of what somebody can or may, which is no dislike."""

# Their words deny nothing, or nothing that is wished.
IDIOMS = (
    ("zelfstandig", "werkend"),
    ("zelfstandig", "werkende"),
    ("maakt", "me", "niet", "uit"),
    ("maakt", "mij", "niet", "uit"),
    ("maakt", "niet", "uit"),
    ("maakt", "niks", "uit"),
    ("boeit", "me", "niet"),
    ("boeit", "niet"),
    ("weet", "ik", "nog", "niet"),
    ("weet", "ik", "niet"),
    ("weet", "nog", "niet"),
    ("weet", "niet"),
    ("weet", "het", "niet"),
    ("weet", "het", "nog", "niet"),
    ("weet", "ik", "het", "nog", "niet"),
    ("ikweethetniet",),
    ("geen", "idee"),
    ("geen", "mening"),
    ("geen", "probleem"),
    ("geen", "flauw", "idee"),
    ("geen", "ervaring", "nodig"),
    ("geen", "ervaring"),
    ("geen", "diploma", "nodig"),
    ("geen", "diploma"),
    ("nog", "niet", "zeker"),
    ("niet", "zeker"),
    ("nog", "niet"),
    ("waarom", "niet"),
    ("dont", "know"),
    ("no", "idea"),
)

RELATIVES = _set(
    """
    vader moeder broer broertje zus zusje opa oma oom tante ouders papa mama pa ma vriend vriendin neef nicht
    buurman buurvrouw stiefvader father mother brother sister dad mum mom uncle aunt
    """
)
BEING = _set(
    "is was zit werkt werkte heeft had doet wordt rijdt speelt zijn werken hebben has works does plays"
)
"""Behind a relative they say what somebody else does: "mijn vader is bakker"."""

INSTEAD = _set("dan than ipv")
"""Behind "liever" they name what is not chosen."""
RATHER = _set("liever liefst beter rather meer")

ROLE_ENDINGS = (
    "er",
    "aar",
    "eur",
    "eurs",
    "man",
    "vrouw",
    "ster",
    "ist",
    "iste",
    "loog",
    "loge",
    "kundige",
    "arts",
    "ent",
    "ente",
    "ant",
    "ante",
    "tor",
    "sor",
    "aris",
    "eres",
    "ares",
    "esse",
    "ice",
    "juf",
    "therapeut",
    "chef",
    "ier",
    "iere",
    "aat",
    "agoog",
    "monteur",
)
CLEAR_ROLE_ENDINGS = ("aat", "ist", "loog", "eur", "agoog", "arts", "aar", "therapeut", "man")
"""Of those, the ones that also in the plural end nothing else."""
NO_ROLES = _set(
    "computer water theater klooster lager wimper tender tijger kinder leger kamer kelder beer zomer winter"
    " center power timmer office service dance science ambulance eerste groente"
)
"""Words that end like a person but name a thing."""

EMPTY_HEADS = (
    "medewerkster",
    "medewerkers",
    "medewerker",
    "bedrijven",
    "bedrijf",
    "stagiaire",
    "stagiair",
    "opleiding",
    "kazerne",
    "branche",
    "sector",
    "stage",
    "firma",
)
"""What stands before them says the work: "thuiszorgmedewerker", "stukadoorsbedrijf"."""
PLACE_HEADS = ("kantoor", "atelier", "centrum", "studio", "salon", "zaak")
"""They say the work when a person stands before them: "advocatenkantoor", but not "tuincentrum"."""
BUSINESS_ENDINGS = ("bedrijf", "bedrijven", "winkel", "salon", "zaak", "erij", "garage")
"""Behind something else they name a business; its name may follow."""
CHANGING = _set(
    "assistent assistente hulp adjunct helper assistant"
    " eigenaar eigenaresse baas directeur manager chef owner boss"
)
"""In one piece with a doer or a business they name another work."""
LIGHT_MODIFIERS = _set(
    "kinder kinderen dames heren jeugd leerling stage hoofd senior junior hulp top meester gast vak wijk"
)
"""What stands behind them keeps its meaning: "kindertandarts"."""
