"""How obligations are spoken of: one table, category by category, in English, Arabic and Hebrew.

The words of an expression stand in order and are parted by spaces: "a\
|b" is one of them, "word*" any ending, "(word)" may
be missing, "_" stands for up to three words of any kind. Expressions are parted by ";" or a new line.
"""

from dataclasses import dataclass

from tracker.codebook import Category


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of one category.

    ``phrases`` speak of it by themselves. ``acts`` do so with one of the ``things`` near: after them ("hand over ...
    weapons"), or before them ("the crossing ... opens") unless the act ends in "+". ``weak`` phrases count only where
    one of the agreement's own obligations uses the word.
    """

    phrases: str
    acts: str = ""
    things: str = ""
    weak: str = ""


_HAND_OVER = """
    release* ; free+ ; freed ; frees ; freeing ; return|returned|returning|returns|return (of)
    hand|hands|handed|handing over ; handed
    deliver* ; transfer* ; repatriat* ; recover|recovered|recovery (of) ; give|gives|gave|given|giving back
    bring|brings|brought|bringing home|back
    let|lets|letting go ; exchange* ; swap|swaps|swapped|swapping ; set|sets|setting free
    surrender|surrendered|surrendering
    تسليم ; سلمت ; سلم ; تسلم ; أفرج عنها|عنهم|عنه ; أفرج|أفرجت عن ; الإفراج عن ; إطلاق سراح ; إعادة ; أعادت ; تبادل
    החזרת ; השבת ; להחזיר ; להשיב ; החזירה ; החזיר ; השיבה ; הושב* ; שחרור ; לשחרר ; שחררה ; שחרר ; שוחרר*
    העברת ; הועבר*"""

_AID = """aid|relief|food|fuel|gas|medicine|medicines|goods|supplies|tents|caravans|equipment|trucks|lorries\
|cargo|parts|shelter|assistance|convoys"""

TABLE: dict[str, Spoken] = {
    Category.HOSTILITIES: Spoken(
        """hold|holds|held|holding _ fire ; holding of fire ; cessation of hostilities ; ceasing of hostilities
        reduction in|of hostilities|violence ; cessation of fire|fighting ; breaches of the truce|ceasefire
    violation* ; ceasefire|truce violation*|breach* ; breach* of _ ceasefire|truce|agreement|deal
        وقف العدوان ; وقف الهجمات ; وقف القصف ; وقف العمليات العسكرية ; خروقات ; خرق ; انتهاكات
        הפרות ; הפרת הפסקת האש ; הפסקת הלחימה ; לחדול מאש""",
        """halt|halts|halted|halting ; stop|stops|stopped|stopping ; cease|ceases|ceased|ceasing
        end|ends|ended|ending
        suspend|suspends|suspended|suspending|suspension (of) ; pause|pauses|paused|pausing
        refrain|refrains|refrained from ; abstain from""",
        """fire fighting attacks strikes airstrikes bombing bombardment shelling shooting operations hostilities "
        "aggression"""
        " assault assaults offensive raids overflights killing killings war",
    ),
    Category.WITHDRAWAL: Spoken(
        """withdraw|withdraws|withdrawing|withdrawn|withdrew ; withdrawal* ; pullback* ; pull-back* ; pullout*
        pull-out* ; redeployment* ; redeploy|redeployed|redeploys
        pull|pulls|pulled|pulling back|out ; yellow line ; agreed line ; withdrawal line* ; blue line
        pull|pulls|pulled|pulling them|it|everyone back|out
        retreat behind|from ; posts|positions|outposts vacated|evacuated|handed
        troop|military|army departure|exit|drawdown
        leave|leaves|left|quit|quits|vacate|vacates _ post|posts|outpost|outposts|garrison|garrisons|barracks|base|bases
        move|moves|moved|moving back _ yard|yards|metre|metres|meter|meters|mile|miles|inch
        سحب الجيش ; جلاء القوات ; הוצאת הכוחות|הצבא ; יציאת צה"ל
        انسحاب ; ينسحب ; تنسحب ; انسحبت ; الانسحاب ; الخط الأصفر ; إعادة انتشار ; سحب القوات ; سحب قواتها
        سحب الأسلحة الثقيلة
        נסיגה ; נסיגת ; לסגת ; נסוג ; נסוגה ; תיסוג ; ייסוג ; הקו הצהוב ; קו הצהוב""",
        """withdraw|withdraws|withdrawing|withdrew|withdrawn|withdrawal from|of|to|behind
        withdraw|withdraws|withdrawing|withdrew
        pull|pulls|pulled|pulling back|out (to|from|behind|of|beyond) ; pull|pulls|pulled|pulling _ back
        leave|leaves|leaving+ ; quit|quits|quitting+
        vacate|vacates|vacated|vacating ; evacuate|evacuates|evacuated+
        move|moves|moved|moving back (from|to|behind) ; move|moved|moves|moving _ back (from)
        retreat* from|to|behind""",
        """troops forces army soldiers positions outposts territory towns town villages village line ridge zone "
        "belt guns tanks"""
        " areas area border ground gaza strip corridor hills weapons units artillery",
    ),
    Category.INTERIM_AUTHORITY: Spoken(
        """interim|transitional|caretaker|technocratic|provisional|civilian|shared|joint authority\
|administration|government|governing|governance|committee|council|cabinet|rule
        interim|transitional palestinian|local|civilian authority|administration|government|committee|council
        transitional|interim|technocratic body|leadership|board|regime ; non-partisan|nonpartisan|apolitical committee\
|government|administration ; committee of palestinians|professionals ; caretaker body
        technocratic palestinian|local committee|government|administration|body|authority
        committee|government|cabinet|administration of technocrats|independents|experts ; technocrats
        administration of _ strip|enclave|territory|gaza|shore|town|towns|region|province
        govern|governs|governing _ gaza|territory|strip|enclave
        administer|administers|administering _ gaza|territory|strip|enclave|area
        run|runs|running _ gaza|territory|strip|enclave ; postwar|post-war governance|administration|government
        day-to-day running|administration|affairs|services
        take|takes|took|taking over _ administration|government|governance|running|ministries
        step|steps|stepped|stepping down|aside from _ government|power|governing
        civil administration ; administrative committee ; governing body ; transfer of power|authority|governance
        لجنة تكنوقراط ; تكنوقراط ; لجنة إدارة غزة ; سلطة انتقالية ; إدارة انتقالية ; تسليم إدارة القطاع|غزة
        تسليم الحكم
        ממשלת טכנוקרטים ; ועדת טכנוקרטים ; טכנוקרטים ; רשות מעבר ; ממשל מעבר""",
        """hand|hands|handed|handing over ; hand|handing it over ; transfer* ; cede|cedes|ceded|ceding
        relinquish* ; give|gives|giving|gave|given up
        surrender|surrenders|surrendering ; turn|turns|turned|turning over""",
        """power governance government administration ministries ministry rule control offices office authority "
        "institutions governing""",
        "referendum ; caretakers",
    ),
    Category.STABILIZATION_FORCE: Spoken(
        """(international|multinational|temporary) stabilization|stability force|forces|mission
        international|multinational|peacekeeping|regional|buffer|foreign|arab force|forces
        arrival of _ force|peacekeepers|contingent ; un|international|peace|stabilisation|stabilization troops
        send|sends|sending|sent|offer|offers|offered|pledge|pledged|provide|provides _ troops|soldiers|peacekeepers
        blue helmets ; policing mission ; troop|troops pledges|offers ; peace force|mission
        قوات حفظ السلام ; قوة متعددة الجنسيات ; القوات الأممية|الدولية ; כוח שלום ; כוחות בינלאומיים ; כוח רב-לאומי
        international troops|peacekeepers|contingent* ; peacekeepers ; peacekeeping mission|operation|troops
        contribute|contributes|contributed|contributing _ troops|soldiers|forces ; troop contribut*
        train|trains|trained|training _ police ; police training
        palestinian|vetted|local police force|officers|cadets|recruits ; police cadets
        deployment of _ force|troops|peacekeepers|contingent
        قوة دولية ; القوة الدولية ; قوة الاستقرار ; قوة استقرار دولية ; قوات دولية ; تدريب الشرطة
        כוח בינלאומי ; כוח הייצוב ; כוח ייצוב ; כוח רב לאומי""",
        """deploy|deploys|deployed|deploying|deployment (of) ; send|sends|sending+ ; contribute|contributes"
        "|contributing+ ; train|trains|trained|training""",
        "force peacekeepers contingent contingents battalion cadets recruits policemen",
    ),
    Category.HOSTAGE_RELEASE: Spoken(
        """hostage|captive release* ; release of _ abducted
        mortal remains ; handover of _ body|bodies|remains|coffin|coffins|hostage|hostages|captive|captives
        return|repatriation|recovery of _ body|bodies|remains|coffin|coffins|hostage|hostages|captive|captives
        freed|released hostage|hostages|captive|captives
        ארונות של _ חטופים ; החזרת החללים ; החטופים החללים ; تسليم جثث|جثامين|رفات
        (living|dead|deceased|slain|remaining|last) hostage|hostages ; captive ; captives ; abductee|abductees
        bring|brings|brought|bringing _ hostages|captives|body|bodies|remains home|back ; remains of ; bodies of
        body of
        الرهائن ; رهائن ; رهينة ; المحتجزين ; الأسرى الإسرائيليين ; جثث ; جثة ; جثمان ; رفات
        חטופים ; חטוף ; חטופה ; גופת* ; גופות""",
        _HAND_OVER,
        """hostage hostages captive captives abductee abductees abducted kidnapped remains body bodies coffin "
        "coffins nun abducted missing corpse"""
        """ corpses dead engineers nurses جثة جثث جثامين جثمان رفات الرهائن رهائن المحتجزين חטופים החטופים חטוף "
        "החטוף גופת גופתו"""
        " גופתה גופות גופותיהם",
    ),
    Category.PRISONER_RELEASE: Spoken(
        """prisoner|prisoners|detainee|detainees swap*|exchange*|release* ; prisoner|prisoners
        detainee|detainees ; inmates ; jailed|imprisoned|interned palestinians|members|fighters|men|women
        leave|leaves|leaving jail|prison ; inmate release*|swap*|exchange*
        إطلاق سراح الأسرى|المعتقلين ; الإفراج عن الأسرى|المعتقلين ; שחרור אסירים|האסירים|מחבלים|המחבלים
        exchange of inmates|detainees
        exchange of prisoners|captives
        bodies of _ palestinian*|martyrs ; palestinian bodies ; walk|walks|walked out of _ prison|prisons
        الأسرى الفلسطينيين ; الأسرى ; أسرى ; المعتقلين ; معتقلين ; أسير ; تبادل أسرى ; تبادل الأسرى
        אסירים ; אסיר ; עצירים ; עצורים ; אסירים ביטחוניים""",
        _HAND_OVER,
        """prisoner prisoners detainee detainees inmates captured detained martyrs bodies remains الأسرى أسرى "
        "المعتقلين معتقلين"""
        " جثامين جثمان شهداء شهيدا אסירים האסירים עצורים העצורים",
    ),
    Category.DISARMAMENT: Spoken(
        """disarm|disarms|disarmed|disarming|disarmament ; demilitari* ; decommissioning ; disarms
        demine|demined|demining ; mine|mines clearance ; cleared|clearing|clear of mines
        rifles|guns|weapons|arms received\
|collected|surrendered|stored|handed ; tunnel demolition|demolitions|destruction ; demobili*
        concentration|assembly|cantonment zone|zones|camp|camps|point|points
        arms|weapons handover|surrender|buyback|amnesty
        turn|turns|turned|turning in _ ak|aks|kalashnikov|kalashnikovs|rifle|gun|bullet|weapon|weapons
        تجريد _ السلاح ; حصر السلاح ; تفكيك _ الأنفاق|العسكرية ; מסירת נשק|הנשק ; השמדת המנהרות
        cantonment (site|sites|area|areas|camp|camps) ; weapons ; arms depot*
        right to weapons|arms|resistance ; monopoly on|of arms|weapons|force ; tunnel network* ; tunnels
        military|terror infrastructure
        weapon|weapons workshop*|factories|production ; weapons collection|storage
        نزع السلاح ; نزع سلاح ; سلاح المقاومة ; تسليم السلاح ; تسليم سلاحها ; إلقاء السلاح ; السلاح ; الأنفاق ; أنفاق
        פירוק הנשק ; פירוק נשק* ; פירוק חמאס (מנשקו) ; פירוז ; לפרק את נשק* ; נשק ; נשקו ; להחזיק בנשק ; התפרקות
        מנהרות""",
        """lay|lays|laying|laid down ; lay|laying|laid _ down ; give|gives|giving|gave|given up ; surrender*
        hand|hands|handing|handed over|in ; hand|hands|handing _ over|in
        turn|turns|turning|turned over|in ; put|puts|putting down ; put|puts|putting+ ; decommission*
        relinquish* ; store|stores|stored|storing|storage (of)
        collect|collects|collected|collecting|collection (of)
        destroy|destroys|destroyed|destroying|destruction (of) ; dismantl* ; hold|holds|holding+
        keep|keeps|keeping|kept+ ; bear|bearing+ ; carry|carrying+ ; retain|retains|retaining+
        freeze|freezing|frozen+ ; part|parting with+ ; lock|locks|locked|locking+""",
        """weapon weapons arms gun guns weaponry arsenal rifle rifles rockets missiles tunnel tunnels howitzers "
        "workshops ammunition"""
        " infrastructure",
    ),
    Category.RECONSTRUCTION: Spoken(
        """reconstruct|reconstructing|reconstruction|reconstructed ; rebuild|rebuilds|rebuilding|rebuilt
        donor|donors|pledging conference|conferences|meeting ; reconstruction pledges|fund|funds
        rebuilding pledges|fund
        rubble-clearing ; housing units ; rehabilitation of _ infrastructure|homes|housing|roads|network
        مؤتمر المانحين ; إعادة البناء ; رفع الأنقاض|الركام ; ועידת התורמות ; פינוי ההריסות
        rubble|debris removal|clearance ; removal|clearing|clearance of _ rubble|debris
        إعادة الإعمار ; إعادة إعمار ; إعمار ; إزالة الركام
        שיקום עזה|הרצועה ; השיקום ; לשקם את ; בנייה מחדש""",
        "clear|clears|cleared|clearing ; remov* ; restore|restoring|restoration (of)+ ; repair|repairing+",
        "rubble debris homes houses schools",
    ),
    Category.HUMANITARIAN_AID: Spoken(
        """humanitarian|relief|food|medical|emergency|international|winter aid|assistance|relief|supplies\
|deliveries|shipments|cargo|goods|help|flight|flights|convoy*
        trucks|lorries a|per day ; mobile clinic|clinics ; water and sanitation
        life-saving|lifesaving supplies|assistance|aid
        food parcels|rations|aid|deliveries ; aid|food|fuel|medical|supply deliveries|distribution
        aid|fuel|food entry|access ; humanitarian access|corridor|corridors|flow|convoy|relief|operation|needs
        المعونات ; قوافل|قافلة ; دخول المساعدات|الشاحنات|الوقود ; כניסת סיוע|הסיוע|משאיות ; הסיוע ההומניטרי
        aid ; aid truck*|deliveries|convoy*|shipments|entry|flow|supplies ; truckload*
        relief convoy*|supplies|goods|flight|flights|trucks
        entry of _ aid|aids|fuel|food|trucks|supplies|tents|medicine|equipment
        delivery of _ aid|food|fuel|supplies|relief
        let|lets|letting|allow|allows|allowed|allowing _ aid|fuel|food|medicine|goods|supplies|trucks|lorries\
|equipment|tents in|into
        repairs to _ line|lines|pipeline|network|plant|hospital|hospitals ; flow of aid|goods|supplies
        مساعدات ; المساعدات ; الإغاثة ; إدخال المساعدات|الأدوية|الوقود|المواد|الشاحنات|الخيام ; صيانة المستشفيات
        الشاحنات ; شاحنات
        סיוע ; סיוע הומניטרי ; משאיות ; הכנסת סיוע|הסיוע|משאיות""",
        """let|lets|letting in ; let|letting _ in ; allow|allows|allowed|allowing (in)+
        admit|admits|admitted|admitting+ ; deliver|delivers|delivered|delivering+ ; bring|brought|bringing in+
        repair|repairs|repaired|repairing ; restor*+ ; reconnect*+
        block|blocks|blocked|blocking|bar|barred|barring+""",
        _AID.replace("|", " ")
        + " water power electricity main hospitals hospital bakeries bakery pipeline sewage grid",
        "relief ; convoy|convoys ; bakeries ; sewage",
    ),
    Category.BORDER_CROSSING: Spoken(
        """border crossing* ; rafah (border) crossing|terminal|port|gate|passage ; border terminal|post
        crossings ; crossing
        إعادة فتحه ; פתיחתו ; פתיחה מחדש
        reopen|reopens|reopened|reopening _ crossing|crossings|gate|terminal
        opening|reopening|closure of _ crossing|crossings|border|gate|passage|terminal|bridge|port
        معبر ; معبر رفح ; المعابر ; معابر ; فتح معبر رفح ; فتح المعبر|المعابر|الجسر
        מעבר רפיח ; המעבר ; מעברים ; פתיחת מעבר רפיח ; פתיחת המעבר""",
        """open|opens|opened|opening|opening (of) ; reopen|reopens|reopened|reopening|reopening (of)
        close|closes|closed|closing+ ; shut|shuts|shutting+
        פתיחת ; ייפתח ; יפתח ; נפתח ; לפתוח ; فتح ; افتتاح ; إعادة فتح""",
        """crossing crossings border gate terminal bridge post rafah passage ferry معبر المعبر المعابر الجسر מעבר "
        "המעבר המעברים""",
    ),
    Category.MONITORING: Spoken(
        """monitoring|verification|oversight|supervision|inspection mechanism*|mission|committee|team|teams\
|center|body|system
        ceasefire|truce monitor* ; international monitors|observers ; monitors
        monitoring|observer|observers body|team|mission|centre
        monitoring|verification|supervision|coordination centre|commission ; report to _ council ; truce supervis*
        هيئة مراقبة ; مراقبون ; مراقبين ; لجنة مراقبة ; משקיפים ; מנגנון ניטור ; ועדת פיקוח
        monitor|monitors|monitoring|supervise|supervises|supervising|oversee|oversees|overseeing|observe\
|observing|watch|watches|watching|verify|verifying _ ceasefire|truce|cease|implementation|compliance
        progress|written|periodic|quarterly|semiannual report|reports ; reports|reporting to _ security council
        آلية المراقبة ; آلية مراقبة ; مراقبة وقف إطلاق النار ; مركز التنسيق
        מנגנון פיקוח ; מטה התיאום ; פיקוח על""",
        weak="observers ; patrols|patrol ; inquiry|inquiries ; complaints",
    ),
    Category.POLITICAL_PROCESS: Spoken(
        """two-state solution ; statehood ; self-determination ; palestinian state ; political horizon
        political process ; path|pathway to statehood|independence|_ state ; safe passage
        حل الدولتين ; دولة فلسطينية ; تقرير المصير
        שתי המדינות ; מדינה פלסטינית ; הגדרה עצמית""",
        weak="election|elections ; referendum ; constitution ; amnesty ; vote ; انتخابات ; عفو ; בחירות ; חנינה",
    ),
    Category.RETURN_OF_DISPLACED: Spoken(
        """displaced people|persons|families|residents|palestinians ; displacement ; forcibly displac*
        forced displacement|transfer|emigration|migration ; forced to leave
        return of _ families|residents|villagers
        go|goes|going|went|come|came|coming|return|returned|returning home _ families
        families|villagers|residents|refugees _ returned|returning|return|come back|home ; returnees
        displaced returning
        families returned ; العودة إلى منازلهم|ديارهم|بيوتهم ; عودة السكان|الأهالي ; שיבה לבתיהם
        לשוב לבתיהם ; חזרת התושבים
        internally displaced ; return of _ displaced|refugees ; voluntary|forced emigration|migration|transfer
        population transfer
        تهجير ; التهجير ; عودة النازحين ; النازحين ; نازحين
        עקורים ; הגירה מרצון ; עקירה ; שיבת העקורים""",
        """return|returns|returned|returning ; come|comes|came|coming home|back ; go|goes|went|going home|back ; "
        "back home""",
        "displaced refugees families residents villagers islanders",
        "refugees",
    ),
}
"""Category to words."""

NOT = """
    aid|relief group* ; aid|relief worker* ; aid agenc* ; relief agenc* ; aid organi* ; aid charit*
    aid official* ; aid staff ; first aid ; military aid ; gift aid ; legal aid ; financial aid ; aids to
    withdraw|withdraws|withdrew|withdrawing|withdrawn _ statement|denial|remark|remarks|support|bid|candidacy\
|licence|license|offer|complaint|comment|claim|allegation|accusation
    crossing into|the|from|over|back|through|paths|lines ; prisoners of war ; prisoner of conscience
    nuclear|chemical|biological weapons ; weapons sale|sales|inspectors
    בסיוע
"""
"""Expressions that contain the words above and mean something else."""
