"""Pictures of the main pages: wide and narrow, light and dark, in English and Arabic.

`make shots` runs this on a throwaway database with the Gaza case, and needs Chromium. All pictures go to
.data/screens/, and those that the documentation shows to docs/ as well.
"""

import contextlib
import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from tracker.database.embedded import PROJECT, hold_throwaway

CASE = PROJECT / "tracker" / "exchange" / "demo" / "gaza-2025.yaml"
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


def main() -> None:
    screens = PROJECT / ".data" / "screens"
    shutil.rmtree(screens, ignore_errors=True)
    screens.mkdir(parents=True)
    with site() as url:
        for name, shot in pictures(url, screens):
            if name in SHOWN:
                shutil.copy(shot, PROJECT / "docs" / SHOWN[name])
    print(f"The pictures are in {screens}.")


@contextlib.contextmanager
def site() -> Iterator[str]:
    """The site with the case, while the block runs; yields its address, with a slash at the end."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | {"DATABASE_URL": hold_throwaway(), "TRACKER_DEBUG": "1"}
    for command in (["migrate", "--verbosity", "0"], ["load_case", str(CASE)]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=PROJECT, env=environment, check=True)
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}healthz"):
                break
            time.sleep(0.3)
        yield url
    finally:
        server.terminate()
        server.wait()


def pictures(url: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """Takes every picture; yields its name and its file."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for (language, prefix), (kind, path) in itertools.product(LANGUAGES.items(), PAGES.items()):
            page.goto(url + prefix + path)
            for (size, width), scheme in itertools.product(WIDTHS.items(), SCHEMES):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                page.evaluate("document.fonts.ready.then(() => 0)")
                name = f"{kind}-{language}-{size}-{scheme}"
                shot = folder / f"{name}.png"
                page.screenshot(path=shot)
                yield name, shot
        browser.close()


if __name__ == "__main__":
    main()
