"""Pictures of pages, to be looked at: `python -m tests.browser.shots URL NAME [URL NAME ...] [--user U --password P]`.

Who signs in with a second factor adds `--code`, the six digits of this moment (`harapan demo code U`).
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
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize, sync_playwright

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


def sign_in(page: Page, url: str, user: str, password: str, code: str = "") -> None:
    """Fill the login page that `url` leads to, and the second step where it is asked. Raises SystemExit if refused."""
    page.goto(url)
    if page.locator("input[name=password]").count() == 0:
        return
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    if code and page.locator("input[name=code]").count():
        page.fill("input[name=code]", code)
        page.press("input[name=code]", "Enter")
        page.wait_for_load_state("networkidle")
    if page.locator("input[name=password], input[name=code]").count():
        raise SystemExit(f"{user} was not let in: {page.locator('main').inner_text()}")


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


def _context(running: Browser, width: int, dark: bool, state: StorageState | None = None) -> BrowserContext:
    size = ViewportSize(width=width, height=900 if width > 500 else 740)
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    return running.new_context(viewport=size, color_scheme=scheme, locale="id-ID", storage_state=state)


def _signed_in(running: Browser, url: str, user: str, password: str, code: str) -> StorageState:
    """One sign-in for all pictures: a code is good for one use."""
    context = _context(running, WIDTHS[0], dark=False)
    sign_in(context.new_page(), url, user, password, code)
    state = context.storage_state()
    context.close()
    return state


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+", metavar="URL NAME")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    parser.add_argument("--code", default="")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--fold", action="store_true", help="only what is seen without scrolling")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "harapan-shots")
    asked = parser.parse_args()
    if len(asked.pages) % 2:
        parser.error("each URL needs a NAME")
    pages = list(zip(asked.pages[::2], asked.pages[1::2], strict=True))
    asked.out.mkdir(parents=True, exist_ok=True)
    found = 0
    with browser() as running:
        state = _signed_in(running, pages[0][0], asked.user, asked.password, asked.code) if asked.user else None
        for width in WIDTHS:
            context = _context(running, width, asked.dark, state)
            for url, name in pages:
                target = asked.out / f"{name}-{width}{'-gelap' if asked.dark else ''}.png"
                page = context.new_page()
                complaints = take(page, url, target, whole=not asked.fold)
                page.close()
                found += len(complaints)
                sys.stdout.write("\n".join([str(target), *(f"  {line}" for line in complaints)]) + "\n")
            context.close()
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
