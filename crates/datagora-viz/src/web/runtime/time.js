// Time: values by step, and the controls that play them.

/** The classes and values of a layer by step. */
class Steps {
  constructor(layer, bytes, steps) {
    const { rows, decimals } = layer.steps;
    Object.assign(this, { layer, rows, steps });
    this.classes = bytes.subarray(0, rows * steps);
    this.values = new Float64Array(rows * steps);
    const unit = 10 ** decimals;
    let at = rows * steps;
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
  /** Gives each feature that changes the class of a step, of which its colour follows. */
  apply(map, from, step) {
    const { source, id } = this.layer;
    for (let row = 0; row < this.rows; row++) {
      const now = this.classes[step * this.rows + row];
      if (from !== undefined && this.classes[from * this.rows + row] === now) continue;
      map.setFeatureState({ source, id: row }, { [id]: now === 255 ? -1 : now });
    }
  }
  of(row) {
    return this.values.subarray(row * this.steps, (row + 1) * this.steps);
  }
  /** Features by class, and those without, at a step. */
  counts(step) {
    const counts = new Map();
    for (const one of this.classes.subarray(step * this.rows, (step + 1) * this.rows)) counts.set(one, (counts.get(one) ?? 0) + 1);
    return counts;
  }
}

/** The step shown; without steps, nothing. */
class Clock {
  constructor(config, choice) {
    Object.assign(this, { config, choice, layers: new Map(), drawn: new WeakMap(), timer: null });
  }
  async load() {
    const { time, layers } = this.config;
    for (const layer of layers.filter(layer => layer.steps)) {
      this.layers.set(layer.id, new Steps(layer, await loadHeld(this.config, `steps-${layer.id}`), time.steps.length));
    }
  }
  get name() {
    return this.config.time?.steps[this.choice.step] ?? "";
  }
  /** Colours a map for the step. */
  apply(map) {
    for (const steps of this.layers.values()) steps.apply(map, this.drawn.get(map), this.choice.step);
    this.drawn.set(map, this.choice.step);
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
    for (const steps of this.layers.values()) {
      const counts = steps.counts(this.choice.step);
      for (const count of document.querySelectorAll(`[data-legend="${steps.layer.id}"] [data-count]`)) {
        const which = count.dataset.count === "missing" ? 255 : Number(count.dataset.count);
        count.textContent = formatNumber(this.config, counts.get(which) ?? 0, 0);
      }
    }
    const moment = document.getElementById("moment");
    const theme = this.config.layers.find(layer => layer.steps && this.choice.isShown(layer.id));
    moment.textContent = [theme?.title, this.name].filter(Boolean).join(" – ");
    moment.hidden = false;
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
