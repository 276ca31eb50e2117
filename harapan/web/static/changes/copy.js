// Copies one value, or all of them as lines; without a clipboard the text is selected instead.

const say = (button) => {
  if ("said" in button.dataset) return;
  const before = [...button.childNodes];
  button.dataset.said = "";
  button.replaceChildren(button.dataset.done);
  setTimeout(() => { button.replaceChildren(...before); delete button.dataset.said; }, 1500);
};

const copied = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

const select = (elements) => {
  const range = document.createRange();
  range.setStartBefore(elements[0]);
  range.setEndAfter(elements[elements.length - 1]);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy], button[data-copy-all]");
  if (!button) return;
  const rows = [...document.querySelectorAll("[data-value]")];
  const wanted = "copyAll" in button.dataset ? rows : rows.filter((row) => row.id === button.dataset.copy);
  const text = wanted.map((row) => ("copyAll" in button.dataset ? `${row.dataset.title}\t${row.textContent}` : row.textContent)).join("\n");
  if (await copied(text)) say(button);
  else if (wanted.length) select(wanted);
});

for (const button of document.querySelectorAll("button[data-copy], button[data-copy-all]")) button.hidden = false;
