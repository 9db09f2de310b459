// Time: values by step, and the controls that play them.

/** Milliseconds for which a step is shown before it counts as one at which time rests. */
const REST = 250;

/** Values of a layer by step, which colour or size its features. */
class Steps {
  constructor(layer, spec, bytes, steps) {
    const { rows, decimals } = spec;
    Object.assign(this, { layer, spec, rows, steps });
    let at = spec.classes ? rows * steps : 0;
    this.classes = bytes.subarray(0, at);
    this.values = new Float64Array(rows * steps);
    const unit = 10 ** decimals;
    for (let row = 0; row < rows; row++) {
      let whole = 0;
      for (let step = 0; step < steps; step++) {
        let number = 0;
        let byte;
        for (let scale = 1; ; scale *= 128) {
          byte = bytes[at++];
          number += (byte & 127) * scale;
          if (byte < 128) break;
        }
        // 0 is no value; the lowest bit of the rest is the sign of the change.
        if (number) whole += number % 2 ? (number - 1) / 2 : -number / 2;
        this.values[row * steps + step] = number ? whole / unit : NaN;
      }
    }
  }
  /** What a feature is drawn by at a step: its amount, or its class; -1 without. */
  stateOf(row, step) {
    if (this.spec.sized) {
      const value = this.values[row * this.steps + step];
      return Number.isFinite(value) ? value : -1;
    }
    const now = this.classes[step * this.rows + row];
    return now === 255 ? -1 : now;
  }
  /** Gives each feature that changes its state at a step, of which its colour or size follows. */
  apply(map, from, step) {
    const { source } = this.layer;
    const { state } = this.spec;
    for (let row = 0; row < this.rows; row++) {
      const now = this.stateOf(row, step);
      if (from === undefined || this.stateOf(row, from) !== now) map.setFeatureState({ source, id: row }, { [state]: now });
    }
  }
  /** Puts what is large below what is small, as it is at a step. Features are laid out anew, beside what is seen. */
  sort(map, step) {
    if (!this.spec.sized) return;
    const below = Array.from({ length: this.rows }, (_, row) => -this.stateOf(row, step));
    const property = this.layer.sizes.lines ? "line-sort-key" : "circle-sort-key";
    map.setLayoutProperty(this.layer.parts[0], property, ["at", ["to-number", ["id"]], ["literal", below]]);
  }
  of(row) {
    return this.values.subarray(row * this.steps, (row + 1) * this.steps);
  }
  /** Features at a step by what the legend counts: classes, those of amount zero, those without. */
  counts(step) {
    const counts = new Map();
    const prefix = this.spec.sized ? "size-" : "";
    const add = what => counts.set(prefix + what, (counts.get(prefix + what) ?? 0) + 1);
    for (let row = 0; row < this.rows; row++) {
      const what = this.spec.classes ? this.classes[step * this.rows + row] : this.stateOf(row, step);
      if (what === (this.spec.classes ? 255 : -1)) add("missing");
      else if (this.spec.classes) add(what);
      else if (what === 0) add("zero");
    }
    return counts;
  }
}

