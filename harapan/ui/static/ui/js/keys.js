// Keys: "/" to the search, "?" lists the keys, Ctrl+S saves the form marked data-saves. Never while typing.

const typing = (element) => element instanceof HTMLElement && (element.isContentEditable || element.matches("input, select, textarea"));

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    const form = document.activeElement?.closest("form[data-saves]") ?? document.querySelector("form[data-saves]");
    if (form instanceof HTMLFormElement) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-slash]");
    if (search instanceof HTMLElement) {
      event.preventDefault();
      search.focus();
    }
  }
  if (event.key === "?") {
    const sheet = document.getElementById("pintasan");
    if (sheet instanceof HTMLDialogElement) {
      event.preventDefault();
      sheet.showModal();
    }
  }
});
