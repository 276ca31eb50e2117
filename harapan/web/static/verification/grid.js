// The grid of a school: what differs is tinted while typing, and each row says its lowest month before it is saved.
// The server computes the same again; this only spares a round trip. Arrow keys move between rows.

const number = (input) => Number.parseInt(/** @type {HTMLInputElement} */ (input).value, 10) || 0;

/** The lowest share of days present over the months whose effective days and whose marks are known, in percent. */
function lowest(row, days) {
  const away = new Map();
  for (const input of row.querySelectorAll("input[data-month]")) {
    const month = input.getAttribute("data-month");
    away.set(month, (away.get(month) ?? 0) + number(input));
  }
  for (const box of row.querySelectorAll("input[data-blank]:checked")) away.delete(box.getAttribute("data-blank"));
  const shares = [...away].filter(([month]) => days.get(month) > 0)
    .map(([month, gone]) => Math.max(0, 100 * (days.get(month) - gone) / days.get(month)));
  return shares.length ? Math.min(...shares) : null;
}

for (const form of document.querySelectorAll("form[data-grid]")) {
  const line = Number(form.getAttribute("data-line"));
  const daysOf = () => new Map([...form.querySelectorAll("input[data-days]")]
    .map((input) => [input.getAttribute("data-days"), number(input)]));

  form.addEventListener("input", (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.matches(".cell")) input.classList.toggle("has", number(input) > 0);
    if (input.matches("[data-blank]")) input.closest(".cell")?.classList.toggle("has", input.checked);
    const days = daysOf();
    const changed = input.closest("[data-row]");
    for (const row of changed ? [changed] : form.querySelectorAll("[data-row]")) {
      const place = row.querySelector("[data-lowest]");
      const share = lowest(row, days);
      if (!place) continue;
      const words = share === null ? place.getAttribute("data-lowest") : `${share.toLocaleString("id-ID", { maximumFractionDigits: 1, minimumFractionDigits: 1 })}%`;
      const tag = document.createElement("span");
      tag.className = share !== null && share < line ? "tag bad" : "tag";
      tag.textContent = words;
      place.replaceChildren(tag);
    }
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const input = /** @type {HTMLElement} */ (event.target);
    if (!input.matches("input.cell")) return;
    const row = input.closest("tr");
    const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
    const place = [...(row?.querySelectorAll("input.cell") ?? [])].indexOf(/** @type {HTMLInputElement} */ (input));
    const target = next?.querySelectorAll("input.cell")[place];
    if (target instanceof HTMLInputElement) {
      target.focus();
      target.select();
      event.preventDefault();
    }
  });
}
