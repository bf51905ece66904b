"""What in a pasted page is no report: newsletters, gifts, memberships, credits, links to other pages."""

# ruff: noqa: RUF001 - letters and marks of other scripts are what this is about

import re
from collections.abc import Sequence
from itertools import groupby

PLAIN = re.compile(
    r"""(?ix)^\W*(?:
    read\ more | learn\ more | see\ more | load\ more | show\ more | more\ on\ this(?:\ story|\ topic)?
    | advertisement s?
    | advertising | ad | sponsored(?:\ content)? | promoted | share | share\ this(?:\ article|\ story)? | print
    | e-?mail
    | comments? | \d+\ comments? | follow\ us.* | subscribe(?:\ now|\ today)? | sign\ (?:in|up)(?:\ now)? | log\ ?in
    | join\ (?:us|now|our\ community) | donate(?:\ now)? | support\ us | skip\ (?:to|advert).*
    | most\ (?:read|popular)
    | related(?:\ (?:articles|stories|topics|content|links))? | recommended(?:\ for\ you)? | also\ on.*
    | trending(?:\ now)?
    | back\ to\ top | next\ article | previous\ article | editors?['’]?s?\ picks? | listen\ to\ this\ article.*
    | \d+\ min(?:ute)?s?\ (?:read|listen) | list\ \d+\ of\ \d+.* | end\ of\ list | table\ of\ contents | menu | search
    | copy\ link | facebook | twitter | whatsapp | telegram | x\ \(twitter\) | file\ photo
    | اقرأ\ (?:أيضا|أيضاً|المزيد).* | المزيد | شارك.* | تابعونا.* | إعلان | مواضيع\ ذات\ صلة
    | קראו\ (?:עוד|גם).* | כתבות\ נוספות | פרסומת | שתפו.* | תגובות
    )\W*$"""
)
"""A whole line that leads elsewhere."""

STRONG = re.compile(
    r"""(?ix)\b(?:
    newsletters? | sign(?:ing)?\ up\ (?:for|to|here|now|today|and) | by\ signing\ up | by\ clicking | unsubscribe
    | subscribe\ (?:to|for|now|today|here) | (?:your|our|a)\ (?:\w+\ )?subscription | subscribers?\ only
    | (?:daily|weekly|morning)\ (?:edition|briefing)\ (?:by|to|in) | never\ miss | our\ top\ stories
    | our\ (?:best|latest)\ stories
    | agree\ to\ (?:the|our)\ terms | terms\ (?:of\ (?:use|service)|and\ conditions)(?:\W|$)
    | privacy\ (?:policy|notice)
    | (?:we|site|website)\ uses?\ cookies | (?:accept|manage)\ (?:all\ )?cookies
    | cookie\ (?:policy|settings|preferences)
    | click\ (?:here|to|below) | tap\ here | (?-i:[Ff]ollow|[Jj]oin|[Ll]ike)\ (?-i:us)\ on
    | (?:whatsapp|telegram)\ channel
    | download\ (?:the|our)\ (?:free\ )?app | push\ notifications? | breaking\ news\ alerts?
    | already\ a\ (?:member|subscriber) | sign\ in\ to | log\ in\ to | create\ (?:an|your|a\ free)\ account
    | register\ (?:now|here|for\ free)
    | ad-free | free\ trial | gift\ (?:membership|subscription|card|guide) | membership\ benefits | discounted\ price
    | become\ a\ (?:member|subscriber|supporter|patron)
    | join\ (?:our|the)\ (?:\w+\ )?(?:community|newsletter|channel|group)\b
    | (?:reader|our)\ support(?:er)?\ group | (?:your|reader)\ (?:support|donations?|contributions?)\b
    | support\ (?:our|independent|quality)\ journalism | (?:our|independent|quality|professional)\ journalism
    | our\ newsroom
    | make\ a\ (?:tax-deductible\ )?(?:donation|contribution)\ (?:to\ us|today|now|here)
    | (?:please\ )?consider\ (?:joining|donating|subscribing|supporting)
    | tax-deductible | exclusive\ content | our\ (?:members|readers|subscribers|donors|website|site|app|partners)\b
    | all\ rights\ reserved | copyright\ (?:©|\d{4}|\(c\)) | may\ not\ be\ (?:published|reproduced|republished)
    | republish(?:ed)?\ (?:with|under)\
    | contributed\ (?:to\ (?:this|the)\ (?:report|story|article)|reporting|writing)
    | (?:additional|with)\ reporting\ (?:by|from)
    | (?:reporting|writing|editing)\ by\ [A-Z]
    | this\ (?:article|story|report|post)\ (?:was\ |has\ been\ )?(?:first\ |originally\ )?(?:appeared|published|written|updated|translated)
    | is\ an?\ (?:\w+\ ){0,3}(?:correspondent|reporter|columnist|writer|editor|contributor)\ (?:for|at|with|based)\b
    | (?:read|see)\ (?:also|more)\b | (?:read|watch|listen\ to)\ (?:our|the\ full)\b | more\ from\ (?:this|our)
    | you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested)
    | send\ (?:us\ )?(?:your\ )?(?:tips|feedback|comments)\b | have\ (?:a\ tip|you\ seen) | contact\ (?-i:us)
    | letters\ to\ the\ editor
    | we\ rely\ on | help\ (?-i:us)\ (?:keep|continue|deliver|bring) | for\ (?:just|only|as\ little\ as)\ [$£€₪]
    )
    | النشرة\ (?:البريدية|الإخبارية) | اشترك(?:وا)?\ (?:في|الآن|معنا) | جميع\ الحقوق\ محفوظة | تابعونا\ على
    | حمّ?ل(?:وا)?\ تطبيق
    | הירשמו | הצטרפו\ ל | לניוזלטר | כל\ הזכויות\ שמורות | עקבו\ אחרי | הורידו\ את\ האפליקציה | לרכישת\ מנוי"""
)
"""Words that a publisher says to its readers about itself."""

