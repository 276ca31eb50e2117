"""Pictures of a page, to be looked at: `python -m tests.browser.shots URL NAME [--user U --password P] [--out DIR]`.

Writes NAME-1280.png and NAME-360.png (and -gelap with --dark) and prints what the browser complained of: refused by
the content security policy, failed to load, wider than the screen. Needs Debian's chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDTHS = (1280, 360)
INSTALL = "chromium is missing; install it with: apt-get install -y chromium"


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's chromium, headless."""
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit(INSTALL)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield running
        finally:
            running.close()


def sign_in(page: Page, url: str, user: str, password: str) -> None:
    """Fill the login page that `url` leads to. Fields are found by their names, `login` and `password`."""
    page.goto(url)
    if page.locator("input[name=password]").count() == 0:
        return
    page.fill("input[name=login], input[name=username]", user)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def take(page: Page, url: str, target: Path, *, whole: bool = True) -> list[str]:
    """One picture; returns the complaints of the browser about that page."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if too_wide > 0:
        complaints.append(f"{too_wide} px wider than the screen")
    page.screenshot(path=target, full_page=whole)
    return complaints


def _context(running: Browser, width: int, dark: bool) -> BrowserContext:
    size = {"width": width, "height": 900 if width > 500 else 740}
    return running.new_context(viewport=size, color_scheme="dark" if dark else "light", locale="id-ID")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("name")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--fold", action="store_true", help="only what is seen without scrolling")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "harapan-shots")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    found = 0
    with browser() as running:
        for width in WIDTHS:
            context = _context(running, width, asked.dark)
            page = context.new_page()
            if asked.user:
                sign_in(page, asked.url, asked.user, asked.password)
            target = asked.out / f"{asked.name}-{width}{'-gelap' if asked.dark else ''}.png"
            complaints = take(page, asked.url, target, whole=not asked.fold)
            found += len(complaints)
            sys.stdout.write("\n".join([str(target), *(f"  {line}" for line in complaints)]) + "\n")
            context.close()
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
