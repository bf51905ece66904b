"""What in a pasted page is no report: newsletters, gifts, memberships, credits, links to other pages."""

# ruff: noqa: RUF001 - letters and marks of other scripts are what this is about

import re
from collections.abc import Sequence
from itertools import groupby

PLAIN = re.compile(
    r"""(?ix)^\W*(?:
    read\ more | learn\ more | see\ more | load\ more | show\ more | more\ on\ this(?:\ story|\ topic)?
    | advertisements?
    | advertising | ad | sponsored(?:\ content)? | promoted | share | save | quick\ guide
    | (?:skip|after).*newsletter\ promotion | share\ this(?:\ article|\ story)? | print
    | e-?mail
    | e-?paper | comments? | \d+\ comments? | follow\ us.* | subscribe(?:\ now|\ today)?
    | (?:free\ )?sign\ (?:in|up)(?:\ now|\ free)?
    | log\ ?in | join\ (?:us|now|our\ community) | donate(?:\ now)? | give\ a\ gift | support\ us
    | skip\ (?:to|advert).*
    | most\ (?:read|popular) | related(?:\ (?:articles|stories|topics|content|links))? | recommended(?:\ for\ you)?
    | also\ on.* | trending(?:\ now)? | back\ to\ top | next\ article | previous\ article | editors?['’]?s?\ picks?
    | listen\ to\ this\ article.* | \d+\ min(?:ute)?s?\ (?:read|listen) | list\ \d+\ of\ \d+.* | end\ of\ list
    | table\ of\ contents | menu | search | copy\ link | facebook | twitter | whatsapp | telegram | x\ \(twitter\)
    | -\s?30\s?- | file\ photo | more\ to\ follow | this\ is\ a\ developing\ story.*
    | اقرأ\ (?:أيضا|أيضاً|المزيد).* | المزيد | شارك.* | تابعونا.* | إعلان | مواضيع\ ذات\ صلة
    | קראו\ (?:עוד|גם).* | כתבות\ נוספות | פרסומת | שתפו.* | תגובות
    )\W*$"""
)
"""A whole line that leads elsewhere."""

