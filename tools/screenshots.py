"""Pictures of the main pages: wide and narrow, light and dark, in English and Arabic.

`make shots` runs this on a throwaway database with the Gaza case, and needs Chromium. All pictures go to
.data/screens/; docs/pages/ gets one sheet for each page with all its looks, and docs/ what the README shows.
"""

import itertools
import shutil
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from tools.site import chromium, running_site
from tracker.database.embedded import PROJECT

DAY = "2025-12-18"
AGREEMENT = "agreements/gaza-2025/"
PAGES = {
    "home": f"?as_of={DAY}",
    "standing": f"{AGREEMENT}?as_of={DAY}",
    "timeline": f"{AGREEMENT}timeline/",
    "changes": f"{AGREEMENT}changes/",
    "disputes": f"{AGREEMENT}disputes/?as_of={DAY}",
    "parties": f"{AGREEMENT}parties/",
    "waiting": f"{AGREEMENT}waiting/?as_of={DAY}",
    "brief": f"{AGREEMENT}brief/?as_of={DAY}",
    "obligation": f"{AGREEMENT}obligations/disarm/?as_of={DAY}",
    "events": "events/",
    "map": "events/?view=map",
}
LANGUAGES = {"en": "", "ar": "ar/"}
WIDTHS = {"wide": 1280, "narrow": 390}
SCHEMES = ("light", "dark")
SHOWN = {
    "standing-en-wide-light": "standing.png",
    "timeline-en-wide-light": "timeline.png",
    "standing-ar-narrow-dark": "standing-arabic.png",
}
"""The pictures that the documentation shows, by the name of their file there."""


SHEET = """<!doctype html><meta charset="utf-8"><title>All looks</title><style>
body { margin: 0; padding: 16px; width: max-content; display: grid; grid-template-columns: auto auto; gap: 16px; }
html { background: #c9c6be; }
div { display: flex; gap: 8px; height: 264px; } img { height: 100%; }
</style>"""


def main() -> None:
    screens, sheets = PROJECT / ".data" / "screens", PROJECT / "docs" / "pages"
    for folder in (screens, sheets):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with running_site() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(device_scale_factor=1.5)
        for language, prefix in LANGUAGES.items():
            page.goto(url + prefix)  # so that the fonts are there for the first picture
            for kind, path in PAGES.items():
                page.goto(url + prefix + path)
                take(page, screens, f"{kind}-{language}")
        for kind in PAGES:
            sheet = bind(page, screens, kind)
            sheet.screenshot(path=sheets / f"{kind}.jpg", type="jpeg", quality=80)
        browser.close()
    for name, shown in SHOWN.items():
        shutil.copy(screens / f"{name}.png", PROJECT / "docs" / shown)
    print(f"The pictures are in {screens}, the sheets in {sheets}.")


def take(page: Page, folder: Path, name: str) -> None:
    """The page at hand in each width and scheme."""
    for (size, width), scheme in itertools.product(WIDTHS.items(), SCHEMES):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.evaluate("document.fonts.ready.then(() => 0)")
        page.screenshot(path=folder / f"{name}-{size}-{scheme}.png")


def bind(page: Page, folder: Path, kind: str) -> Locator:
    """Puts all looks of a page beside one another: a language in each row, a scheme in each column."""
    cells = [
        "".join(f'<img src="{kind}-{language}-{size}-{scheme}.png" alt="">' for size in WIDTHS)
        for language, scheme in itertools.product(LANGUAGES, SCHEMES)
    ]
    sheet = folder / f"{kind}.html"
    sheet.write_text(SHEET + "".join(f"<div>{cell}</div>" for cell in cells))
    page.set_viewport_size({"width": 1120, "height": 600})
    page.goto(sheet.as_uri())
    return page.locator("body")


if __name__ == "__main__":
    main()
