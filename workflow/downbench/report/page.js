"use strict";

const NEXT = { none: "ascending", ascending: "descending", descending: "ascending" };

function value(row, index) {
  const cell = row.cells[index];
  if (index === 0) return cell.textContent.trim().toLowerCase();
  return cell.dataset.order === undefined ? null : Number(cell.dataset.order);
}

/* Rows without a number stay at the end, whichever way the others run. */
function compare(a, b, sign) {
  if (a === null || b === null) return (a === null) - (b === null);
  return (a < b ? -1 : a > b ? 1 : 0) * sign;
}

/* The last row of headings has one for each column. */
function lastHeads(table) {
  return [...[...table.tHead.rows].at(-1).cells];
}

function sortBy(head, direction) {
  const table = head.closest("table");
  const sign = direction === "descending" ? -1 : 1;
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) =>
    compare(value(a, head.cellIndex), value(b, head.cellIndex), sign) || a.dataset.place - b.dataset.place);
  table.tBodies[0].append(...rows);
  for (const other of lastHeads(table)) other.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", direction);
}

function onHeading(event) {
  const head = event.currentTarget.closest("th");
  const direction = NEXT[head.getAttribute("aria-sort")];
  sortBy(head, direction);
  const address = `#sort=${head.closest("table").id}.${head.dataset.column}.${direction}`;
  history.replaceState(null, "", address);
}

/* A link ending in #sort=TABLE.COLUMN.DIRECTION shows that table in that order. */
function sortFromAddress() {
  const wanted = /^#sort=([^.]+)\.([^.]+)\.(ascending|descending)$/.exec(location.hash);
  const table = wanted && document.getElementById(wanted[1]);
  const head = table && lastHeads(table).find((h) => h.dataset.column === wanted[2]);
  if (!head) return;
  sortBy(head, wanted[3]);
  table.scrollIntoView();
}

/* All columns of a table, with its intervals, for a spreadsheet or a paper. */
const FORMATS = {
  csv: (rows) => rows.map((cells) => cells.map((c) => `"${c.replaceAll('"', '""')}"`).join()).join("\n"),
  tex: (rows) => `\\begin{tabular}{l${"r".repeat(rows[0].length - 1)}}\n${rows.map((cells) =>
    cells.map((c) => c.replace(/[&%$#_{}]/g, "\\$&").replaceAll("−", "$-$")).join(" & ")).join(" \\\\\n")}\n\\end{tabular}`,
};

function save(event) {
  const format = event.currentTarget.dataset.export;
  const table = event.currentTarget.closest(".columns").querySelector("table");
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) =>
    [...cell.childNodes].map((node) => node.textContent.trim()).filter(Boolean).join(" ")));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([FORMATS[format](rows) + "\n"], { type: "text/plain" }));
  link.download = `${table.id}.${format}`;
  link.click();
}

const zooms = [...document.querySelectorAll(".zoom")];
let shown = 0;

/* The figure of this number in the dialog; the first follows the last. */
function enlarge(number) {
  const dialog = document.getElementById("large");
  shown = (number + zooms.length) % zooms.length;
  const small = zooms[shown].querySelector("img");
  const image = dialog.querySelector("img");
  image.src = small?.src ?? "";
  image.alt = small?.alt ?? "";
  if (!dialog.open) dialog.showModal();
}

function sayBroken(image) {
  const words = document.createElement("span");
  words.className = "broken";
  words.textContent = `This picture could not be shown: ${image.alt}`;
  image.replaceWith(words);
}

for (const button of document.querySelectorAll(".scores thead button")) button.addEventListener("click", onHeading);
zooms.forEach((button, number) => button.addEventListener("click", () => enlarge(number)));
for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => enlarge(shown + Number(button.dataset.step)));
}
document.getElementById("large")?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") enlarge(shown + 1);
  if (event.key === "ArrowLeft") enlarge(shown - 1);
});
for (const button of document.querySelectorAll("[data-export]")) button.addEventListener("click", save);
addEventListener("hashchange", sortFromAddress);
addEventListener("load", () => {
  for (const image of document.querySelectorAll("figure img")) if (!image.naturalWidth) sayBroken(image);
  sortFromAddress();
  document.body.dataset.ready = "yes";
});
