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
