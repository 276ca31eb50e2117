// Light, dark or as the device. Kept in a cookie, so that the server paints the right one at once.

const THEMES = { terang: "light", gelap: "dark" };
const chosen = () => document.cookie.match(/(?:^|; )tema=(\w+)/)?.[1] ?? "";

function mark() {
  for (const button of document.querySelectorAll("[data-theme-to]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-theme-to") === chosen()));
  }
}

document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-theme-to]");
  if (!button) return;
  const name = button.getAttribute("data-theme-to") ?? "";
  document.cookie = `tema=${name}; path=/; max-age=${name ? 31536000 : 0}; samesite=lax`;
  if (name) document.documentElement.dataset.theme = THEMES[name];
  else delete document.documentElement.dataset.theme;
  mark();
});

for (const part of document.querySelectorAll("[data-theme-switch]")) part.hidden = false;
mark();