STRONG = re.compile(
    r"""(?ix)(?:\b(?:
    (?:our|the|daily|weekly|free|email|morning|this)\ newsletters? | newsletters?\ (?:sign|here|and\ never)
    | sign(?:ing)?\ up\ (?:here|now|today|for\ (?:our|free|the\ \w+\ (?:newsletter|edition|briefing)|updates|alerts)
        |to\ (?:our|receive|get|read))
    | by\ (?:signing\ up|clicking|continuing\ to) | (?-i:Sign\ up)\b | unsubscribe
    | (?-i:Subscribe)\b | subscribe\ (?:now|today|here|online|to\ (?:our|receive|get|read))
    | (?:your|our|a\ \w+|a)\ subscription\b | subscribers?\ only | subscriber-only
    | (?:daily|weekly|morning)\ (?:edition|briefing)\ (?:by|to|in)\b | never\ miss | our\ (?:top|best|latest)\ stories
    | you\ agree\ to\ (?:the|our) | terms\ of\ (?:use|service) | privacy\ (?:policy|notice) | mailing\ list
    | (?:we|site|website)\ uses?\ cookies | (?:accept|manage)\ (?:all\ )?cookies
    | cookie\ (?:policy|settings|preferences)
    | click\ (?:here|to|below)\b | tap\ here | (?-i:[Ff]ollow|[Jj]oin|[Ll]ike)\ (?-i:us)\ on
    | our\ (?:whatsapp|telegram)\ channel | download\ (?:our|the\ (?:free\ )?(?:app|spreadsheet|pdf|data|full\ report))
    | push\ notifications? | breaking\ news\ alerts? | already\ a\ (?:member|subscriber)\s*\? | sign\ in\ to
    | log\ in\ to
    | create\ (?:an|your|a\ free)\ account | register\ (?:now|here|for\ free) | ad-free | (?:your|day)\ free\ trial
    | gift\ (?:membership|subscription|card|guide|aid) | give\ (?:a|the)\ gift\b | membership\ benefits
    | \w+\ community\ member(?:ship|s)\b | tote\ bag | \d+\ ?%\ off\b | [$£€₪]\d+\ off\b
    | (?-i:Renew)\ (?:before|now|your|today)
    | (?-i:Become)\ an?\ (?:\w+\ )?(?:member|subscriber|supporter|patron) | members\ (?:get|can|save)\b | join\ now
    | join\ our\ (?:\w+\ ){0,2}(?:community|newsletter|channel|group|readers?)\b
    | (?-i:Join)\ the\ (?:conversation|discussion)
    | reader\ support | support(?:er)?s?\ group\b(?=.*\bjoin|.*\byou)
    | (?:your|reader|readers['’])\ (?:donations?|contributions?|support)\b
    | support\ (?:\w+\ )?journalism | (?:our|independent|quality|professional|fearless)\ journalism | our\ newsroom
    | make\ a\ (?:tax-deductible\ )?(?:donation|contribution)\ (?:to\ us|today|now|here)
    | consider\ (?:joining\ our|donating|subscribing|supporting\ (?:us|our)) | tax-deductible | exclusive\ content
    | our\ (?:readers|subscribers|donors|website|site|shop|appeal|standards|advertisers)\b | is\ a\ registered\ charity
    | all\ rights\ reserved | copyright\ (?:©|\d{4}|\(c\)) | may\ (?:not\ )?be\ (?:republished|reproduced|reused)\b
    | contributed\ (?:to\ (?:this|the)\ (?:report|story|article)|reporting|writing)
    | (?:additional|with)\ reporting\ (?:by|from)
    | (?-i:Reporting|Writing|Editing|Translated|Edited|Photography)\ by\b | ;\ editing\ by
    | this\ (?:article|story|post|interview|piece)\ (?:was|has\ been|is)\ (?:first\ |originally\ )?
        (?:appeared|published|written|updated|translated|supported|funded|produced|edited)
    | (?:views|opinions)\ expressed | about\ the\ authors?\b
    | get\ in\ touch\ with | contact\ number | reach\ (?:her|him|them)\ at | comment\ below
    | we\ have\ an?\ (?:request|ask)\b | important\ to\ you\s*\?
    | send\ a\ letter
    | for\ more\ information,?\ (?:please\ )?(?:contact|visit|see|call|write) | not\ for\ onward
    | boundaries\ and\ names\ shown
    | is\ an?\ (?:[\w-]+\ ){0,3}(?:correspondent|reporter|columnist|staff\ writer|contributor)
        \ (?:for|at|with|based|covering)\b
    | (?:read|see)\ (?:also|more)\b | (?:read|watch|listen\ to)\ (?:our|the\ full)\b | more\ from\ (?:this|our)
    | you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested)
    | send\ (?:us\ )?your\ (?:tips|feedback|comments)\b | have\ a\ (?:tip|story)\? | contact\ (?-i:us)\b
    | letters\ to\ the\ editor
    | we\ rely\ on\ (?:our|your|reader) | help\ (?-i:us)\ (?:keep|continue|deliver|bring)
    | for\ (?:just|only|as\ little\ as)\ [$£€₪][\d.]+\ (?:a|per)\ (?:week|month|year) | prints\ of\ (?:this|these|our)
    | (?-i:Buy|Order|Get)\ (?:the\ weekend|our|your\ copy|the\ print|the\ app)\b
    )
    | النشرة\ (?:البريدية|الإخبارية) | اشترك(?:وا)?\ (?:في|الآن|معنا) | جميع\ الحقوق\ محفوظة | تابعونا\ على
    | حمّ?ل(?:وا)?\ تطبيق
    | הירשמו | הצטרפו\ ל | להצטרפות\ ל | לניוזלטר | כל\ הזכויות\ שמורות | עקבו\ אחרי | הורידו\ את\ האפליקציה
    | לרכישת\ מנוי | לחצו\ כאן | הכתבה\ נכתבה\ בסיוע)"""
)
"""Words that a publisher says to its readers about itself."""

