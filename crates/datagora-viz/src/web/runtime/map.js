// The map, and what ties the parts together.

function hasWebgl() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

/** A pointer is less sure than a needle. */
const REACH = 3;

function makeMap(config, choice, container, theme, place, interactive) {
  const { words } = config;
  const map = new maplibregl.Map({
    container,
    style: styleOf(config, choice, theme),
    attributionControl: false,
    interactive,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    // A finger that scrolls the page must get past the map.
    cooperativeGestures: interactive && matchMedia("(pointer: coarse)").matches,
    locale: {
      "Map.Title": words.map,
      "CooperativeGesturesHandler.MobileHelpText": words.fingers,
      "CooperativeGesturesHandler.WindowsHelpText": words.scroll,
      "CooperativeGesturesHandler.MacHelpText": words.scroll,
    },
    ...place,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.on("styleimagemissing", event => {
    if (event.id !== "missing" || map.hasImage("missing")) return;
    const canvas = hatch();
    map.addImage("missing", canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: 2 });
  });
  return map;
}

/** What is read at a place: the topmost feature of a layer with a card. */
function featureAt(map, config, point, reach) {
  const parts = new Map(config.layers.filter(layer => layer.read).flatMap(layer => layer.parts.map(part => [part, layer])));
  const layers = [...parts.keys()].filter(part => map.getLayoutProperty(part, "visibility") !== "none");
  const read = where => map.queryRenderedFeatures(where, { layers })[0];
  const { x, y } = point;
  const feature = read([x, y]) ?? (reach && read([[x - reach, y - reach], [x + reach, y + reach]]));
  return feature && { feature, layer: parts.get(feature.layer.id) };
}

/** Whether a ring goes around a place. */
function surrounds(ring, { lng, lat }) {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
    const [[x, y], [fromX, fromY]] = [ring[at], ring[before]];
    if (y > lat !== fromY > lat && lng < x + ((fromX - x) * (lat - y)) / (fromY - y)) inside = !inside;
  }
  return inside;
}

/** The surface that was asked about, of a feature that holds all of equal value in a tile. */
function partAt({ type, coordinates }, lngLat) {
  const part = type === "MultiPolygon" && coordinates.find(rings => surrounds(rings[0], lngLat));
  return part ? { type: "Polygon", coordinates: part } : { type, coordinates };
}

/** Lifts the feature that the card is about out of the others. */
function highlight(map, feature, lngLat) {
  const features = feature ? [{ type: "Feature", geometry: partAt(feature.geometry, lngLat), properties: {} }] : [];
  const data = { type: "FeatureCollection", features };
  const source = map.getSource("selected");
  if (source) {
    source.setData(data);
    return;
  }
  map.addSource("selected", { type: "geojson", data });
  const line = (id, width, colour) => map.addLayer({
    id, type: "line", source: "selected", layout: { "line-join": "round" }, paint: { "line-width": width, "line-color": colour },
  });
  line("selected-around", 5, "#ffffff");
  line("selected-line", 2.5, "#1b1f24");
  map.addLayer({
    id: "selected-point", type: "circle", source: "selected", filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-radius": 9, "circle-opacity": 0, "circle-stroke-width": 3, "circle-stroke-color": "#1b1f24" },
  });
}

async function start(config) {
  await loadPrograms(config);
  await loadSources(config);
  await document.fonts?.load("16px 'Noto Sans'");
  const choice = new Choice(config);
  const link = readLink();
  if (link.layers !== null) choice.read(link.layers);
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
  const swipe = new Swipe(map, config, choice, (place, theme, where) => makeMap(config, choice, place, theme, where, false));
  if (link.divide !== undefined) swipe.share = Math.round(link.divide);
  let selected = null;
  const keep = () => writeLink(map, choice, swipe, selected);

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
    announce(showCard(config, found.layer, found.feature.properties));
    selected = [lngLat.lng, lngLat.lat];
    keep();
  };
  map.on("click", event => select(event.point, event.lngLat));
  map.on("mousemove", event => {
    map.getCanvas().style.cursor = featureAt(swipe.at(event.point.x), config, event.point) ? "pointer" : "";
  });
  map.getCanvas().addEventListener("keydown", event => {
    if (event.key === "Enter") {
      const centre = map.getCenter();
      select(map.project(centre), centre);
    }
  });
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") close();
  });
  document.getElementById("card-close").addEventListener("click", close);

  bindTools(map, config, {
    link: () => {
      keep();
      const copy = navigator.clipboard?.writeText(location.href) ?? Promise.reject();
      copy.then(() => announce(config.words.copied), () => announce(config.words.notCopied));
    },
    png: async () => save(config, `${config.id}.png`, await picture(map, swipe, config, choice)),
    csv: () => save(config, `${config.id}.csv`, new Blob([tableText(config)], { type: "text/csv" })),
  });
  bindSearch(map, config);
  bindLicences(config);
  const changed = () => {
    applyChoice(map, config, choice, choice.theme);
    swipe.update(keep);
    showLegends(map, config, choice);
    keep();
  };
  bindLayers(choice, changed);
  map.on("zoomend", () => showLegends(map, config, choice));
  showLegends(map, config, choice);
  darkScreen.addEventListener("change", () => {
    for (const one of [map, swipe.second]) if (one) applyNight(one, config);
  });

  await loaded;
  swipe.update(keep);
  await Promise.all([idle, swipe.ready]);
  if (link.at) {
    const lngLat = { lng: link.at[0], lat: link.at[1] };
    select(map.project(lngLat), lngLat, true);
  }
  map.on("moveend", keep);
  document.documentElement.dataset.map = "ready";
}

async function open() {
  const config = JSON.parse(document.getElementById("map-config").textContent);
  const tell = words => {
    const line = document.getElementById("no-map");
    line.textContent = words;
    line.hidden = false;
  };
  if (!hasWebgl()) {
    tell(config.words.noWebgl);
    return;
  }
  try {
    await start(config);
  } catch (error) {
    console.error(error);
    tell(config.words.failed);
  }
}

open();
