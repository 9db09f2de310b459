// Filters: which features remain, how many, and the controls.

/** The bin of features without value. */
const NO_BIN = 255;

/** How many features have which bins of all filters of a layer together: counts at once, whatever the number of features. */
class Cube {
  constructor(bytes, filters) {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const rows = view.getUint32(0, true);
    this.filters = filters;
    this.bins = filters.map((_, at) => bytes.subarray(4 + at * rows, 4 + (at + 1) * rows));
    this.counts = Array.from({ length: rows }, (_, row) => view.getUint32(4 + filters.length * rows + 4 * row, true));
  }
  /** Features that pass all filters, and for each filter, by bin, those that pass all others. */
  count(states) {
    const masks = this.filters.map((filter, at) => maskOf(filter, states[at]));
    const left = this.filters.map(filter => new Array(filter.bins).fill(0));
    let total = 0;
    this.counts.forEach((count, row) => {
      let fails = 0;
      let failed = -1;
      for (let at = 0; at < masks.length && fails < 2; at++) {
        if (masks[at][this.bins[at][row]]) continue;
        fails += 1;
        failed = at;
      }
      if (fails > 1) return;
      if (!fails) total += count;
      for (let at = 0; at < masks.length; at++) {
        const bin = this.bins[at][row];
        if (bin !== NO_BIN && (!fails || at === failed)) left[at][bin] += count;
      }
    });
    return { total, left };
  }
}

/** Everything: a filter as the page opens. */
function openState(filter) {
  return filter.kind === "range" ? { low: 0, high: filter.bins } : { on: new Set(filter.codes.keys()) };
}

function isOpen(filter, state) {
  return filter.kind === "range" ? state.low === 0 && state.high === filter.bins : state.on.size === filter.bins;
}

function maskOf(filter, state) {
  const open = isOpen(filter, state);
  const passes = bin => open || (bin !== NO_BIN && (filter.kind === "range" ? bin >= state.low && bin < state.high : state.on.has(bin)));
  return Uint8Array.from({ length: 256 }, (_, bin) => passes(bin));
}

/** What the map keeps; null if that is everything. The first and the last bin hold what lies beyond them. */
function expressionOf(filter, state) {
  if (isOpen(filter, state)) return null;
  const { attribute } = filter;
  const value = ["to-number", ["get", attribute], 0];
  const parts = [["has", attribute]];
  if (filter.kind === "range") {
    if (state.low > 0) parts.push([">=", value, filter.edges[state.low]]);
    if (state.high < filter.bins) parts.push(["<", value, filter.edges[state.high]]);
  } else {
    parts.push(["in", value, ["literal", [...state.on].map(bin => filter.codes[bin])]]);
  }
  return ["all", ...parts];
}

/** The filters of a link, `0:5~20,1:3.7`: number of the filter, then values of the ends, or codes. */
function filterWords(config, states) {
  return config.filters.flatMap((filter, number) => {
    const state = states[number];
    if (isOpen(filter, state)) return [];
    const words = filter.kind === "range" ? [state.low, state.high].map(at => filter.edges[at]).join("~")
      : [...state.on].sort((one, other) => one - other).map(bin => filter.codes[bin]).join(".");
    return [`${number}:${words}`];
  }).join(",");
}

/** Reads what filterWords wrote; what does not fit the filters of the page is left. */
function readFilters(config, states, words) {
  for (const part of words.split(",")) {
    const [number, choice] = part.split(":");
    const filter = config.filters[number];
    if (!filter || choice === undefined) continue;
    if (filter.kind === "range") {
      const [low, high] = choice.split("~").map(edge => filter.edges.indexOf(Number(edge)));
      if (low >= 0 && high > low) states[number] = { low, high };
    } else {
      const bins = choice.split(".").filter(Boolean).map(code => filter.codes.indexOf(Number(code)));
      states[number] = { on: new Set(bins.filter(bin => bin >= 0)) };
    }
  }
}

/** What a layer of the style shows: what it always does, of that what the filters leave, of that what is there at the step. */
function filterOf(config, choice, layer, part) {
  const all = [];
  if (part.filter) all.push(part.filter);
  config.filters.forEach((filter, number) => {
    const kept = filter.layers.includes(layer.id) && expressionOf(filter, choice.filters[number]);
    if (kept) all.push(kept);
  });
  if (layer.period) {
    const [first, last] = layer.period;
    all.push(["<=", ["to-number", ["get", first], 0], choice.step]);
    all.push([">=", ["case", ["has", last], ["to-number", ["get", last], 0], choice.step], choice.step]);
  }
  return all.length > 1 ? ["all", ...all] : (all[0] ?? null);
}

