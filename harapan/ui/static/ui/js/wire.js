// When a piece cannot be fetched the page says so, in place; what was typed stays.

const show = (id, shown) => {
  const note = document.getElementById(id);
  if (note) note.hidden = !shown;
};

document.addEventListener("htmx:sendError", () => show("kabar", true));
document.addEventListener("htmx:timeout", () => show("kabar", true));
document.addEventListener("htmx:responseError", () => show("kabar-galat", true));
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  show("kabar", false);
  show("kabar-galat", false);
});
