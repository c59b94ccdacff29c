/* Rows of score tables that hold all words of the box; a table without such a row is hidden. */

function textOf(row, title) {
  return `${title} ${row.cells[0].textContent} ${row.dataset.words}`.toLowerCase();
}

function filterRows(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let matches = 0;
  for (const block of document.querySelectorAll(".columns")) {
    let visible = 0;
    for (const row of block.querySelectorAll("tbody tr")) {
      row.hidden = !words.every((word) => textOf(row, block.dataset.title).includes(word));
      visible += !row.hidden;
    }
    block.hidden = visible === 0;
    matches += visible;
  }
  document.getElementById("matches").textContent = words.length ? `${matches} rows` : "";
}

/* What a column means, for those who cannot hover over its heading. */
function showMeaning(event) {
  const line = event.currentTarget.closest(".columns")?.querySelector(".meaning");
  if (line) line.textContent = event.currentTarget.title && `${event.currentTarget.textContent}: ${event.currentTarget.title}`;
}

for (const button of document.querySelectorAll(".scores thead button")) {
  button.addEventListener("click", showMeaning);
  button.addEventListener("focus", showMeaning);
}
document.getElementById("filter")?.addEventListener("input", (event) => filterRows(event.target.value));
document.getElementById("heat")?.addEventListener("change", (event) => {
  document.body.classList.toggle("unshaded", !event.target.checked);
});
