// What opens and closes: menus (<details data-menu>) and dialogs (data-opens="id", data-closes).
// One listener on the document, so that pieces swapped in by htmx need no setting up.

const menus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  for (const menu of menus()) if (!menu.contains(target)) menu.removeAttribute("open");
  const opener = target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.getAttribute("data-opens") ?? "");
    if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
  }
  if (target.closest("[data-closes]")) target.closest("dialog")?.close();
  // A click on the backdrop is a click on the dialog itself.
  if (target instanceof HTMLDialogElement) {
    const box = target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) target.close();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of menus()) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    }
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const menu = /** @type {Element} */ (event.target).closest("details[data-menu][open]");
  if (!menu) return;
  const items = [...menu.querySelectorAll("summary, .menu a, .menu button")].filter((item) => item.getClientRects().length);
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = items.indexOf(/** @type {Element} */ (document.activeElement));
  /** @type {HTMLElement} */ (items[(at + step + items.length) % items.length]).focus();
  event.preventDefault();
});

// Tabbing out of an open menu closes it.
document.addEventListener("focusin", (event) => {
  for (const menu of menus()) if (!menu.contains(/** @type {Node} */ (event.target))) menu.removeAttribute("open");
});

// On a narrow screen the errands scroll sideways; the current one is brought into sight without moving the page.
const errand = document.querySelector(".nav [aria-current]");
if (errand?.parentElement) errand.parentElement.scrollLeft = errand.offsetLeft - errand.parentElement.offsetLeft - 16;
