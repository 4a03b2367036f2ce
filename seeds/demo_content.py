"""The invented region in words: schools, hosts, offers and names; no real company and no real person."""

from dataclasses import dataclass

FIRST_NAMES = (
    "Noor", "Yassin", "Daan", "Fatima", "Sem", "Aisha", "Levi", "Zeynep", "Finn", "Amira", "Jayden",
    "Sara", "Milan", "Esra", "Luuk", "Imane", "Bram", "Selin", "Noah", "Maryam", "Tess", "Ilias",
    "Emma", "Mohamed", "Julia", "Ayoub", "Lotte", "Hamza", "Roos", "Bilal", "Evi", "Anouar", "Fleur",
    "Kaan", "Isa", "Dounia", "Sven", "Rania", "Mees", "Nisa", "Tygo", "Hafsa", "Jip", "Soufiane",
    "Lieke", "Emir", "Vera", "Naoufal", "Sofie", "Zakaria", "Maud", "Oumaima", "Thijs", "Elif", "Gijs",
    "Salma", "Romy", "Ismail", "Liv", "Kevin", "Wiktoria", "Jaden", "Chaima", "Pepijn", "Dilara",
    "Rayan", "Myrthe", "Younes", "Femke", "Quinty",
)  # fmt: skip
SURNAMES = (
    "van Dijkhuizen", "Bouzid", "Kaptein", "Yildirim", "Molenkamp", "Haddou", "Wagenvoort", "Kılıç",
    "Steenbergen", "Amrani", "Overdiep", "Sluiter", "Demirci", "Ruitenberg", "Ouali", "Vreeswijk",
    "Tahiri", "Kroonenburg", "Özkan", "Meindertsma", "Benali", "Lindeboom",
)  # fmt: skip

SCHOOLS = (
    ("Sloterwaard College", "1063", "vmbo"),
    ("Mavo De Ringmeester", "1061", "vmbo"),
    ("Vakcollege Osdorperveld", "1069", "vmbo"),
    ("Lyceum Geuzenhof", "1056", "vmbo"),
    ("De Westerwiek", "1067", "vmbo"),
    ("ROC De Spaarndammer", "1055", "mbo"),
)
TRACKS = ("BB", "KB", "GL", "TL")
PROFILES = ("bwi", "pie", "mt", "mvi", "zw", "eo", "hbr", "groen", "dp")
TL_PROFILES = ("tl_techniek", "tl_zorg_welzijn", "tl_economie", "tl_groen")
CREBOS = ("25655", "25180", "25698", "25168", "25998")

POSTCODES = (
    "1055", "1056", "1057", "1060", "1061", "1062", "1063", "1064", "1065", "1066", "1067", "1068",
    "1069",
)  # fmt: skip
AROUND = ("1043", "1046", "1058", "1059", "1171", "1175", "1165", "2132", "1012", "1071")

