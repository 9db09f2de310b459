// The link to what is shown: position, layers, filters, step, comparison, selection.

/** Reads `#map=zoom/latitude/longitude&layers=a,b&filter=0:5~20&step=3&compare=c&divide=50&at=longitude,latitude`. */
function readLink() {
  const link = new URLSearchParams(location.hash.slice(1));
  const numbers = (key, cut) => {
    const values = (link.get(key) ?? "").split(cut).map(Number);
    return values.every(Number.isFinite) ? values : [];
  };
  const [zoom, latitude, longitude] = link.has("map") ? numbers("map", "/") : [];
  const at = link.has("at") ? numbers("at", ",") : [];
  return {
    place: longitude === undefined || Math.abs(latitude) > 90 ? null : { zoom, center: [longitude, latitude] },
    layers: link.get("layers"),
    filter: link.get("filter"),
    step: link.has("step") ? numbers("step", ",")[0] : undefined,
    compare: link.get("compare"),
    divide: link.has("divide") ? numbers("divide", ",")[0] : undefined,
    at: at.length === 2 && Math.abs(at[1]) <= 90 ? at : null,
  };
}

/** Milliseconds between two links: browsers refuse pages that change theirs a hundred times in ten seconds. */
const PAUSE = 150;

/** Does work at once; what is asked for soon after is done once, in the end. `now` does not wait. */
function seldom(work) {
  let [last, soon] = [-Infinity, null];
  const now = () => {
    clearTimeout(soon);
    last = performance.now();
    work();
  };
  const later = () => {
    clearTimeout(soon);
    const rest = last + PAUSE - performance.now();
    if (rest > 0) soon = setTimeout(now, rest);
    else now();
  };
  return Object.assign(later, { now });
}

function writeLink(map, config, choice, swipe, selected) {
  const { lng, lat } = map.getCenter();
  const parts = [`map=${map.getZoom().toFixed(2)}/${lat.toFixed(5)}/${lng.toFixed(5)}`];
  if (choice.changed()) parts.push(`layers=${choice.words()}`);
  const filter = filterWords(config, choice.filters);
  if (filter) parts.push(`filter=${filter}`);
  if (config.time && choice.step !== config.time.opening) parts.push(`step=${choice.step}`);
  if (choice.other) parts.push(`compare=${choice.other}&divide=${swipe.share}`);
  if (selected) parts.push(`at=${selected.map(degrees => degrees.toFixed(6)).join(",")}`);
  // Keeps the history of the browser as it is: every move would be a step back otherwise.
  history.replaceState(null, "", `#${parts.join("&")}`);
}
