// Legends of the layers shown, and the licences of the programs.

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