/** The step shown; without steps, nothing. */
class Clock {
  constructor(config, choice) {
    Object.assign(this, { config, choice, all: [], drawn: new WeakMap(), rests: new Map(), timer: null });
  }
  async load() {
    const { time, layers } = this.config;
    for (const layer of layers) {
      for (const spec of layer.steps) this.all.push(new Steps(layer, spec, await loadHeld(this.config, spec.held), time.steps.length));
    }
  }
  /** The values by step of a layer: of its colour, of its size. */
  of(layer) {
    return this.all.filter(steps => steps.layer === layer);
  }
  get name() {
    return this.config.time?.steps[this.choice.step] ?? "";
  }
  /** Colours and sizes a map for the step. */
  apply(map) {
    for (const steps of this.all) steps.apply(map, this.drawn.get(map), this.choice.step);
    this.drawn.set(map, this.choice.step);
    this.forget(map);
    // While time plays, what is seen is sorted at each step, unless a map still lays out one before; what is not waits for a rest.
    if (this.timer !== null) {
      const seen = this.all.filter(({ layer }) => this.choice.isShown(layer.id) && map.isSourceLoaded(layer.source));
      for (const steps of seen) steps.sort(map, this.choice.step);
    }
    this.rests.set(map, setTimeout(() => {
      if (this.timer === null) for (const steps of this.all) steps.sort(map, this.choice.step);
    }, REST));
  }
  /** Nothing more is to be done for a map, as for one that is gone. */
  forget(map) {
    clearTimeout(this.rests.get(map));
    this.rests.delete(map);
  }
  bind(changed) {
    if (!this.config.time) return;
    const { time, words } = this.config;
    const [slider, play, pace] = ["step", "play", "pace"].map(id => document.getElementById(id));
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const last = time.steps.length - 1;
    const paint = play.querySelector("path");
    const [start, rest] = [paint.getAttribute("d"), "M6 4v12M14 4v12"];
    const show = () => {
      slider.value = this.choice.step;
      slider.setAttribute("aria-valuetext", this.name);
      document.getElementById("step-name").textContent = this.name;
      this.showCounts();
    };
    const go = (step, quiet) => {
      this.choice.step = Math.min(last, Math.max(0, step));
      show();
      changed();
      if (!quiet) announce(`${time.name}${words.colon}${this.name}`);
    };
    this.go = go;
    const stop = () => {
      if (this.timer === null) return;
      clearTimeout(this.timer);
      this.timer = null;
      paint.setAttribute("d", start);
      for (const name of ["aria-label", "title"]) play.setAttribute(name, words.play);
      changed();
      announce(`${time.name}${words.colon}${this.name}`);
    };
    // One step after the other, each for as long as the pace says and at least until it is drawn.
    const tick = () => {
      this.timer = setTimeout(() => requestAnimationFrame(() => {
        if (this.timer === null) return;
        go(this.choice.step + 1, true);
        if (this.choice.step === last) stop();
        else tick();
      }), 1000 / (time.pace * Number(pace.value)));
    };
    play.addEventListener("click", () => {
      if (this.timer !== null) return stop();
      if (this.choice.step === last) go(0, true);
      paint.setAttribute("d", rest);
      for (const name of ["aria-label", "title"]) play.setAttribute(name, words.pause);
      tick();
    });
    slider.addEventListener("input", () => {
      stop();
      go(Number(slider.value));
    });
    for (const [id, by] of [["step-back", -1], ["step-on", 1]]) {
      document.getElementById(id).addEventListener("click", () => {
        stop();
        go(this.choice.step + by);
      });
    }
    calm.addEventListener("change", () => {
      if (calm.matches) stop();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) stop();
    });
    show();
  }
  /** Legends count the features of the step. */
  showCounts() {
    for (const steps of this.all) {
      const counts = steps.counts(this.choice.step);
      for (const count of document.querySelectorAll(`[data-legend="${steps.layer.id}"] [data-count]`)) {
        const { count: which } = count.dataset;
        if (which.startsWith("size-") === steps.spec.sized) count.textContent = formatNumber(this.config, counts.get(which) ?? 0, 0);
      }
    }
    const moment = document.getElementById("moment");
    // Said while something that is shown follows the time.
    const theme = this.config.layers.find(layer => (layer.steps.length || layer.period) && (this.choice.isShown(layer.id) || layer.id === this.choice.other));
    moment.textContent = theme ? [theme.title, this.name].filter(Boolean).join(" – ") : "";
    moment.hidden = !theme;
  }
}

/** The course of a feature as a line, with a mark at the step shown; gaps where there is no value. */
function courseOf(values, step) {
  const known = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = at => (values.length > 1 ? (196 * at) / (values.length - 1) + 2 : 100);
  const y = value => (high > low ? 36 - (32 * (value - low)) / (high - low) : 20);
  let path = "";
  let open = false;
  values.forEach((value, at) => {
    if (Number.isFinite(value)) path += `${open ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    open = Number.isFinite(value);
  });
  const mark = Number.isFinite(values[step]) ? `<circle cx="${x(step).toFixed(1)}" cy="${y(values[step]).toFixed(1)}" r="3"/>` : "";
  const svg = new DOMParser().parseFromString(
    `<svg xmlns="http://www.w3.org/2000/svg" class="course" viewBox="0 0 200 40" aria-hidden="true"><path d="${path}"/>${mark}</svg>`,
    "image/svg+xml",
  );
  return document.importNode(svg.documentElement, true);
}
