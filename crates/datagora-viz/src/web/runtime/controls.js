// Buttons, search, legends: all that is not the map itself.

/** Says to those who do not see the map what has changed. */
function announce(words) {
  document.getElementById("map-status").textContent = words;
}

/** How far a button moves the map. */
const STEP = 120;

function bindTools(map, config, tools) {
  const moves = { left: [-STEP, 0], right: [STEP, 0], up: [0, -STEP], down: [0, STEP] };
  for (const button of document.querySelectorAll("[data-tool]")) {
    const name = button.dataset.tool;
    button.addEventListener("click", () => {
      if (moves[name]) map.panBy(moves[name]);
      else if (name === "zoom-in") map.zoomIn();
      else if (name === "zoom-out") map.zoomOut();
      else if (name === "whole") map.fitBounds(config.bounds, { padding: 16 });
      else tools[name]();
    });
  }
}

function bindSearch(map, config) {
  const form = document.getElementById("search");
  if (!form) return;
  const input = document.getElementById("place");
  // « écully » finds « Écully ».
  const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();
  const go = sure => {
    const wanted = plain(input.value);
    const names = config.places.map(([name]) => plain(name));
    let found = names.indexOf(wanted);
    if (found < 0 && sure && wanted) found = names.findIndex(name => name.startsWith(wanted));
    if (found >= 0) {
      const [name, bounds] = config.places[found];
      map.fitBounds(bounds, { padding: 24, maxZoom: 16 });
      announce(fill(config.words.found, name));
    } else if (sure) {
      announce(fill(config.words.notFound, input.value));
    }
  };
  form.addEventListener("submit", event => {
    event.preventDefault();
    go(true);
  });
  input.addEventListener("change", () => go(false));
}

/** Legends of the layers shown, and how much of each the zoom leaves. */
function showLegends(map, config, choice) {
  const zoom = Math.floor(map.getZoom());
  for (const layer of config.layers) {
    const legend = document.querySelector(`[data-legend="${layer.id}"]`);
    if (legend) legend.hidden = !choice.isShown(layer.id) && layer.id !== choice.other;
    const line = document.querySelector(`[data-shown="${layer.id}"]`);
    if (!line) continue;
    // Beyond the last zoom of the tiles, they are drawn larger.
    const [, features, drawn, dropped] = layer.thinning.findLast(([at]) => at <= zoom) ?? [];
    if (features === undefined) {
      line.textContent = "";
      continue;
    }
    const { shown, stand, shownAll } = config.words;
    const words = dropped ? shown : drawn < features ? stand : shownAll;
    const number = value => formatNumber(config, value, 0);
    line.textContent = fill(words, { shown: number(drawn), all: number(features), what: layer.features });
  }
}

function bindLayers(choice, changed) {
  const inputs = document.querySelectorAll("[name=theme], [name=layer]");
  const compare = document.getElementById("compare");
  const show = () => {
    for (const input of inputs) input.checked = choice.isShown(input.value);
    if (!compare) return;
    for (const option of compare.options) option.disabled = option.value !== "" && option.value === choice.theme;
    compare.value = choice.other ?? "";
  };
  for (const input of inputs) {
    input.addEventListener("change", () => {
      if (input.name === "theme") choice.theme = input.value;
      else if (input.checked) choice.shown.add(input.value);
      else choice.shown.delete(input.value);
      if (choice.other === choice.theme) choice.other = null;
      show();
      changed();
    });
  }
  compare?.addEventListener("change", () => {
    choice.other = compare.value || null;
    show();
    changed();
  });
  show();
}

/** The licences of the programs, when they are asked for. */
function bindLicences(config) {
  const details = document.getElementById("programs");
  details.addEventListener("toggle", async () => {
    const text = details.querySelector("pre");
    if (!text.hidden) return;
    text.hidden = false;
    text.textContent = config.embedded
      ? await unzipped(take("program-licences"))
      : await (await fetch("programs/licences.txt")).text();
  });
}
