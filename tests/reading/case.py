"""What the tests of reading look for: actors and obligations like those of the case, and an article of our own."""

# ruff: noqa: E501, RUF001 - the article has its paragraphs and quotation marks as a page has them

from datetime import date

from tracker.codebook import ActorKind, Category
from tracker.reading.duties import Duty
from tracker.reading.marks import Mark, Marked, mark
from tracker.reading.names import Known

THURSDAY = date(2025, 12, 18)

KNOWN = (
    Known("israel", "Israel", (), ActorKind.STATE),
    Known("idf", "Israel Defense Forces", ("IDF", "Israeli military", "Israeli army"), ActorKind.GOVERNMENT_BODY),
    Known("pmo", "Israeli Prime Minister's Office", ("PMO",), ActorKind.GOVERNMENT_BODY),
    Known("netanyahu", "Benjamin Netanyahu", ("Netanyahu",), ActorKind.PERSON),
    Known("hamas", "Hamas", ("Islamic Resistance Movement",), ActorKind.ARMED_GROUP),
    Known("qassam", "Izz al-Din al-Qassam Brigades", ("al-Qassam Brigades",), ActorKind.ARMED_GROUP),
    Known("hayya", "Khalil al-Hayya", (), ActorKind.PERSON),
    Known("saad", "Raed Saad", (), ActorKind.PERSON),
    Known("haddad", "Izz al-Din al-Haddad", (), ActorKind.PERSON),
    Known("moh", "Gaza Health Ministry", (), ActorKind.GOVERNMENT_BODY),
    Known("us", "United States", (), ActorKind.STATE),
    Known("trump", "Donald Trump", (), ActorKind.PERSON),
    Known("witkoff", "Steve Witkoff", (), ActorKind.PERSON),
    Known("centcom", "US Central Command", ("CENTCOM",), ActorKind.GOVERNMENT_BODY),
    Known("qatar", "Qatar", (), ActorKind.STATE),
    Known("egypt", "Egypt", (), ActorKind.STATE),
    Known("turkiye", "Türkiye", ("Turkey",), ActorKind.STATE),
    Known("al-thani", "Mohammed bin Abdulrahman Al Thani", (), ActorKind.PERSON),
    Known("abdelatty", "Badr Abdelatty", (), ActorKind.PERSON),
    Known("fidan", "Hakan Fidan", (), ActorKind.PERSON),
    Known("un", "United Nations", ("UN",), ActorKind.INTERGOVERNMENTAL),
    Known("unsc", "UN Security Council", ("Security Council",), ActorKind.INTERGOVERNMENTAL),
    Known("isf", "International Stabilization Force", ("ISF", "Stabilization force"), ActorKind.OTHER),
    Known("pa", "Palestinian Authority", ("PA",), ActorKind.GOVERNMENT_BODY),
    Known("sis", "Egyptian State Information Service", ("SIS",), ActorKind.GOVERNMENT_BODY),
    Known("icrc", "International Committee of the Red Cross", ("ICRC", "Red Cross"), ActorKind.CIVIL_SOCIETY),
    Known("mladenov", "Nickolay Mladenov, High Representative for Gaza", ("Nikolay Mladenov",), ActorKind.PERSON),
    Known("jeffers", "Maj. Gen. Jasper Jeffers", (), ActorKind.PERSON),
    Known("gvili", "Ran Gvili", ("Rani Gvili", "Master Sgt. Ran Gvili"), ActorKind.PERSON),
    Known("axios", "Axios", (), ActorKind.MEDIA),
    Known("ap", "Associated Press", ("AP",), ActorKind.MEDIA),
    Known("wafa", "WAFA (Palestinian news agency)", (), ActorKind.MEDIA),
)