HARD = re.compile(
    r"(?i)\b(?:memberships?|subscri\w+|gifts?|donat(?:e|ing)|inbox|newsletters?|discount\w*|journalism|newsroom"
    r"|readers?"
    r"|ad-free|app|account|cookies|browser|podcasts?|sponsor\w*|advertis\w+|thank you for|loved ones)\b"
)
SOFT = re.compile(
    r"(?i)\b(?:members?|e-?mail|alerts?|offers?|free|stories|story|coverage|reporting|community|month|price|exclusive"
    r"|content|video|support|click|partners?|thank you)\b"
)
YOU = re.compile(r"(?i)\b(?:you|your|yours|you['’](?:re|ll|ve))\b")
WE = re.compile(r"\b(?:[Oo]ur|[Ww]e|us)\b")
LABEL = re.compile(
    r"""(?ix)^\W*(?:
    (?:read(?:\ more|\ also|\ next)? | also\ read | related | watch | listen | see\ also | recommended | more
    | credits?
    | photo(?:graph|graphy)?(?:\ credit)? | image(?:\ credit)? | sources? | illustration | file\ photo
    | editing | tags?
    | topics | filed\ under | keywords | published | updated | last\ (?:updated|modified) | posted | first\ published
    | editor['’]?s\ note | disclaimer | our\ standards | distribution | interview | text | byline | author
    | about\ the\ authors?
    | المصدر | تحرير | وسوم | كلمات\ مفتاحية | بقلم | כתב | מאת | צילום | תגיות)\s*[:|]
    | (?:photo(?:graph)?s? | photography | illustration | edited | written | reported | reporting | translated)\ by\b
    | (?:published | updated | last\ (?:updated|modified) | posted | first\ published)\ (?:on|at)?\b
    )"""
)
BYLINE = re.compile(
    r"^\W*(?:By|BY|Von|Par) [A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*,?|and|AND|of|the|in|for|&))*(?:\s*[|,–—-]\s*.{0,60})?$"
)
SIGNED = re.compile(
    r"^[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}(?:, [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)?| \| [A-Z][\w'’ -]+)$"
)
"""A name with a place or an outlet: a byline without "by"."""
AUTHOR = re.compile(
    r"^(?:[A-Z][\w.'’-]+ ){2,4}(?:is|are|covers|reports|writes|teaches|directs|edits)\b(?:.{0,80})\b"
    r"(?:fellow|professor|lecturer|author of|journalist|analyst|columnist|editor|writer|researcher|freelance"
    r"|novelist|historian"
    r"|former \w+ and|board|schools|teaches|correspondent)\b"
)
CREDIT = re.compile(
    r"(?i)^\W*(?:[\w.'’ -]{0,60}/\s*)?(?:getty images|reuters|afp|ap|ap photo|epa|epa-efe|flash ?90|shutterstock"
    r"|anadolu|stringer|handout|courtesy|screenshot|pool)(?:\s*/\s*[\w.'’ -]{0,60}|\s+via\s+[\w ]{0,40})?\W*$"
)
IN_BRACKETS = re.compile(r"^[(\[]([^()\[\]]{2,90})[)\]]\.?$")
_CREDITED = re.compile(
    r"(?i)/|\bvia\b|\b(?:photo|courtesy|handout|stringer|pool|screenshot|file|images|spokesperson|unit)\b"
)
COPYRIGHT = re.compile(r"^\s*[©ⓒ]")
IMPRINT = re.compile(
    r"""(?ix)(?:^\W*(?:
    printed\ (?:at|by|in|on)\b | published\ by\b | compiled\ by\b | produced\ by\b
    | (?:words|pictures|text|graphics?)\s*:\s
    | not\ for\ sale | ends\W*$ | who\ (?:are\ we|we\ are)\b | about\ us\b
    | more\ (?:from|in|on)\ (?:[\w'’-]+\ ){0,3}[\w'’-]+\s*:
    | (?:up\ next|coming\ up|in\ other\ news|don['’]?t\ miss)\s*:
    | for\ (?:interview|media|press)\ (?:requests|enquiries|inquiries|queries)
    | (?:media|press)\ (?:contact|office|enquiries)\b
    | notes?\ (?:to|for)\ editors
    | with\ (?:(?:reports|files|inputs)\ (?:from|by)\b.*|agenc(?:y|ies)\W*$|[A-Z]{2,5}\W*$)
    | (?:letters|comments)\ may\ be\ edited | support\ for\ [\w\ ]+\ comes\ from\ (?:our|listeners|readers|members)
    )
    | \b(?:uncorrected|unedited|rush)\ (?:record|transcript) | suggest\ corrections | let\ (?-i:us)\ know
    | (?:spotted|found|seen|noticed)\ (?:a\ mistake|an\ error) | corrections?\ (?:policy|page|desk)
    | privileged\ information | before\ printing | you\ (?:receive|received|are\ receiving)\ this\b
    | (?:unlimited|premium)\ access\ (?:with|for|to\ our) | cancel\ (?:at\ )?any\ ?time
    | (?:first|next)\ \w+\ (?:weeks|months)\ for\ \S*\d
    | become\ an?\ subscriber\b | subscribers\ (?:make|get|can|pay|only|have)\b
    | donate\ (?:at|to|by|via|through|online|here)\b | funded\ by\ voluntary\ contributions
    | articles?\ (?:left|remaining)\ this
    | read\ (?:five|\w+|\d+)\ (?:free\ )?articles | \w+\ premium\ stories | on\ (?:apple\ podcasts|spotify)
    | wherever\ you\ (?:get|find|listen) | (?:listen|subscribe)\ (?:on|via)\b | the\ app\ store | google\ play
    | (?:we|the\ site)\ (?:and\ our\ partners|may\ earn) | (?:you|your)\ consent\b | manage\ (?:consent|preferences)
    | not\ necessarily\ (?:reflect|those|represent) | do\ not\ (?:necessarily\ )?reflect\ the
    | (?:is|hour|episode|section)\ sponsored\ by\b
    | (?:views|opinions)\ (?:here|in\ this\ (?:column|article))
    | (?:leave|quit)\ (?:it|this\ list),?\ (?:send|write|click)
    )
    | لا\ (?:تعبر|تعكس|يعبر|تمثل)\ بالضرورة | ^\W*للاشتراك\ في\ (?:النسخة|النشرة|الخدمة|القناة|الجريدة)
    | اتصل(?:وا)?\ بنا | تواصل(?:وا)?\ معنا | حقوق\ النشر
    | تبرع(?:وا)?\ (?:الآن|لنا)
    | تابعونا | حمل(?:وا)?\ التطبيق | ملفات\ تعريف\ الارتباط | النسخة\ الورقية
    | להורדת | היישומון | לתגובות\s*: | הטור\ מתפרסם | להרשמה | למנויים | לרכישה | תרמו\ (?:עכשיו|לנו|כאן)
    | מדיניות\ (?:הפרטיות|התיקונים)
    | זכויות\ יוצרים | טעינו\? | מצאתם\ טעות | עקבו\ אחרינו | הורידו\ את"""
)
"""What stands below or above a report and is none, in words that a report may use: only short lines count."""
_BESIDE = re.compile(
    r"(?i)\b(?:said|says|told|announced|killed|wounded|reported|according to|agreed|released|accused|warned)\b"
)
_JOB = re.compile(
    r"^(?:(?:EXCLUSIVE|Exclusive): )?[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,2}, (?:[\w'’-]+ ){0,4}"
    r"(?:editor|correspondent|reporter|writer|columnist|commentator|staff)\W*$"
)
"""A name with a desk: a byline without "by"."""
_IN_PLACE = re.compile(
    r"^[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,2} (?:in|at|reports from) [A-Z][\w'’-]+(?: (?:and )?[A-Z][\w'’-]+){0,3}$"
)
"""A name in a place, without a verb."""
_NAME_ALONE = re.compile(r"^[\u0590-\u05ff\u0621-\u064a]{2,}(?: [\u0590-\u05ff\u0621-\u064a\"'׳״-]{2,}){1,2}$")
_QUOTED = re.compile(r"[“\"«][^”\"»]{0,600}[”\"»]")
_LINKS = re.compile(
    r"(?i)^\W*(?:related|more on this|most (?:read|popular)|recommended|read (?:more|next)|trending"
    r"|editors?['’]?s? picks|also on)"
)
_MOST_LINKS = 10
_FIRST = 2000
"""Only the beginning of a paragraph is looked at; a longer one is a report or a page without paragraphs."""
_HEAD = 5
"""A byline stands among so many first paragraphs."""
_RUN = 3
"""So many paragraphs in a row may be notices only by their place."""


