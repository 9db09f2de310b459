// Which layers are shown, and their colours by day and by night.

/** What the reader has chosen: one of the themes that cover each other, and any of the other layers. */
class Choice {
  constructor(config) {
    this.config = config;
    const covers = config.layers.filter(layer => layer.covers);
    this.covers = new Set(covers.map(layer => layer.id));
    this.reset();
    this.first = [this.words(), this.other];
  }
  /** As the page opens. */
  reset() {
    const { layers, filters, time, comparisons } = this.config;
    this.theme = layers.find(layer => layer.covers && !layer.hidden)?.id ?? null;
    this.other = comparisons.find(({ before }) => before === this.theme)?.after ?? null;
    this.shown = new Set(layers.filter(layer => !layer.hidden && !this.covers.has(layer.id)).map(layer => layer.id));
    this.filters = filters.map(openState);
    this.step = time?.opening ?? 0;
  }
  /** The layers in a link; those of the first sight need none. */
  words() {
    return [this.theme ?? "", ...this.shown].sort().join(",");
  }
  changed() {
    return this.words() !== this.first[0] || this.other !== this.first[1];
  }
  /** Reads the layers of a link, beside which another stands only if the link says so. */
  read(words) {
    this.other = null;
    const ids = words.split(",");
    const known = new Set(this.config.layers.map(layer => layer.id));
    const theme = ids.find(id => this.covers.has(id));
    if (theme) this.theme = theme;
    this.shown = new Set(ids.filter(id => known.has(id) && !this.covers.has(id)));
  }
  /** Which side of a comparison is shown; nothing if it is about other layers. */
  sideOf({ before, after, difference }) {
    const { theme, other } = this;
    if (theme === before) return other === after ? "both" : other === null ? "before" : null;
    if (other !== null || theme === null) return null;
    return theme === after ? "after" : theme === difference ? "difference" : null;
  }
  /** Shows a side of a comparison. */
  compare({ before, after, difference }, side) {
    this.theme = { before, both: before, after, difference }[side];
    this.other = side === "both" ? after : null;
  }
  isShown(id, theme = this.theme) {
    return this.covers.has(id) ? id === theme : this.shown.has(id);
  }
}

const darkScreen = matchMedia("(prefers-color-scheme: dark)");

/** The style with the layers chosen, in the colours of the screen. */
function styleOf(config, choice, theme) {
  const style = structuredClone(config.style);
  for (const layer of config.layers) {
    for (const id of layer.parts) {
      const part = style.layers.find(part => part.id === id);
      part.layout.visibility = choice.isShown(layer.id, theme) ? "visible" : "none";
      const filter = filterOf(config, choice, layer, part);
      if (filter) part.filter = filter;
    }
  }
  for (const part of style.layers) {
    for (const [property, colour] of nightOf(config, part.id)) part.paint[property] = colour;
  }
  return style;
}

function nightOf(config, id) {
  const night = config.night[id];
  if (!night) return [];
  const which = darkScreen.matches ? 1 : 0;
  const paints = [[night.property, night.colours[which]]];
  if (night.halo) paints.push(["text-halo-color", night.halo[which]]);
  return paints;
}

function applyChoice(map, config, choice, theme) {
  for (const layer of config.layers) {
    for (const id of layer.parts) {
      map.setLayoutProperty(id, "visibility", choice.isShown(layer.id, theme) ? "visible" : "none");
    }
  }
}

function applyNight(map, config) {
  for (const id of Object.keys(config.night)) {
    for (const [property, colour] of nightOf(config, id)) map.setPaintProperty(id, property, colour);
  }
}

/** The hatch of what is missing or not sure, as in the legend, at twice its size. */
function hatch(colour) {
  const size = 12;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  for (const at of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(at - 2, size + 2);
    pen.lineTo(at + size + 2, -2);
    pen.stroke();
  }
  return canvas;
}
