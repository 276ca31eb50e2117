// Copies one value, or all of them as lines; without a clipboard the text is selected instead.

const say = (button, word) => {
  const before = button.textContent;
  button.textContent = word;
  setTimeout(() => { button.textContent = before; }, 1500);
};

const copied = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

const select = (element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
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
  if (await copied(text)) say(button, button.dataset.done);
  else if (wanted.length) select(wanted[0]);
});

for (const button of document.querySelectorAll("button[data-copy], button[data-copy-all]")) button.hidden = false;