def notices(text: str, spans: Sequence[tuple[int, int, int]]) -> list[bool]:
    """For every sentence (start, end, paragraph) whether it is no report.

    Words decide first: what a publisher says to readers about itself. Then the place: a short line or a line that
    speaks to "you" between two such paragraphs, and a heading in front of one, belong to them.
    """
    told: list[bool] = []
    kinds: list[str] = []  # per paragraph: notice, heading, doubtful, report
    counts: list[int] = []
    lines: list[str] = []
    for number, (_, group) in enumerate(groupby(spans, key=lambda each: each[2])):
        members = list(group)
        kinds.append(_kind(text[members[0][0] : min(members[-1][1], members[0][0] + _FIRST)], number))
        counts.append(len(members))
        lines.append(text[members[0][0] : min(members[-1][1], members[0][0] + 200)])
        told += [_speaks_to_readers(text[start : min(end, start + _FIRST)]) for start, end, _ in members]
    _by_place(kinds)
    _links(kinds, lines)
    at = 0
    for kind, count in zip(kinds, counts, strict=True):
        if kind == "notice":
            told[at : at + count] = [True] * count
        at += count
    return told


def _kind(paragraph: str, number: int) -> str:
    line = paragraph.strip()
    if PLAIN.match(line) or COPYRIGHT.match(line) or CREDIT.match(line) or _is_menu(line):
        return "notice"
    if len(line) < 300 and (LABEL.match(line) or BYLINE.match(line)):
        return "notice"
    if len(line) < 200 and AUTHOR.match(line):
        return "notice"
    if 0 < number < _HEAD and any(each.match(line) for each in (SIGNED, _JOB, _IN_PLACE)):
        return "notice"
    if number == 1 and _NAME_ALONE.match(line):
        return "notice"
    if len(line.split()) <= 45 and IMPRINT.search(_QUOTED.sub(" ", line)) and not _BESIDE.search(line):
        return "notice"
    bare = _QUOTED.sub(" ", line)
    strong = len(STRONG.findall(bare))
    you = bool(YOU.search(bare))
    we = bool(WE.search(bare))
    words = len(line.split())
    if strong >= 2 or (strong and (you or words <= 25)):
        return "notice"
    if you and words <= 90:
        hard = len(HARD.findall(bare))
        if hard or (we and len(SOFT.findall(bare)) >= 2):
            return "notice"
    if words <= 9 and line[-1:] not in '.!?”"…؟:':  # a heading, a signature, a button
        return "heading"
    return "doubtful" if you and words <= 60 else "report"


