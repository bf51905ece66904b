"""What everybody knows of states, capitals and places: how their people are called, how others write them.

Nothing here is an actor by itself; it only helps to find those that the record knows.
"""

from dataclasses import dataclass

from tracker.reading.tokens import listed


@dataclass(frozen=True, slots=True)
class State:
    """A state: other names, the adjectives and people derived from it, its capital, and its names in other scripts."""

    name: str
    others: tuple[str, ...]
    derived: tuple[str, ...]
    capital: str = ""
    elsewhere: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    """Buildings that stand for the government."""


def _state(name: str, others: str, derived: str, capital: str = "", elsewhere: str = "", seats: str = "") -> State:
    def parts(words: str) -> tuple[str, ...]:
        return tuple(each for each in words.split("|") if each)

    return State(name, parts(others), parts(derived), capital, parts(elsewhere), parts(seats))


STATES = (
    _state("Israel", "State of Israel", "Israeli|Israelis", "Jerusalem",
           "إسرائيل|إسرائيلي|إسرائيلية|إسرائيليون|إسرائيليين|ישראל|ישראלי|ישראלית|ישראלים|ישראליים|ישראליות"),
    _state("United States", "US|U.S.|USA|U.S.A.|United States of America", "American|Americans", "Washington",
           "الولايات المتحدة|أمريكا|أميركا|أمريكي|أميركي|أمريكية|أميركية|אמריקה|ארצות הברית|ארה\"ב|אמריקני|אמריקאי|אמריקנית|אמריקאית|אמריקנים|אמריקאים", "White House|البيت الأبيض|בית הלבן|הבית הלבן"),
    _state("Egypt", "Arab Republic of Egypt", "Egyptian|Egyptians", "Cairo", "مصر|مصري|مصرية|מצרים|מצרי|מצרית"),
    _state("Qatar", "State of Qatar", "Qatari|Qataris", "Doha", "قطر|قطري|قطرية|קטאר|קטר|קטארי|קטרי|קטארית|קטארים"),
    _state("Turkey", "Türkiye|Turkiye|Republic of Turkey", "Turkish|Turk|Turks", "Ankara",
           "تركيا|تركي|تركية|טורקיה|תורכיה|טורקי|טורקית"),
    _state("Iran", "Islamic Republic of Iran|Islamic Republic", "Iranian|Iranians", "Tehran", "إيران|إيراني|إيرانية|איראן|איראני|איראנית"),
    _state("Jordan", "Hashemite Kingdom of Jordan", "Jordanian|Jordanians", "Amman", "الأردن|أردني|أردنية|ירדן|ירדני|ירדנית"),
    _state("Lebanon", "Lebanese Republic", "Lebanese", "Beirut", "لبنان|لبناني|لبنانية|לבנון|לבנוני|לבנונית"),
    _state("Syria", "Syrian Arab Republic", "Syrian|Syrians", "Damascus", "سوريا|سورية|سوري|סוריה|סורי|סורית"),
    _state("Iraq", "Republic of Iraq", "Iraqi|Iraqis", "Baghdad", "العراق|عراقي|عراقية|עיראק|עיראקי"),
    _state("Yemen", "", "Yemeni|Yemenis", "Sanaa", "اليمن|يمني|يمنية|תימן|תימני"),
    _state("Saudi Arabia", "Kingdom of Saudi Arabia|KSA", "Saudi|Saudis", "Riyadh", "السعودية|سعودي|ערב הסעודית|סעודיה|סעודי|סעודית"),
    _state("United Arab Emirates", "UAE|U.A.E.|Emirates", "Emirati|Emiratis", "Abu Dhabi", "الإمارات|إماراتي|إماراتية|איחוד האמירויות"),
    _state("Kuwait", "", "Kuwaiti|Kuwaitis", "Kuwait City", "الكويت|كويتي|كويتية|כווית"),
    _state("Bahrain", "", "Bahraini|Bahrainis", "Manama", "البحرين|بحريني|בחריין"),
    _state("Oman", "Sultanate of Oman", "Omani|Omanis", "Muscat", "عمان|עומאן"),
    _state("Palestine", "State of Palestine", "", "", "فلسطين|פלסטין"),
    _state("United Kingdom", "UK|U.K.|Britain|Great Britain", "British|Briton|Britons", "London", "بريطانيا|بريطاني|بريطانية|بריטניה|בריטניה|בריטי|בריטית", "Downing Street"),
    _state("France", "French Republic", "French", "Paris", "فرنسا|فرنسي|فرنسية|צרפת|צרפתי|צרפתית", "Elysee|Elysee Palace"),
    _state("Germany", "Federal Republic of Germany", "German|Germans", "Berlin", "ألمانيا|ألماني|ألمانية|גרמניה|גרמני|גרמנית"),
    _state("Italy", "", "Italian|Italians", "Rome", "إيطاليا|إيطالي|إيطالية|איטליה|איטלקי"),
    _state("Spain", "", "Spanish|Spaniard|Spaniards", "Madrid", "إسبانيا|إسباني|إسبانية|ספרד|ספרדי"),
    _state("Russia", "Russian Federation", "Russian|Russians", "Moscow", "روسيا|روسي|روسية|רוסיה|רוסי|רוסית", "Kremlin|الكرملين|קרמלין"),
    _state("Ukraine", "", "Ukrainian|Ukrainians", "Kyiv", "أوكرانيا|أوكراني|أوكرانية|אוקראינה|אוקראיני"),
    _state("China", "People's Republic of China", "Chinese", "Beijing", "الصين|صيني|صينية|סין|סיני"),
    _state("India", "", "Indian|Indians", "New Delhi", "الهند|هندي|هندية|הודו|הודי"),
    _state("Pakistan", "", "Pakistani|Pakistanis", "Islamabad", "باكستان|باكستاني|باكستانية|פקיסטן|פקיסטני"),
    _state("Indonesia", "Republic of Indonesia", "Indonesian|Indonesians", "Jakarta", "إندونيسيا|إندونيسي|إندونيسية|אינדונזיה|אינדונזי"),
    _state("Azerbaijan", "", "Azerbaijani|Azerbaijanis|Azeri|Azeris", "Baku", "أذربيجان|אזרבייג'ן"),
    _state("Armenia", "", "Armenian|Armenians", "Yerevan", "أرمينيا|ארמניה"),
    _state("Morocco", "", "Moroccan|Moroccans", "Rabat", "المغرب|مغربي|מרוקו"),
    _state("Sudan", "", "Sudanese", "Khartoum", "السودان|سوداني|سودانية|סודאן"),
    _state("South Sudan", "", "South Sudanese", "Juba", "جنوب السودان"),
    _state("Ethiopia", "", "Ethiopian|Ethiopians", "Addis Ababa", "إثيوبيا|אתיופיה"),
    _state("Eritrea", "", "Eritrean|Eritreans", "Asmara", "إريتريا"),
    _state("Libya", "", "Libyan|Libyans", "Tripoli", "ليبيا|ليبي|ليبية"),
    _state("Algeria", "", "Algerian|Algerians", "Algiers", "الجزائر|جزائري|جزائرية"),
    _state("Tunisia", "", "Tunisian|Tunisians", "Tunis", "تونس|تونسي"),
    _state("Kazakhstan", "", "Kazakh|Kazakhs", "Astana", "كازاخستان"),
    _state("Greece", "", "Greek|Greeks", "Athens", "اليونان|يوناني|יוון"),
    _state("Cyprus", "", "Cypriot|Cypriots", "Nicosia", "قبرص|קפריסין"),
    _state("Netherlands", "The Netherlands", "Dutch", "The Hague", "هولندا|הולנד"),
    _state("Poland", "", "Polish|Pole|Poles", "Warsaw", "بولندا|פולין"),
    _state("Sweden", "", "Swedish|Swede|Swedes", "Stockholm", "السويد|שוודיה"),
    _state("Norway", "", "Norwegian|Norwegians", "Oslo", "النرويج|נורווגיה"),
    _state("Denmark", "", "Danish|Dane|Danes", "Copenhagen", "الدنمارك|דנמרק"),
    _state("Switzerland", "", "Swiss", "Bern", "سويسرا|שווייץ"),
    _state("Ireland", "", "Irish", "Dublin", "أيرلندا|אירלנד"),
    _state("Philippines", "", "Philippine|Filipino|Filipinos", "Manila", "الفلبين"),
    _state("Thailand", "", "Thai|Thais", "Bangkok", "تايلاند|תאילנד"),
    _state("Japan", "", "Japanese", "Tokyo", "اليابان|יפן"),
    _state("Myanmar", "Burma", "Burmese", "Naypyidaw", ""),
    _state("Democratic Republic of the Congo", "DRC|DR Congo|Congo", "Congolese", "Kinshasa", ""),
    _state("Rwanda", "", "Rwandan|Rwandans", "Kigali", ""),
    _state("Colombia", "", "Colombian|Colombians", "Bogotá", ""),
    _state("Kosovo", "", "Kosovar|Kosovars", "Pristina", ""),
    _state("Serbia", "", "Serbian|Serbians|Serb|Serbs", "Belgrade", ""),
    _state("Georgia", "", "Georgian|Georgians", "Tbilisi", ""),
    _state("Kenya", "", "Kenyan|Kenyans", "Nairobi", ""),
)  # fmt: skip

