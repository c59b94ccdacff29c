/* The interactive chart: its scripts are unpacked when it comes into view. */

const explorer = document.getElementById("explore");

function contentOf(id) {
  return document.getElementById(id).textContent;
}

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text.trim()), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

async function loadLibrary() {
  const script = document.createElement("script");
  script.textContent = await unpacked(contentOf("chart-library"));
  document.head.append(script);
}

/* Fill a list with entries, and keep the choice where it is still possible. */
function offer(name, entries) {
  const list = explorer.querySelector(`[name=${name}]`);
  const groups = new Map();
  for (const [value, text, group] of entries) {
    groups.set(group, [...(groups.get(group) ?? []), new Option(text, value, false, value === list.value)]);
  }
  list.replaceChildren(...[...groups].flatMap(([group, options]) => {
    if (!group) return options;
    const heading = document.createElement("optgroup");
    heading.label = group;
    heading.append(...options);
    return [heading];
  }));
  list.closest("label").hidden = entries.length < 2;
  return list.value;
}

/* The lines of the chosen variable, metric, season and scale. */
function chosen(data) {
  const drivers = data.scores;
  const variables = drivers[offer("driver", Object.keys(drivers).map((name) => [name, name]))];
  const variable = offer("variable", Object.keys(variables).map((name) => [name, data.variables[name].title]));
  const metrics = variables[variable];
  const entries = Object.keys(data.metrics).filter((name) => metrics[name]);
  const metric = offer("metric", entries.map((name) => [name, data.metrics[name].heading, data.metrics[name].group]));
  const seasons = metrics[metric];
  const season = offer("season", Object.keys(seasons).map((name) => [name, name === "all" ? "all year" : name]));
  const places = seasons[season];
  const place = offer("place", Object.keys(places).map((name) => [name, name]));
  const about = data.metrics[metric];
  const unit = about.unit.replace("{unit}", data.variables[variable].unit);
  return { about, unit, title: [about.heading, place].filter(Boolean).join(", "), lines: places[place] };
}

function number(value) {
  return value === null ? "–" : String(value).replace("-", "−");
}

function rowsOf(choice, data) {
  const checked = new Set([...explorer.querySelectorAll("[name=model]:checked")].map((box) => Number(box.value)));
  return choice.lines.filter(([model]) => checked.has(model)).map(([model, value, lower, upper]) => ({
    model: data.models[model].label, value, lower, upper,
    colour: data.models[model].colour, place: model, text: `${number(value)} ${choice.unit}`,
    interval: lower === null ? "none" : `${number(lower)} … ${number(upper)}`,
  }));
}

function colourOf(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/* Points with their intervals, models in the order of the page, and a line where the best value is. */
function specification(choice, rows) {
  const [soft, ink, line] = ["--soft", "--ink", "--line"].map(colourOf);
  const tooltip = [["model", "Model"], ["text", choice.title], ["interval", "Interval"]]
    .map(([field, title]) => ({ field, title }));
  const y = { field: "model", type: "nominal", title: null, sort: { field: "place" }, axis: { labelLimit: 150 } };
  const x = { field: "value", type: "quantitative", title: choice.title + (choice.unit && ` [${choice.unit}]`), scale: { zero: false } };
  const color = { field: "colour", type: "nominal", scale: null };
  const best = choice.lines.find(([model]) => model < 0)?.[1] ?? choice.about.ideal;
  const layer = [
    { mark: { type: "rule", strokeWidth: 2 }, encoding: { y, x: { ...x, field: "lower" }, x2: { field: "upper" }, color, tooltip } },
    { mark: { type: "point", filled: true, size: 90, opacity: 1, stroke: ink, strokeWidth: 0.7 }, encoding: { y, x, color, tooltip } },
  ];
  if (best !== null) layer.unshift({ mark: { type: "rule", strokeDash: [5, 3], color: soft }, encoding: { x: { datum: best } } });
  return {
    data: { values: rows }, width: "container", height: 26 * Math.max(rows.length, 1),
    layer, background: null,
    config: { view: { stroke: line }, font: "system-ui, sans-serif", axis: { labelColor: ink, titleColor: ink, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12, titleFontSize: 12 } },
  };
}

function fillTable(rows) {
  explorer.querySelector("tbody").replaceChildren(...rows.map((row) => {
    const line = document.createElement("tr");
    for (const text of [row.model, row.text, row.interval]) line.insertCell().textContent = text;
    return line;
  }));
}

async function drawChart(data) {
  const choice = chosen(data);
  const rows = rowsOf(choice, data);
  explorer.querySelector(".meaning").textContent = choice.about.meaning;
  fillTable(rows);
  const actions = { export: true, source: false, compiled: false, editor: false };
  await vegaEmbed("#chart", specification(choice, rows), { ast: true, renderer: "svg", actions });
  explorer.dataset.drawn = choice.title;
}

/* The line about the chart: what is going on, or why it could not be drawn. */
function report(text, error) {
  const line = explorer.querySelector(".state");
  line.hidden = !text;
  line.classList.toggle("broken", Boolean(error));
  line.textContent = text;
}

function reportFailure(error) {
  document.getElementById("chart").replaceChildren();
  report(`The chart could not be drawn: ${error.message}. The figures below show the main scores.`, error);
}

/* Drawings follow each other; of several that wait only the latest choice is drawn. */
let latest = 0;
let drawings = Promise.resolve();

function redraw(data) {
  const turn = ++latest;
  drawings = drawings.then(async () => {
    if (turn !== latest) return;
    try {
      await drawChart(data);
      report("");
    } catch (error) {
      reportFailure(error);
    }
  });
}

async function openExplorer() {
  try {
    const data = JSON.parse(contentOf("chart-data"));
    await loadLibrary();
    explorer.addEventListener("change", () => redraw(data));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw(data));
    redraw(data);
  } catch (error) {
    reportFailure(error);
  }
}

if (explorer) {
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    openExplorer();
  }, { rootMargin: "300px" }).observe(explorer);
}