def _is_menu(line: str) -> bool:
    """Whether the line is a row of links."""
    if len(line) > 200 or line[-1:] in ".!?":
        return False
    parts = [part.strip() for part in re.split(r"[|•·›»]", line) if part.strip()]
    return len(parts) >= 2 and all(len(part.split()) <= 4 for part in parts) and any(map(PLAIN.match, parts))


def _by_place(kinds: list[str]) -> None:
    """A few doubtful paragraphs between notices, and a heading directly before one, become notices."""
    at = 0
    while at < len(kinds):
        if kinds[at] not in ("doubtful", "heading"):
            at += 1
            continue
        end = at
        while end < len(kinds) and kinds[end] in ("doubtful", "heading"):
            end += 1
        before = at > 0 and kinds[at - 1] == "notice"
        after = end < len(kinds) and kinds[end] == "notice"
        if before and (after or end == len(kinds)) and end - at <= _RUN:
            kinds[at:end] = ["notice"] * (end - at)
        elif after and at > 0 and kinds[end - 1] == "heading" and kinds[end : end + 2] == ["notice"] * 2:
            kinds[end - 1] = "notice"
        at = end


def _links(kinds: list[str], lines: Sequence[str]) -> None:
    """Short lines after "Related" or "More on this story" are links."""
    for at, line in enumerate(lines):
        if kinds[at] != "notice" or not _LINKS.match(line):
            continue
        following = at + 1
        while following < len(lines) and following - at <= _MOST_LINKS:
            if len(lines[following].split()) > 14 or lines[following].rstrip()[-1:] in '.”"':
                break
            kinds[following] = "notice"
            following += 1


def _speaks_to_readers(sentence: str) -> bool:
    """Whether one sentence of a report is a credit or an invitation."""
    if (inside := IN_BRACKETS.match(sentence)) is not None:
        words = inside[1].split()
        if len(words) <= 10 and (_CREDITED.search(inside[1]) or all(word[:1].isupper() for word in words)):
            return True
    bare = _QUOTED.sub(" ", sentence)
    strong = len(STRONG.findall(bare))
    if not strong:
        return False
    return strong >= 2 or len(bare.split()) <= 25 or bool(YOU.search(bare))
