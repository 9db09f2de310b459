// A story: the step that is read decides what the map shows.

class StoryPage {
  constructor(config, choice, clock) {
    Object.assign(this, { config, choice, clock, map: null, at: -1 });
    this.steps = [...document.querySelectorAll(".step")];
    this.graphic = document.getElementById("graphic");
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.narrow = matchMedia("(max-width: 899px)");
    // Which figure belongs to which step: it moves beside the text while its step is read.
    this.figures = this.steps.map(step => step.querySelector("figure"));
  }
  /** Follows the scroll: the step on the line that the eye reads is the one shown. */
  watch() {
    this.observer?.disconnect();
    // Below the map on narrow screens, in the middle on wide ones.
    const rootMargin = this.narrow.matches ? "-68% 0px -30% 0px" : "-45% 0px -53% 0px";
    this.observer = new IntersectionObserver(entries => {
      const entry = entries.findLast(entry => entry.isIntersecting);
      if (!entry || this.aimed || scrollY === this.rest) return;
      this.rest = null;
      this.show(this.steps.indexOf(entry.target));
    }, { rootMargin });
    for (const step of this.steps) this.observer.observe(step);
  }
  /** Goes to a step; the focus follows keys, not buttons, which are pressed again. */
  go(at, focus) {
    const step = this.steps[at];
    if (!step) return;
    this.aim();
    step.scrollIntoView({ behavior: this.calm.matches ? "auto" : "smooth", block: this.narrow.matches ? "start" : "center" });
    if (focus) step.focus({ preventScroll: true });
    this.show(at, true);
  }
  /**
   * What the scroll passes on its way to a step, or finds on the line where a step cannot be, is not what was asked for: until it has
   * come to rest, and until it leaves that place.
   */
  aim() {
    const turn = this.turn = (this.turn ?? 0) + 1;
    this.aimed = true;
    const arrived = () => {
      const from = scrollY;
      requestAnimationFrame(() => requestAnimationFrame(() => {
        if (turn !== this.turn) removeEventListener("scrollend", arrived);
        // The end of the scroll before this one is not the end of this one.
        if (turn !== this.turn || scrollY !== from) return;
        removeEventListener("scrollend", arrived);
        Object.assign(this, { aimed: false, rest: scrollY });
      }));
    };
    addEventListener("scrollend", arrived);
    // There may be nothing to scroll.
    setTimeout(arrived, 1500);
  }
  show(at, told) {
    if (at === this.at) return;
    const { config, steps } = this;
    this.home();
    this.at = at;
    steps.forEach((step, which) => step.classList.toggle("now", which === at));
    const words = fill(config.words.step, { at: at + 1, all: steps.length });
    document.getElementById("story-place").textContent = words;
    document.getElementById("story-progress").value = at + 1;
    // A button that is disabled would lose the focus.
    document.getElementById("story-back").setAttribute("aria-disabled", at === 0);
    document.getElementById("story-on").setAttribute("aria-disabled", at === steps.length - 1);
    history.replaceState(null, "", `#${steps[at].id}`);
    if (told) announce(`${words}${config.words.colon}${steps[at].querySelector("h2").textContent}`);
    const { scene, view } = config.story[at];
    // A map that is hidden has no size into which a place could be fitted.
    this.graphic.classList.remove("viewed");
    if (scene) this.showScene(scene);
    this.graphic.classList.toggle("viewed", view);
    if (view) this.lift(at);
  }
  /** Moves the figure of a step beside the text, where it may be higher than the screen and is scrolled by keys, too. */
  lift(at) {
    this.figures[at].tabIndex = 0;
    this.graphic.append(this.figures[at]);
  }
  /** Puts the figure of the step back where it belongs: before another step, and before paper. */
  home() {
    const figure = this.graphic.querySelector(":scope > figure");
    if (!figure) return;
    figure.removeAttribute("tabindex");
    this.steps[this.at].querySelector(".plate h3").after(figure);
  }
  showScene({ bounds, layers, filter, step, feature }) {
    const { config, map, choice } = this;
    choice.reset();
    // A story has one map.
    choice.other = null;
    if (layers !== null) {
      choice.theme = null;
      choice.read(layers);
    }
    readFilters(config, choice.filters, filter);
    if (step !== null) choice.step = step;
    applyChoice(map, config, choice, choice.theme);
    applyFilters(map, config, choice);
    this.clock.apply(map);
    if (config.time) this.clock.showCounts();
    showLegends(map, config, choice);
    this.outline(feature);
    // The legends of another step leave another room.
    map.resize();
    // MapLibre goes there at once where motion is not wanted.
    const { clientWidth, clientHeight } = map.getContainer();
    // What is outlined is seen among its neighbours.
    const padding = feature ? 0.2 * Math.min(clientWidth, clientHeight) : 24;
    map.fitBounds(bounds, { padding, duration: 1200 });
  }
  /** Outlines the features of a layer that have a value. */
  outline(feature) {
    const { map, config } = this;
    for (const id of ["told-around", "told-line", "told-point"]) if (map.getLayer(id)) map.removeLayer(id);
    if (!feature) return;
    const [layer, attribute, value] = feature;
    const [first] = config.layers.find(one => one.id === layer).parts;
    const { source, "source-layer": part } = config.style.layers.find(one => one.id === first);
    const filter = ["==", ["to-string", ["get", attribute]], value];
    const base = { source, ...(part && { "source-layer": part }) };
    const line = (id, width, colour) => map.addLayer({
      ...base, id, type: "line", filter, layout: { "line-join": "round" }, paint: { "line-width": width, "line-color": colour },
    });
    line("told-around", 6, "#ffffff");
    line("told-line", 3, "#1b1f24");
    map.addLayer({
      ...base, id: "told-point", type: "circle", filter: ["all", filter, ["==", ["geometry-type"], "Point"]],
      paint: { "circle-radius": 10, "circle-opacity": 0, "circle-stroke-width": 3, "circle-stroke-color": "#1b1f24" },
    });
  }
  bind() {
    const press = (id, by) => document.getElementById(id).addEventListener("click", () => this.go(this.at + by));
    press("story-back", -1);
    press("story-on", 1);
    const ways = { PageDown: 1, ArrowRight: 1, PageUp: -1, ArrowLeft: -1 };
    document.addEventListener("keydown", event => {
      const by = ways[event.key];
      // What scrolls or is written in has these keys for itself.
      if (!by || event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea, .scroll, pre")) return;
      event.preventDefault();
      this.go(this.at + by, true);
    });
    addEventListener("beforeprint", () => this.home());
    addEventListener("afterprint", () => {
      if (this.config.story[this.at]?.view) this.lift(this.at);
    });
    this.narrow.addEventListener("change", () => this.watch());
  }
}

async function start(config) {
  await loadPrograms(config);
  await loadSources(config);
  await document.fonts?.load("16px 'Noto Sans'");
  const choice = new Choice(config);
  const clock = new Clock(config, choice);
  await clock.load();
  const graphic = document.getElementById("graphic");
  const page = new StoryPage(config, choice, clock);
  // A map keeps the size of the place in which it is made until that changes: first the place, then the map.
  const lay = on => {
    graphic.hidden = document.getElementById("story-nav").hidden = !on;
    document.documentElement.classList.toggle("map-on", on);
  };
  lay(true);
  // How far below the top of the page the texts begin.
  const above = () => {
    const { top } = document.getElementById("map-app").getBoundingClientRect();
    graphic.style.setProperty("--above", `${top + scrollY}px`);
  };
  above();
  new ResizeObserver(above).observe(document.querySelector("header"));
  // Folded where it would leave the map no room.
  document.getElementById("keys").open = matchMedia("(min-width: 640px)").matches;
  let map;
  try {
    map = makeMap(config, choice, "map", choice.theme, { bounds: config.bounds, fitBoundsOptions: { padding: 24 } }, false);
  } catch (error) {
    lay(false);
    throw error;
  }
  page.map = map;
  const [loaded, idle] = [map.once("load"), map.once("idle")];
  map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-right");
  bindLicences(config);
  darkScreen.addEventListener("change", () => applyNight(map, config));
  await loaded;
  const asked = page.steps.findIndex(step => `#${step.id}` === location.hash);
  page.bind();
  if (asked > 0) page.steps[asked].scrollIntoView({ behavior: "auto", block: page.narrow.matches ? "start" : "center" });
  page.show(Math.max(0, asked));
  page.watch();
  await idle;
  document.documentElement.dataset.map = "ready";
}