DUTIES = (
    Duty("fire-il", "Israel suspends military operations", Category.HOSTILITIES, ("israel",)),
    Duty("fire-hamas", "Hamas and other factions hold their fire", Category.HOSTILITIES, ("hamas",), ("israel",)),
    Duty("pullback", "Israel pulls back to the agreed (yellow) line", Category.WITHDRAWAL, ("israel",)),
    Duty("withdraw", "Israel withdraws further, in stages", Category.WITHDRAWAL, ("israel",)),
    Duty("living", "All living hostages are released", Category.HOSTAGE_RELEASE, ("hamas",), ("israel",)),
    Duty("dead", "Remains of all dead hostages are returned", Category.HOSTAGE_RELEASE, ("hamas",), ("israel",)),
    Duty("prisoners", "Israel releases prisoners", Category.PRISONER_RELEASE, ("israel",)),
    Duty("aid", "Israel lets 600 aid trucks a day into Gaza", Category.HUMANITARIAN_AID, ("israel",)),
    Duty("rafah", "Rafah crossing opens in both directions", Category.BORDER_CROSSING, ("israel", "egypt")),
    Duty("disarm", "Hamas and other factions give up their weapons", Category.DISARMAMENT, ("hamas",), ("israel",)),
    Duty("authority", "A technocratic committee takes over daily government", Category.INTERIM_AUTHORITY),
    Duty("force", "International Stabilization Force deploys", Category.STABILIZATION_FORCE, ("isf",)),
    Duty("rebuild", "Gaza is rebuilt for its people", Category.RECONSTRUCTION),
    Duty("lamps", "Street lamps are lit", Category.OTHER, terms=("street lamps",)),
)

ARTICLE = """\
US envoy Steve Witkoff is to sit down on Friday in Miami with senior Turkish, Qatari and Egyptian officials over the \
next stage of the truce, a White House official told The Morning Ledger, bearing out a report by the Axios news site.

The three mediators believe that Israel and Hamas both play for time, and mean to agree on a common line, according to \
the report.

The meeting will be attended by Qatari Prime Minister Mohammed bin Abdul Rahman al-Thani, Turkey’s Foreign Minister \
Hakan Fidan and Egyptian Foreign Minister Badr Abdelatty.

It comes before an expected meeting between Prime Minister Benjamin Netanyahu and Donald Trump at Mar-a-Lago later this \
month.

Get The Morning Ledger’s Evening Letter
by email and never miss our best stories

By signing up, you agree to our terms

Israel killed the Hammas commander Raed Saad in Gaza City last weekend, a step that led Trump to warn of the deal's end.

Men look at a burnt car after an Israeli strike in Gaza City, December 13, 2025. (AP/Somebody Else)

Hamas has by now released all the hostages but for the body of Master Sgt. Ran Gvili.

Hamas’s Gaza chief Khalil al-Hayya said Sunday that his movement would not “lay down its arms before there is a state”. \
Israel has insisted that Hamas “will be disarmed.”

The third stage is the reconstruction of what was flattened in the war that began in October 2023.

Ledger staff contributed to this report.

Give a gift of light

This winter, send your loved ones a year of careful journalism.

A Morning Ledger Community membership gives you one year of reading at a special price.

Learn more

Already a member? Sign in to stop seeing this

You value our work

Your support keeps our newsroom going. Please consider joining our community for as little as $5 a month.

Thank you,
Ada Ledger, Founding Editor
"""
"""An article of our own about the same matters as one that was in the papers."""


def marked(text: str, published_on: date | None = THURSDAY, language: str = "en") -> Marked:
    return mark(text, KNOWN, DUTIES, published_on, language)


def found(text: str, kind: str, published_on: date | None = THURSDAY, language: str = "en") -> list[tuple[str, str]]:
    """The words marked as ``kind`` and what they refer to, in order."""
    return [
        (text[each.start : each.end], each.ref)
        for each in marked(text, published_on, language).marks
        if each.kind == kind
    ]


def actors(text: str, language: str = "en") -> list[tuple[str, str]]:
    return found(text, "actor", language=language)


def when(text: str, published_on: date | None = THURSDAY, language: str = "en") -> list[Mark]:
    return [each for each in marked(text, published_on, language).marks if each.kind == "date"]
