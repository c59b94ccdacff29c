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

/* Numbers as programs read them: a plain minus sign, nothing between thousands or for no number. */
function plain(text) {
  return text === "–" ? "" : text.replaceAll("−", "-").replaceAll("\u202f", "");
}

function words(cell) {
  return [...cell.childNodes].map((node) => node.textContent.trim()).filter(Boolean).join(" ");
}

/* Value and ends of the interval of a cell, without marks. */
function numbers(cell) {
  const text = cell.querySelector(".value")?.textContent ?? words(cell);
  return [text, ...(cell.querySelector(".interval")?.textContent.split(" … ") ?? [])];
}

/* Intervals have two columns of their own. */
function csv(heads, rows) {
  const wide = heads.map((_, i) => rows.some((cells) => cells[i].length > 1));
  const spread = (cells) => cells.flatMap((c, i) => (wide[i] ? [c[0], c[1] ?? "", c[2] ?? ""] : [c[0]]));
  const top = heads.map((head) => [head, `${head} lower`, `${head} upper`]);
  const quoted = (text) => `"${plain(text).replaceAll('"', '""')}"`;
  return [top, ...rows].map((cells) => spread(cells).map(quoted).join()).join("\n");
}

const TEX = { "\\": "\\textbackslash{}", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "−": "$-$", "…": "\\dots{}" };

function tex(heads, rows) {
  const escaped = (text) => text.replace(/[\\^~−…&%$#_{}]/g, (sign) => TEX[sign] ?? `\\${sign}`);
  const spans = rows.map((cells) => cells.map(([text, ...ends]) => [text, ends.join(" … ")].filter(Boolean).join(" ")));
  const lines = [heads, ...spans].map((cells) => cells.map(escaped).join(" & ")).join(" \\\\\n");
  return `\\begin{tabular}{l${"r".repeat(heads.length - 1)}}\n${lines}\n\\end{tabular}`;
}

const FORMATS = { csv, tex };

/* All columns of a table, with its intervals, for a spreadsheet or a paper. */
function exported(table, format) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map(numbers));
  return FORMATS[format](lastHeads(table).map(words), rows);
}

function save(event) {
  const format = event.currentTarget.dataset.export;
  const table = event.currentTarget.closest(".columns").querySelector("table");
  const text = exported(table, format);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text + "\n"], { type: "text/plain" }));
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
