// Forms and lists: reveal a password, copy a text, choose all, say how many are chosen, send a filter when it changes,
// say what is missing.

document.addEventListener("click", async (event) => {
  const target = /** @type {Element} */ (event.target);
  const reveal = target.closest("[data-reveals]");
  if (reveal) {
    const input = document.getElementById(reveal.getAttribute("data-reveals") ?? "");
    if (!(input instanceof HTMLInputElement)) return;
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    reveal.setAttribute("aria-pressed", String(!shown));
  }
  const copy = target.closest("[data-copies]");
  if (copy) {
    await navigator.clipboard.writeText(copy.getAttribute("data-copies") ?? "");
    copy.classList.add("copied");
    setTimeout(() => copy.classList.remove("copied"), 2000);
  }
});

/** The chosen rows of a form: `data-pick` on each box, `data-pick-all` on the one above, `data-picked` says the count. */
function tell(form) {
  // The foot of a panel stands outside the form (form="id" ties its buttons), so the count is sought in the panel.
  const around = form.closest(".panel") ?? form;
  const boxes = [...form.querySelectorAll("input[data-pick]")];
  const chosen = boxes.filter((box) => box.checked).length;
  for (const place of around.querySelectorAll("[data-picked]")) place.textContent = chosen.toLocaleString("id-ID");
  for (const button of around.querySelectorAll("[data-needs-pick]")) button.disabled = chosen === 0;
  const all = around.querySelector("input[data-pick-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

document.addEventListener("change", (event) => {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const form = input.form;
  if (!form) return;
  if (input.matches("[data-pick-all]")) for (const box of form.querySelectorAll("input[data-pick]")) box.checked = input.checked;
  if (input.matches("[data-pick], [data-pick-all]")) tell(form);
  if (form.matches("[data-sends-itself]") && input.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
});

// A browser refuses what is missing in its own language, which need not be that of the page.
function refusal(control) {
  const words = document.body.dataset;
  if (control.validity.tooShort) return words.short?.replace("{n}", control.minLength);
  if (!control.validity.valueMissing) return "";
  return control.matches("select, [type=radio]") ? words.unchosen : control.type === "checkbox" ? words.unticked : words.missing;
}
document.addEventListener("invalid", ({ target }) => {
  target.setCustomValidity("");
  target.setCustomValidity(refusal(target) ?? "");
}, true);
document.addEventListener("input", ({ target }) => {
  for (const control of target.form?.elements ?? []) control.setCustomValidity(""); // of a group any may be chosen
}, true);

// A second press while the first is on its way would send twice.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method === "get" || form.method === "dialog") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
});

// A form that saves as one goes waits a moment before it sends. Whoever leaves within that moment loses nothing.
const unsent = new Set();
const savesItself = "form[data-saves][hx-post]";
document.addEventListener("input", (event) => {
  const form = /** @type {Element} */ (event.target).closest(savesItself);
  if (form) unsent.add(form);
});
for (const sent of ["htmx:beforeRequest", "submit"]) document.addEventListener(sent, (event) => unsent.delete(event.target));
function sendTheRest() {
  for (const form of unsent) {
    const headers = { "HX-Request": "true" };
    fetch(form.getAttribute("hx-post"), { method: "POST", body: new FormData(form), headers, keepalive: true });
  }
  unsent.clear();
}
document.addEventListener("visibilitychange", () => { if (document.hidden) sendTheRest(); });
window.addEventListener("pagehide", sendTheRest);

function ready(root) {
  for (const button of root.querySelectorAll("[data-reveals][hidden], [data-copies][hidden]")) button.hidden = false;
  for (const box of root.querySelectorAll("[data-pick-all]")) if (box.form) tell(box.form);
  root.querySelector("[data-focus]")?.focus();
}
ready(document);
document.addEventListener("htmx:load", (event) => ready(event.target));
window.addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
