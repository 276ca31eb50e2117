// When a piece cannot be fetched the page says so, in place; what was typed stays.

const show = (id, shown) => {
  const note = document.getElementById(id);
  if (note) note.hidden = !shown;
};

// A whole page where a piece was asked for (the session ended, say): open it as a page.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!/^\s*<!doctype html/i.test(event.detail.xhr.responseText)) return;
  event.detail.shouldSwap = false;
  window.location.assign(event.detail.xhr.responseURL);
});

document.addEventListener("htmx:sendError", () => show("kabar", true));
document.addEventListener("htmx:timeout", () => show("kabar", true));
document.addEventListener("htmx:responseError", () => show("kabar-galat", true));
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  show("kabar", false);
  show("kabar-galat", false);
});

// A refusal lands above the page; whoever scrolled down must still see it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "penolakan") event.detail.target.scrollIntoView({ block: "nearest" });
});
