// Buttons and choice of layers.

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

function bindLayers(config, choice, changed) {
  const inputs = document.querySelectorAll("[name=theme], [name=layer]");
  const compare = document.getElementById("compare");
  const sides = config.comparisons.map((_, at) => document.querySelector(`[data-comparison="${at}"]`));
  const show = () => {
    for (const input of inputs) input.checked = choice.isShown(input.value);
    config.comparisons.forEach((comparison, at) => {
      const side = choice.sideOf(comparison);
      sides[at].hidden = side === null;
      for (const input of sides[at].querySelectorAll("input")) input.checked = input.value === side;
    });
    if (!compare) return;
    for (const option of compare.options) option.disabled = option.value !== "" && option.value === choice.theme;
    compare.value = choice.other ?? "";
  };
  const apply = () => {
    if (choice.other === choice.theme) choice.other = null;
    show();
    changed();
  };
  for (const input of inputs) {
    input.addEventListener("change", () => {
      if (input.name === "theme") choice.theme = input.value;
      else if (input.checked) choice.shown.add(input.value);
      else choice.shown.delete(input.value);
      apply();
    });
  }
  compare?.addEventListener("change", () => {
    choice.other = compare.value || null;
    apply();
  });
  config.comparisons.forEach((comparison, at) => sides[at].addEventListener("change", event => {
    choice.compare(comparison, event.target.value);
    apply();
  }));
  show();
}