ELSEWHERE: dict[str, tuple[str, ...]] = {
    "hamas": ("حماس", "حركة حماس", "חמאס", "حركة المقاومة الإسلامية"),
    "israel defense forces": ("صה\"ל", "צה\"ל", "צבא ההגנה לישראל", "الجيش الإسرائيلي", "جيش الاحتلال"),
    "israeli prime minister's office": ("לשכת ראש הממשלה", "مكتب رئيس الوزراء الإسرائيلي"),
    "raed saad": ("رائد سعد", "ראאד סעד"),
    "ran gvili": ("ران غفيلي", "ران جفيلي", "רן גואילי", "רני גואילי"),
    "ali shaath": ("علي شعث", "עלי שעת'", "עלי שעת"),
    "mohammed bin abdulrahman al thani": ("محمد بن عبد الرحمن آل ثاني", "محمد بن عبد الرحمن", "מוחמד בן עבד א-רחמן אאל ת'אני"),
    "benjamin netanyahu": ("بنيامين نتنياهو", "نتنياهو", "בנימין נתניהו", "נתניהו"),
    "donald trump": ("دونالد ترامب", "ترامب", "ترمب", "دونالد ترمب", "דונלד טראמפ", "טראמפ"),
    "steve witkoff": ("ستيف ويتكوف", "ويتكوف", "סטיב ויטקוף", "ויטקוף"),
    "khalil al-hayya": ("خليل الحية", "ח'ליל אל-חיה", "חליל אל חיה"),
    "hakan fidan": ("هاكان فيدان", "فيدان", "הקאן פידאן", "האקן פידן"),
    "badr abdelatty": ("بدر عبد العاطي", "عبد العاطي", "בדר עבד אל-עאטי"),
    "united nations": ("الأمم المتحدة", "האו\"ם", "או\"ם"),
    "un security council": ("مجلس الأمن", "مجلس الأمن الدولي", "מועצת הביטחון"),
    "palestinian authority": ("السلطة الفلسطينية", "הרשות הפלסטינית"),
    "palestinian islamic jihad": ("الجهاد الإسلامي", "הג'יהאד האסלאמי", "הג'יהאד האיסלאמי"),
    "international committee of the red cross": ("צלב האדום", "الصليب الأحمر", "اللجنة الدولية للصليب الأحمر", "הצלב האדום"),
    "izz al-din al-qassam brigades": ("كتائب القسام", "כתאא'ב אל-קסאם", "גדודי אל-קסאם"),
    "board of peace": ("مجلس السلام", "מועצת השלום"),
    "gaza health ministry": ("وزارة الصحة في غزة", "وزارة الصحة بغزة", "משרד הבריאות בעזה"),
    "gaza government media office": ("المكتب الإعلامي الحكومي", "مكتب الإعلام الحكومي"),
    "gaza civil defense": ("الدفاع المدني في غزة", "الدفاع المدني"),
    "national committee for the administration of gaza": ("اللجنة الوطنية لإدارة غزة", "הוועדה הלאומית לניהול עזה"),
    "axios": ("أكسيوس", "אקסיוס"),
    "reuters": ("رويترز", "רויטרס"),
    "al jazeera": ("الجزيرة", "אל-ג'זירה", "אל ג'זירה"),
    "hezbollah": ("حزب الله", "חיזבאללה"),
    "houthis": ("الحوثيون", "الحوثيين", "أنصار الله", "החות'ים"),
    "european union": ("الاتحاد الأوروبي", "האיחוד האירופי"),
    "un ocha": ("أوتشا", "مكتب الأمم المتحدة لتنسيق الشؤون الإنسانية", "אוצ'ה"),
    "ocha": ("أوتشا", "אוצ'ה"),
    "coordinator of government activities in the territories": ("מתאם פעולות הממשלה בשטחים", "מתאם פעולות הממשלה", "מתפ\"ש"),
    "cogat": ("מתאם פעולות הממשלה בשטחים", "מתאם פעולות הממשלה", "מתפ\"ש", "كوغات"),
    "unrwa": ("الأونروا", "أونروا", "אונר\"א", "אונר״א"),
    "world food programme": ("برنامج الأغذية العالمي", "תוכנית המזון העולמית"),
    "red cross": ("الصليب الأحمر", "הצלב האדום", "צלב האדום"),
}  # fmt: skip
"""Names of bodies and people, by their English name, in Arabic and Hebrew."""

