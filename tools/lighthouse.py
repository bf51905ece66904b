"""What Lighthouse says of the main pages on a phone, in English and Arabic.

`make lighthouse` runs this; it needs Chromium, and npm, which fetches Lighthouse the first time. It fails where
performance has less than 95 of 100, or anything else less than 100, and names the audits that cost points.
"""

import json
import os
import subprocess
import sys
from typing import Any

from tools.site import chromium, running_site

LIGHTHOUSE = "lighthouse@13.5.0"
AGREEMENT = "agreements/gaza-2025/"
PAGES = ["", AGREEMENT, f"{AGREEMENT}timeline/", f"{AGREEMENT}changes/", "events/"]
LANGUAGES = ["", "ar/"]
ENOUGH = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
"""Points out of 100. Performance depends on the machine and on what else it does."""
FLAGS = "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"


def main() -> int:
    wanting = 0
    with running_site() as url:
        for path in [language + page for language in LANGUAGES for page in PAGES]:
            report = examine(url + path)
            points = {kind: round(100 * report["categories"][kind]["score"]) for kind in ENOUGH}
            print(f"/{path}", *(f"{kind} {number}" for kind, number in points.items()))
            short = [kind for kind, number in points.items() if number < ENOUGH[kind]]
            wanting += len(short)
            for kind in short:
                print(*costly(report, kind), sep="\n")
    return 1 if wanting else 0


def examine(url: str) -> Any:
    command = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    command += [f"--only-categories={','.join(ENOUGH)}"]
    environment = os.environ | {"CHROME_PATH": chromium(), "PUPPETEER_SKIP_DOWNLOAD": "1"}
    return json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)


def costly(report: Any, kind: str) -> list[str]:
    """The audits that cost points, one in a line."""
    audits = [report["audits"][one["id"]] for one in report["categories"][kind]["auditRefs"] if one["weight"]]
    return [
        f"    {one['id']}: {one['title']} {one.get('displayValue', '')}"
        for one in audits
        if one["score"] is not None and one["score"] < 1
    ]


if __name__ == "__main__":
    sys.exit(main())
