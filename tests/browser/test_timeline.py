"""What only a browser shows of the timeline: the keyboard on its marks, the fold that one opens, a file's style."""

from .conftest import Visit

TIMELINE = "/agreements/gaza-2025/timeline/?as_of=2026-05-01"


def test_marks_are_reached_and_seen_with_the_keyboard_and_lead_to_events(visit: Visit) -> None:
    visitor = visit(java_script_enabled=False, width=390)
    visitor.go(TIMELINE)
    page = visitor.page
    mark = page.locator("a.event[href*='/events/']").first
    frame = mark.locator(".event-hit")
    plain = frame.evaluate("it => getComputedStyle(it).stroke")
    page.locator(".lane a").first.focus()
    while not mark.evaluate("it => it === document.activeElement"):
        page.keyboard.press("Tab")
    assert frame.evaluate("it => getComputedStyle(it).stroke") != plain == "none"
    box = mark.bounding_box()
    assert box is not None
    assert box["x"] >= 0, "the mark was not brought into sight"
    assert box["x"] + box["width"] <= 390, "the mark was not brought into sight"
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/*/?as_of=2026-05-01")


def test_a_mark_of_several_events_opens_their_list(visit: Visit) -> None:
    visitor = visit()
    visitor.go(TIMELINE)
    several = visitor.page.locator("a.event[href^='#events-']").first
    target = visitor.page.locator(several.get_attribute("href") or "")
    assert not target.is_visible()
    several.press("Enter")
    target.wait_for(state="visible")
    visitor.check()


def test_the_file_shows_its_own_style_under_the_policy(visit: Visit) -> None:
    visitor = visit()
    assert visitor.go("/agreements/gaza-2025/timeline.svg?as_of=2026-05-01") == 200
    title = visitor.page.locator("text.chart-title")
    assert title.evaluate("it => getComputedStyle(it).fontSize") == "24px"
    bar = visitor.page.locator("rect.st-stalled").first
    assert bar.evaluate("it => getComputedStyle(it).color") == "rgb(183, 121, 31)"
    visitor.check()