function applyFilters(map, config, choice) {
  for (const layer of config.layers) {
    if (!layer.period && !config.filters.some(filter => filter.layers.includes(layer.id))) continue;
    for (const id of layer.parts) {
      const part = config.style.layers.find(part => part.id === id);
      const wanted = filterOf(config, choice, layer, part);
      // Tiles are made anew for every filter that is set.
      if (JSON.stringify(map.getFilter(id) ?? null) !== JSON.stringify(wanted)) map.setFilter(id, wanted);
    }
  }
}

/** Filters of layers that are not shown are not, either; the legends of those that are stand below. */
function showFilters(config, choice) {
  let any = false;
  for (const { layer, filters } of config.groups) {
    const hidden = !config.filters.some((filter, at) => filters.includes(at) && filter.layers.some(id => choice.isShown(id)));
    any ||= !hidden;
    for (const number of filters) document.querySelector(`[data-filter="${number}"]`).hidden = hidden;
    document.querySelector(`[data-group="${layer}"]`).hidden = hidden;
  }
  const section = document.getElementById("filters");
  if (section) section.hidden = !any;
}

async function bindFilters(config, choice, changed) {
  if (!config.groups.length) return;
  const cubes = await Promise.all(config.groups.map(async group =>
    new Cube(await loadHeld(config, `filter-${group.layer}`), group.filters.map(number => config.filters[number]))));
  const number = value => formatNumber(config, value, 0);
  const field = at => document.querySelector(`[data-filter="${at}"]`);
  /** Writes counts, bars and words; what is said to those who do not see them. */
  const show = () => config.groups.map((group, at) => {
    const { total, left } = cubes[at].count(group.filters.map(number => choice.filters[number]));
    group.filters.forEach((which, place) => showFilter(config, config.filters[which], choice.filters[which], field(which), left[place]));
    const words = fill(config.words.left, { left: number(total), all: number(group.rows), what: group.features });
    document.querySelector(`[data-group="${group.layer}"]`).textContent = words;
    return words;
  }).join(" ");
  let soon;
  const apply = () => {
    const words = show();
    changed();
    // Said once the handle rests.
    clearTimeout(soon);
    soon = setTimeout(() => announce(words), 400);
  };
  config.filters.forEach((filter, at) => {
    for (const input of field(at).querySelectorAll("input")) {
      input.addEventListener("input", () => {
        const state = choice.filters[at];
        if (filter.kind === "range") {
          const value = Number(input.value);
          // The ends do not pass each other.
          if (input.dataset.end === "low") state.low = Math.min(value, state.high - 1);
          else state.high = Math.max(value, state.low + 1);
        } else if (input.checked) state.on.add(Number(input.dataset.bin));
        else state.on.delete(Number(input.dataset.bin));
        apply();
      });
    }
  });
  document.getElementById("filters-reset").addEventListener("click", () => {
    choice.filters = config.filters.map(openState);
    apply();
  });
  show();
}

function showFilter(config, filter, state, field, left) {
  if (filter.kind === "categories") {
    for (const input of field.querySelectorAll("input")) input.checked = state.on.has(Number(input.dataset.bin));
    for (const count of field.querySelectorAll("[data-left]")) count.textContent = formatNumber(config, left[count.dataset.left], 0);
    return;
  }
  const bars = [...field.querySelectorAll("[data-left]")];
  const { most } = field.querySelector("svg").dataset;
  bars.forEach((bar, bin) => {
    const height = (100 * left[bin]) / most;
    bar.setAttribute("height", height);
    bar.setAttribute("y", 100 - height);
    bar.classList.toggle("out", bin < state.low || bin >= state.high);
  });
  const edge = at => formatNumber(config, filter.edges[at], filter.decimals) + (filter.unit && `\u202f${filter.unit}`);
  for (const input of field.querySelectorAll("input")) {
    const at = input.dataset.end === "low" ? state.low : state.high;
    input.value = at;
    input.setAttribute("aria-valuetext", edge(at));
  }
  field.querySelector(".range-words").textContent = isOpen(filter, state) ? config.words.whole
    : fill(config.words.range, { low: edge(state.low), high: edge(state.high) });
}