SOFT = re.compile(
    r"(?i)\b(?:member(?:ship)?s?|subscri\w+|gifts?|donat\w+|inbox|e-?mail|alerts?|offers?|discount\w*|free|journalism"
    r"|newsroom|readers?|stories|story|coverage|reporting|community|account|app|month|price|loved ones|exclusive|content"
    r"|podcasts?|video|support|sponsor\w*|advertis\w+|cookies|terms|browser|click|partners?|thank you)\b"
)
YOU = re.compile(r"(?i)\b(?:you|your|yours|you['’](?:re|ll|ve))\b")
WE = re.compile(r"\b(?:[Oo]ur|[Ww]e|us)\b")
LABEL = re.compile(
    r"""(?ix)^\W*(?:
    (?:read(?:\ more|\ also|\ next)? | also\ read | related | watch | listen | see\ also | recommended | more
    | credits?
    | photo(?:graph)?(?:\ credit)? | image(?:\ credit)? | sources? | illustration | file\ photo | editing | tags?
    | topics
    | filed\ under | keywords | published | updated | last\ (?:updated|modified) | posted | first\ published
    | editor['’]?s\ note | disclaimer | المصدر | تحرير | وسوم | كلمات\ مفتاحية | צילום | תגיות)\s*[:|]
    | (?:photo(?:graph)?s? | illustration | edited | written | reported | reporting | translated)\ by\b
    | (?:published | updated | last\ (?:updated|modified) | posted | first\ published)\ (?:on|at)?\b
    )"""
)
BYLINE = re.compile(r"^\W*(?:By|BY|Von|Par)\s+(?:[A-Z][\w.'’-]+|and|AND|,|&|\s)+(?:\s*[|,–—-]\s*.{0,60})?$")
CREDIT = re.compile(
    r"(?i)^\W*(?:[\w.'’ -]{0,60}/\s*)?(?:getty images|reuters|afp|ap|ap photo|epa|epa-efe|flash ?90|shutterstock|anadolu)"
    r"(?:\s*/\s*[\w.'’ -]{0,60}|\s+via\s+[\w ]{0,40})?\W*$"
)
COPYRIGHT = re.compile(r"^\s*[©ⓒ]")
_QUOTED = re.compile(r"[“\"«][^”\"»]{0,600}[”\"»]")
_FIRST = 2000
"""Only the beginning of a paragraph is looked at; a longer one is a report or a page without paragraphs."""


def notices(text: str, spans: Sequence[tuple[int, int, int]]) -> list[bool]:
    """For every sentence (start, end, paragraph) whether it is no report.

    Words decide first: what a publisher says to readers about itself. Then the place: a short line or a line that
    speaks to "you" between two such paragraphs, and a heading in front of one, belong to them.
    """
    told: list[bool] = []
    kinds: list[str] = []  # per paragraph: notice, doubtful, report
    counts: list[int] = []
    for _, group in groupby(spans, key=lambda each: each[2]):
        members = list(group)
        kinds.append(_kind(text[members[0][0] : min(members[-1][1], members[0][0] + _FIRST)]))
        counts.append(len(members))
        told += [_speaks_to_readers(text[start : min(end, start + _FIRST)]) for start, end, _ in members]
    _by_place(kinds)
    at = 0
    for kind, count in zip(kinds, counts, strict=True):
        if kind == "notice":
            told[at : at + count] = [True] * count
        at += count
    return told


def _kind(paragraph: str) -> str:
    line = paragraph.strip()
    if PLAIN.match(line) or COPYRIGHT.match(line) or BYLINE.match(line) or CREDIT.match(line):
        return "notice"
    if LABEL.match(line) and len(line) < 300:
        return "notice"
    bare = _QUOTED.sub(" ", line)
    strong = len(STRONG.findall(bare))
    soft = len(SOFT.findall(bare))
    you = bool(YOU.search(bare))
    we = bool(WE.search(bare))
    words = len(line.split())
    if strong >= 2 or (strong and (you or we or words <= 25)):
        return "notice"
    if you and soft >= 1 + (words > 40) and (we or soft >= 2 or words <= 30):
        return "notice"
    if you or (words <= 9 and line[-1:] not in '.!?”"…؟'):  # a heading, a signature, a button
        return "doubtful"
    return "report"


def _by_place(kinds: list[str]) -> None:
    """Doubtful paragraphs between notices, and a doubtful one directly before or after one, become notices."""
    at = 0
    while at < len(kinds):
        if kinds[at] != "doubtful":
            at += 1
            continue
        end = at
        while end < len(kinds) and kinds[end] == "doubtful":
            end += 1
        before = at > 0 and kinds[at - 1] == "notice"
        after = end < len(kinds) and kinds[end] == "notice"
        if before and (after or end == len(kinds)):
            kinds[at:end] = ["notice"] * (end - at)
        elif after and at > 0:
            kinds[end - 1] = "notice"
        at = end


def _speaks_to_readers(sentence: str) -> bool:
    """Whether one sentence of a report is a credit or an invitation."""
    bare = _QUOTED.sub(" ", sentence)
    strong = len(STRONG.findall(bare))
    if not strong:
        return False
    return strong >= 2 or len(bare.split()) <= 25 or bool(YOU.search(bare))