# What youths want, and what is offered: the two do not meet, as in real life.
WANTED = {
    "ZORG": 17, "ICT": 15, "CREA": 11, "VAK": 9, "HORECA": 9, "MOB": 9, "VEILIG": 8, "HANDEL": 7, "GROEN": 5,
    "BOUW": 4, "TECH": 3, "ONDERWIJS": 2, "ZAKELIJK": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Host:
    """A kind of host: how such places are called and what a day there holds."""

    sector: str
    names: tuple[str, ...]
    offers: tuple[tuple[str, str, str], ...]
    """Title, text, words of the vocabulary parted by blanks."""
    hazards: tuple[str, ...] = ()
    weight: int = 1


HOSTS = (
    Host("HORECA", ("Bakkerij Zonnebloem", "Bakkerij De Krakeling", "Broodhuis Aan de Vaart"),
         (("Meelopen in de bakkerij", "Je helpt met deeg, oven en winkel. Je proeft wat je maakt.",
           "baker pastry_chef bakery_shop_worker early_riser good_with_hands"),
          ("Taarten versieren", "Je maakt een taart van begin tot eind.",
           "pastry_chef baking_and_decorating being_precise designing")), weight=3),
    Host("HORECA",
         ("Eethuis De Meerpaal", "Restaurant Sloterzicht", "Lunchcafé Tante Saar", "Pannenkoekenboot Wim"),
         (("Een week in de keuken", "Groente snijden, soep maken, borden opmaken.",
           "cook kitchen_assistant cooking_professionally working_together fast_reacting"),
          ("Gasten ontvangen", "Je dekt tafels en brengt koffie. Er wordt ook wijn geschonken.",
           "waiter hospitality making_contact polite welcoming_guests")), hazards=("Z-12",), weight=4),
    Host("HORECA", ("Hotel Het Zwaluwnest",),
         (("Achter de balie van een hotel", "Gasten inchecken, telefoon, kamers klaarmaken.",
           "hotel_receptionist housekeeping_worker speaking_english polite"),), weight=2),
    Host("HANDEL", ("Modehuis Bloesem", "Kledingwinkel Ritme", "Schoenen Van Oort"),
         (("Een week in de winkel", "Kleding ophangen, klanten helpen, de etalage maken.",
           "shop_assistant clothing_shop_worker window_dresser making_contact dressing_well"),), weight=3),
    Host("HANDEL", ("Buurtsuper Plein '69", "Supermarkt De Mand", "Groentehal Osdorp"),
         (("Vakken en klanten", "Je vult bij, houdt de winkel netjes en helpt klanten zoeken.",
           "supermarket_worker shelf_stacker hard_working reliable"),), weight=3),
    Host("HANDEL", ("Webwinkel Doosje",),
         (("Zo werkt een webwinkel", "Foto's maken, teksten schrijven, pakjes inpakken.",
           "webshop_owner selling_online taking_photos writing_texts"),), weight=1),
    Host("BOUW", ("Bouwbedrijf Kantelaar", "Timmerfabriek De Zaagtand", "Aannemer Wibautsz"),
         (("Meelopen met de timmerman", "Meten, zagen, schroeven. Je gaat mee naar een huis.",
           "carpenter carpentry building_things good_with_hands being_precise"),
          ("Meedoen op het dak", "Met een vakman mee. Altijd vast aan een lijn.",
           "roofer brave strong working_outside")),
         hazards=("Z-13",), weight=3),
    Host("BOUW", ("Schildersbedrijf Kleurrijk West", "Stukadoor Glad & Zoon"),
         (("Muren mooi maken", "Je leert kleuren mengen, plamuren en schilderen.",
           "painter_decorator plasterer being_precise patient"),), weight=2),
    Host("TECH", ("Installatiebedrijf Vonk", "Zonnedak Nieuw-West", "Elektro Ampère"),
         (("Stroom op het dak", "Je helpt bij zonnepanelen en ziet hoe een meterkast werkt.",
           "electrician solar_panel_installer good_with_hands solving_puzzles"),), weight=3),
    Host("TECH", ("Metaalwerkplaats De Smeltkroes", "Machinefabriek Haarlemmerweg"),
         (("Werken met metaal", "Kijken bij het lassen en zelf een sleutelhanger maken.",
           "welder metalworker machine_operator being_precise"),), hazards=("Z-1",), weight=2),
    Host("MOB", ("Garage De Ring", "Autobedrijf Molenwerf"),
         (("Sleutelen in de garage", "Banden wisselen, olie controleren, meekijken bij de APK.",
           "car_mechanic working_with_cars repairing_things good_with_hands"),), weight=2),
    Host("MOB", ("Fietsenmaker De Ketting", "Rijwielhuis Ventiel"),
         (("Fietsen repareren", "Je plakt banden, zet remmen af en maakt een fiets rijklaar.",
           "bicycle_mechanic repairing_things patient helpful"),), weight=2),
    Host("MOB", ("Pakketdienst Vlug", "Magazijn Westpoort Centraal"),
         (("Een dag in het magazijn", "Zo komt een pakje van de boot naar de voordeur.",
           "warehouse_worker logistics_planner parcel_courier keeping_order"),), hazards=("Z-3",), weight=2),
    Host("ZORG", ("Woonzorghuis Het Lindehof",),
         (("Een week in de ouderenzorg", "Samen eten, een spel doen, een praatje maken.",
           "elderly_care_worker caring_for_people comforting listening patient"),), weight=1),
    Host("ZORG", ("Kinderopvang Pippeloentje",),
         (("Helpen op de kinderopvang", "Voorlezen, spelen, fruit snijden.",
           "childcare_worker working_with_children babysitting patient being_funny"),), weight=1),
    Host("ZORG", ("Sportclub De Adelaar",),
         (("Jeugdtraining geven", "Je helpt de trainer van de jongste spelers.",
           "sports_coach football_coaching sporting working_together leading"),), weight=1),
    Host("ONDERWIJS", ("Basisschool De Kriekel",),
         (("Juf of meester voor een week", "Lezen met kinderen en een les voorbereiden.",
           "primary_teacher teaching_assistant explaining patient"),), weight=1),
    Host("ICT", ("Studio Pixelpolder",),
         (("Een game maken in een dag", "Je bouwt een klein spel en neemt het mee naar huis.",
           "game_developer programmer gaming solving_puzzles inventing_ideas"),), weight=1),
    Host("ICT", ("Repair Lab West",),
         (("Telefoons en laptops repareren", "Open maken, kapot deel zoeken, nieuw deel erin.",
           "phone_repairer computer_repairer repairing_things being_precise"),), weight=1),
    Host("CREA", ("Drukkerij De Persmuis", "Reclamebureau Helder Geluid"),
         (("Ontwerp je eigen poster", "Van schets tot druk in twee dagen.",
           "graphic_designer printer_signmaker drawing designing"),), weight=2),
    Host("CREA", ("Buurtstudio Beat", "Theater De Nieuwe Maan"),
         (("Achter de schermen van een voorstelling", "Licht, geluid, decor. Je draait mee.",
           "event_technician sound_engineer set_builder working_together"),), weight=2),
    Host("GROEN", ("Kinderboerderij De Uylenhoek", "Hoveniers Tuinstad"),
         (("Zorgen voor dieren en tuin", "Voeren, schoonmaken, planten.",
           "animal_carer gardener caring_for_pets working_outside"),), weight=2),
    Host("GROEN", ("Dierenkliniek Sloterplas",),
         (("Meekijken bij de dierenarts", "Je kijkt mee en helpt met schoonmaken.",
           "veterinary_assistant caring_for_pets being_calm"),), weight=1),
    Host("VAK", ("Kapsalon Krul & Co", "Barbershop Scherp"),
         (("Een week in de kapsalon", "Haren wassen, kammen, oefenen op een pop.",
           "hairdresser barber doing_hair making_contact"),), weight=2),
    Host("VAK", ("Meubelmakerij Eik", "Kledingatelier Naald"),
         (("Maak een eigen kruk", "Zagen, schuren, lijmen. Je maakt iets dat blijft.",
           "furniture_maker crafting_by_hand good_with_hands patient"),), weight=1),
    Host("VEILIG", ("Brandweerpost Osdorp-Noord", "Wijkteam Handhaving West"),
         (("Mee met handhaving", "Je loopt een ronde mee en leert praten als het spannend wordt.",
           "city_warden protecting_people being_calm solving_conflicts"),), weight=1),
    Host("ZAKELIJK", ("Administratiehuis Balans", "Wooncorporatie De Sleutel", "Advocatenkantoor Van Zuiden"),
         (("Een dag op kantoor", "Mail, vergaderen, een klant helpen.",
           "office_worker administrative_worker keeping_order polite"),
          ("Zo werkt een kantoor in de wijk", "Meekijken bij huurders en cijfers.",
           "property_manager working_with_numbers listening")), weight=3),
    Host("WATER", ("Milieustraat Noorderweg", "Waterschapshuis Ringvaart"),
         (("Schoon water, schone straat", "Meten, scheiden en ontdekken wat afval nog kan zijn.",
           "recycling_worker water_treatment_operator working_outside finding_things_out"),), weight=1),
)  # fmt: skip
PARTNERS = (("Stadsdeelhuis Westerpoort", "municipality"), ("Stichting Kansrijk West", "partner"),
            ("Bewonersgroep De Tuinen", "informal"))  # fmt: skip
PRACTICAL = (
    "Trek dichte schoenen aan. Wij zorgen voor lunch.",
    "Meld je bij de balie. Neem brood mee.",
    "Je reiskosten krijg je terug. Trek kleren aan die vies mogen worden.",
    "",
)
DREAMS = ("profvoetballer", "mijn eigen kapsalon", "games maken", "iets met dieren", "ambulance", "", "", "")


@dataclass(frozen=True, slots=True)
class SmallHost:
    """One place with one offer, told in full."""

    name: str
    sector: str
    title: str
    text: str
    positions: int


@dataclass(frozen=True, slots=True)
class SmallProgramme:
    """A season in one town, with one school: what it shows can be counted by hand."""

    slug: str
    name: str
    region: str
    school: str
    pc4: str
    homes: tuple[str, ...]
    wishes: tuple[tuple[str, int], ...]
    """So many youths who want this first."""
    hosts: tuple[SmallHost, ...]


SMALL_PROGRAMMES = (
    # Far more want care than there are places for: a bottleneck, with proof.
    SmallProgramme(
        slug="on-stage-hoofddorp",
        name="On Stage Hoofddorp",
        region="Haarlemmermeer",
        school="Mavo De Polderhof",
        pc4="2132",
        homes=("2131", "2132", "2132", "2133", "2134", "2135"),
        wishes=(("ZORG", 21), ("HORECA", 5), ("TECH", 4)),
        hosts=(
            SmallHost("Zorgcentrum De Meerbloem", "ZORG", "Een week in het zorgcentrum",
                      "Je helpt bij de koffie, wandelt mee en ziet wat een verzorgende doet.", 6),
            SmallHost("Kinderopvang Het Vlot", "ZORG", "Meelopen op de opvang",
                      "Je speelt en eet mee met de kinderen en helpt met opruimen.", 3),
            SmallHost("Eetcafe De Dijk", "HORECA", "Koken voor het dorp",
                      "Je snijdt, kookt en dekt de tafels.", 8),
            SmallHost("Techniekhal Hoofddorp", "TECH", "Maken met metaal",
                      "Je last niet zelf, maar je zaagt, meet en zet in elkaar.", 8),
        ),
    ),
    # Enough for everybody, so that this is seen too.
    SmallProgramme(
        slug="on-stage-badhoevedorp",
        name="On Stage Badhoevedorp",
        region="Haarlemmermeer",
        school="Vakschool De Wilgenhoek",
        pc4="1171",
        homes=("1171", "1175"),
        wishes=(("GROEN", 9), ("HANDEL", 6)),
        hosts=(
            SmallHost("Kwekerij De Wilgenhoek", "GROEN", "Werken in de kas",
                      "Je stekt, geeft water en maakt bestellingen klaar.", 12),
            SmallHost("Tuincentrum Aan de Ringvaart", "GROEN", "Een week tussen planten en klanten",
                      "Je vult de winkel, geeft advies en helpt met inpakken.", 6),
            SmallHost("Fietsenwinkel De Trapper", "HANDEL", "Meelopen in de fietsenwinkel",
                      "Je helpt klanten en ziet hoe een winkel draait.", 8),
        ),
    ),
)  # fmt: skip
