// The map: how it is made, what is read and what is lifted out of it.

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
    if (map.hasImage(event.id)) return;
    // Of what is missing, or of a colour that the name of the picture holds.
    const canvas = hatch(event.id === "missing" ? "#969696" : event.id.replace("hatch-", "#"));
    map.addImage(event.id, canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: 2 });
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
