// The attendance sheet on a phone: the tally follows each tap, and "Belum 19" shows only families without a mark.
// Without this script the same chip asks the server, and nothing is lost.

for (const form of document.querySelectorAll("form[data-sheet]")) {
  const chip = document.querySelector("[data-open-only]");
  const rows = [...form.querySelectorAll("[data-family]")];
  const chosen = (row) => row.querySelector("input[type=radio]:checked")?.value ?? "";
  const away = Number(form.getAttribute("data-elsewhere") ?? 0);

  const tell = () => {
    const marks = rows.map(chosen);
    for (const place of document.querySelectorAll("[data-tally]")) {
      const wanted = place.getAttribute("data-tally");
      place.textContent = String(marks.filter((mark) => mark === wanted).length + (wanted === "" ? 0 : away));
    }
    if (chip?.getAttribute("aria-pressed") === "true") for (const row of rows) row.hidden = chosen(row) !== "" && !row.hasAttribute("data-just");
  };

  // A slip of the thumb: tapping the chosen mark again takes it back, also one saved before.
  const before = new Map(rows.map((row) => [row, chosen(row)]));
  form.addEventListener("click", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "radio") return;
    const row = input.closest("[data-family]");
    const again = before.get(row) === input.value;
    const cleared = row?.querySelector("[data-cleared]");
    if (again) input.checked = false;
    if (cleared instanceof HTMLInputElement) cleared.disabled = !again;
    before.set(row, again ? "" : input.value);
    if (again) tell();
  });

  form.addEventListener("change", (event) => {
    const row = /** @type {Element} */ (event.target).closest("[data-family]");
    row?.setAttribute("data-just", "");  // stays in sight until the list is asked for anew, so that a slip can be put right
    tell();
  });

  if (chip && !form.hasAttribute("data-narrowed")) {
    chip.addEventListener("click", (event) => {
      event.preventDefault();
      const pressed = chip.getAttribute("aria-pressed") !== "true";
      chip.setAttribute("aria-pressed", String(pressed));
      for (const row of rows) {
        row.removeAttribute("data-just");
        row.hidden = pressed && chosen(row) !== "";
      }
    });
  }
  tell();
}
