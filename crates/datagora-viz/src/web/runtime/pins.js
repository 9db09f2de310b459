// Cards kept side by side, to compare.

/** As many as a table beside the map holds. */
const MOST_PINS = 4;

class Pins {
  constructor(config, clock) {
    Object.assign(this, { config, clock, pins: [] });
    this.section = document.getElementById("pins");
    document.getElementById("pins-clear").addEventListener("click", () => {
      this.pins = [];
      this.show();
      announce(config.words.unpinnedAll);
      document.querySelector("#map canvas").focus();
    });
  }
  /** Keeps a feature; the oldest leaves when there is no room. */
  add(layer, feature) {
    const heading = headingOf(layer, feature);
    const same = pin => pin.layer === layer && JSON.stringify(pin.feature) === JSON.stringify(feature);
    this.pins = [...this.pins.filter(pin => !same(pin)), { layer, feature }].slice(-MOST_PINS);
    this.show();
    announce(fill(this.config.words.pinned, heading));
  }
  remove(pin) {
    this.pins = this.pins.filter(one => one !== pin);
    this.show();
    announce(fill(this.config.words.unpinned, headingOf(pin.layer, pin.feature)));
    (this.pins.length ? this.section : document.querySelector("#map canvas")).focus();
  }
  /** A table for each layer: features as columns, their attributes as rows. */
  show() {
    const { config, clock } = this;
    this.section.hidden = !this.pins.length;
    const layers = [...new Set(this.pins.map(pin => pin.layer))];
    document.getElementById("pins-body").replaceChildren(...layers.map(layer => {
      const pins = this.pins.filter(pin => pin.layer === layer);
      const columns = pins.map(pin => cardRows(config, layer, pin.feature, clock));
      const heads = pins.map(pin => {
        const heading = headingOf(layer, pin.feature);
        const button = make("button", { type: "button", "aria-label": fill(config.words.unpin, heading) }, "×");
        button.addEventListener("click", () => this.remove(pin));
        return make("th", { scope: "col" }, make("span", {}, heading), button);
      });
      const rows = columns[0].map(({ label }, row) =>
        make("tr", {}, make("th", { scope: "row" }, label), ...columns.map(column => make("td", {}, column[row].content))));
      const table = make("table", {}, make("caption", {}, layer.title),
        make("thead", {}, make("tr", {}, make("td"), ...heads)), make("tbody", {}, ...rows));
      return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": layer.title }, table);
    }));
  }
}
