// Two themes side by side: a second map over the first, cut at a border that the reader moves.

class Swipe {
  constructor(map, config, choice, makeMap, clock) {
    Object.assign(this, { map, config, choice, makeMap, clock, second: null, share: 50, ready: Promise.resolve() });
    this.place = document.getElementById("second");
    this.divider = document.getElementById("divider");
    this.input = document.getElementById("divide");
    this.follow = () => this.second.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
    this.input.addEventListener("input", () => this.divide(Number(this.input.value)));
    this.bindGrip(document.getElementById("grip"));
  }
  /** The border itself is moved, too, wherever it is taken. */
  bindGrip(grip) {
    const move = event => {
      const { left, width } = this.place.getBoundingClientRect();
      this.divide(Math.round(Math.min(100, Math.max(0, (100 * (event.clientX - left)) / width))));
    };
    grip.addEventListener("pointerdown", event => {
      grip.setPointerCapture(event.pointerId);
      grip.addEventListener("pointermove", move);
    });
    grip.addEventListener("lostpointercapture", () => grip.removeEventListener("pointermove", move));
  }
  /** Follows the choice: shows, changes or drops the second map. */
  update(changed) {
    const { choice, config, map } = this;
    const active = Boolean(choice.other);
    this.place.hidden = this.divider.hidden = !active;
    if (!active) {
      if (this.second) {
        map.off("move", this.follow);
        this.clock.forget(this.second);
        this.second.remove();
        this.second = null;
      }
      return;
    }
    if (this.second) {
      // Not by whether all is loaded: that is not so while tiles are, and a choice would be lost.
      if (this.made) applyChoice(this.second, config, choice, choice.other);
    } else {
      this.second = this.makeMap(this.place, choice.other, { center: map.getCenter(), zoom: map.getZoom() });
      this.made = false;
      this.ready = this.second.once("idle");
      map.on("move", this.follow);
      this.second.on("load", () => {
        this.made = true;
        applyChoice(this.second, config, choice, choice.other);
        applyFilters(this.second, config, choice);
        this.clock.apply(this.second);
      });
    }
    const title = id => config.layers.find(layer => layer.id === id)?.title ?? "";
    this.sides = { left: title(choice.theme), right: title(choice.other) };
    this.divider.querySelector(".left").textContent = this.sides.left;
    this.divider.querySelector(".right").textContent = this.sides.right;
    this.input.setAttribute("aria-label", fill(config.words.compare, this.sides));
    this.changed = changed;
    this.divide(this.share);
  }
  divide(share) {
    if (!(share >= 0 && share <= 100)) return;
    this.share = share;
    this.input.value = share;
    if (this.sides) this.input.setAttribute("aria-valuetext", fill(this.config.words.border, { ...this.sides, share }));
    this.divider.style.setProperty("--share", `${share}%`);
    this.place.style.clipPath = `inset(0 0 0 ${share}%)`;
    this.changed?.();
  }
  /** The map that is seen at a place of the stage. */
  at(x) {
    const behind = this.second && x > (this.map.getContainer().clientWidth * this.share) / 100;
    return behind ? this.second : this.map;
  }
}