# ruff: noqa: E501, RUF001 - a table with a line for each state; letters of other scripts are what it is about

PLACES = listed(
    "gaza|gaza city|gaza strip|west bank|east jerusalem|jerusalem|tel aviv|khan younis|khan yunis|rafah|"
    "jabalia|jabaliya|beit lahia|beit lahiya|beit hanoun|deir al-balah|deir al balah|nuseirat|bureij|maghazi|"
    "shejaiya|shujaiya|zeitoun|zaytoun|tuffah|al-mawasi|mawasi|netzarim|philadelphi|kerem shalom|zikim|"
    "kissufim|erez|haifa|ashkelon|sderot|eilat|beersheba|kiryat gat|golan heights|ramallah|nablus|jenin|"
    "tulkarm|hebron|bethlehem|jericho|cairo|alexandria|sharm el-sheikh|sharm el sheikh|el-arish|el arish|"
    "sinai|doha|ankara|istanbul|washington|new york|miami|palm beach|mar-a-lago|florida|geneva|vienna|"
    "brussels|paris|london|berlin|rome|madrid|moscow|kyiv|kiev|beirut|sidon|tyre|nabatieh|litani|baalbek|"
    "dahiyeh|tripoli|damascus|aleppo|homs|idlib|daraa|amman|baghdad|erbil|tehran|isfahan|sanaa|aden|hodeidah|"
    "marib|riyadh|jeddah|abu dhabi|dubai|kuwait city|manama|muscat|jakarta|islamabad|baku|khartoum|el fasher|"
    "port sudan|juba|addis ababa|mekelle|tigray|nairobi|kinshasa|goma|bukavu|kigali|bogota|havana|oslo|"
    "stockholm|davos|middle east|mediterranean|red sea|dead sea|north america|latin america|europe|africa|"
    "asia|white house|mar a lago|camp david|capitol hill|wall street|oval office|holy land|old city|"
    "temple mount|al-aqsa|suez canal|rafah crossing|donetsk|luhansk|donbas|kharkiv|odesa|zaporizhzhia|"
    "kherson|crimea|mariupol|nagorno-karabakh"
)
"""Places that are often named beside the word "in", folded to lower case."""
