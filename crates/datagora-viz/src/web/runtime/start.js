// What ties the parts of an interactive map together.

async function start(config) {
  await loadPrograms(config);
  await loadSources(config);
  await document.fonts?.load("16px 'Noto Sans'");
  const choice = new Choice(config);
  const link = readLink();
  if (link.layers !== null) choice.read(link.layers);
  if (link.filter) readFilters(config, choice.filters, link.filter);
  if (config.time && Number.isInteger(link.step) && config.time.steps[link.step] !== undefined) choice.step = link.step;
  const clock = new Clock(config, choice);
  await clock.load();
  if (choice.covers.has(link.compare) && link.compare !== choice.theme) choice.other = link.compare;

  const app = document.getElementById("map-app");
  app.hidden = false;
  const whole = { bounds: config.bounds, fitBoundsOptions: { padding: 16 } };
  let map;
  try {
    map = makeMap(config, choice, "map", choice.theme, link.place ?? whole, true);
  } catch (error) {
    app.hidden = true;
    throw error;
  }
  // Both asked for now: a small map is idle in the moment in which it is loaded.
  const [loaded, idle] = [map.once("load"), map.once("idle")];
  document.documentElement.classList.add("map-on");
  map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-right");
  const swipe = new Swipe(map, config, choice, (place, theme, where) => makeMap(config, choice, place, theme, where, false), clock);
  if (link.divide !== undefined) swipe.share = Math.round(link.divide);
  let selected = null;
  const keep = seldom(() => writeLink(map, config, choice, swipe, selected?.place));
  const tip = new Tip(document.getElementById("stage"));
  const pins = new Pins(config, clock);

  const card = document.getElementById("card");
  const close = () => {
    if (card.hidden) return;
    const inside = card.contains(document.activeElement);
    card.hidden = true;
    selected = null;
    for (const one of [map, swipe.second]) if (one) highlight(one, null);
    announce(config.words.closed);
    if (inside) map.getCanvas().focus();
    keep();
  };
  const select = (point, lngLat, quiet) => {
    const seen = swipe.at(point.x);
    const found = featureAt(seen, config, point, REACH);
    if (!found) {
      close();
      if (!quiet) announce(config.words.nothing);
      return;
    }
    for (const one of [map, swipe.second]) if (one) highlight(one, one === seen ? found.feature : null, lngLat);
    const { id, properties } = found.feature;
    selected = { place: [lngLat.lng, lngLat.lat], layer: found.layer, feature: { id, properties } };
    tip.hide();
    announce(showCard(config, selected.layer, selected.feature, clock));
    keep();
  };
  map.on("click", event => select(event.point, event.lngLat));
  map.on("mousemove", event => {
    const found = featureAt(swipe.at(event.point.x), config, event.point);
    map.getCanvas().style.cursor = found ? "pointer" : "";
    const what = found ? JSON.stringify([found.layer.id, found.feature.id, found.feature.properties]) : null;
    tip.over(what, event.point, () => {
      const told = cardRows(config, found.layer, found.feature, clock).map(row => row.told).filter(Boolean);
      return [headingOf(found.layer, found.feature), ...told.slice(0, 2)];
    });
  });
  map.on("mouseout", () => tip.over(null));
  map.on("movestart", () => tip.hide());
  map.getCanvas().addEventListener("keydown", event => {
    if (event.key === "Enter") {
      const centre = map.getCenter();
      select(map.project(centre), centre);
    }
  });
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    // One thing at a time, the latest first.
    if (tip.element.hidden) close();
    else tip.hide();
  });
  document.getElementById("card-pin").addEventListener("click", () => pins.add(selected.layer, selected.feature));
  document.getElementById("card-close").addEventListener("click", close);

  bindTools(map, config, {
    link: () => {
      keep.now();
      const copy = navigator.clipboard?.writeText(location.href) ?? Promise.reject();
      copy.then(() => announce(config.words.copied), () => announce(config.words.notCopied));
    },
    png: async () => save(config, `${config.id}.png`, await picture(map, swipe, config, choice, document.getElementById("moment").textContent)),
    csv: () => save(config, `${config.id}.csv`, new Blob([tableText(config)], { type: "text/csv" })),
  });
  bindSearch(map, config, bounds => {
    map.fitBounds(bounds, { padding: 24, maxZoom: 17 });
    const [west, south, east, north] = bounds;
    // An address is a point, and marked.
    if (west === east && south === north) highlight(map, { geometry: { type: "Point", coordinates: [west, south] } });
  });
  bindLicences(config);
  const changed = () => {
    applyChoice(map, config, choice, choice.theme);
    swipe.update(keep);
    showLegends(map, config, choice);
    showFilters(config, choice);
    if (config.time) clock.showCounts();
    keep();
  };
  bindLayers(config, choice, changed);
  const each = work => [map, swipe.second].filter(Boolean).forEach(work);
  await bindFilters(config, choice, () => {
    each(one => applyFilters(one, config, choice));
    keep();
  });
  showFilters(config, choice);
  clock.bind(() => {
    each(one => {
      clock.apply(one);
      applyFilters(one, config, choice);
    });
    if (selected && clock.of(selected.layer).length) showCard(config, selected.layer, selected.feature, clock);
    pins.show();
    keep();
  });
  map.on("zoomend", () => showLegends(map, config, choice));
  showLegends(map, config, choice);
  darkScreen.addEventListener("change", () => {
    for (const one of [map, swipe.second]) if (one) applyNight(one, config);
  });

  await loaded;
  clock.apply(map);
  swipe.update(keep);
  await Promise.all([idle, swipe.ready]);
  if (link.at) {
    const lngLat = { lng: link.at[0], lat: link.at[1] };
    select(map.project(lngLat), lngLat, true);
  }
  map.on("moveend", keep);
  document.documentElement.dataset.map = "ready";
}
