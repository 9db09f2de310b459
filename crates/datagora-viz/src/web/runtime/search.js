// The search: places and addresses while they are written.

/** « Écully », « ecully » and « ÉCULLY » are one; so are « Saint-Fons » and « saint fons ». */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae")
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/** What stands in addresses for words that do not begin so. */
const SHORT = { bd: "boulevard", bld: "boulevard", blvd: "boulevard", fbg: "faubourg", st: "saint", ste: "sainte", crs: "cours", rte: "route" };

/** As many as a list shows without a scroll of its own. */
const MOST_FOUND = 8;

/** Streets with their addresses, read when they are first asked for. */
function readAddresses(text) {
  const streets = [];
  const lines = text.split("\n");
  let [east, north] = [0, 0];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const numbers = [];
    for (const address of lines[at + 1].split(";")) {
      const [number, x, y] = address.split(",");
      east += parseInt(x, 36);
      north += parseInt(y, 36);
      numbers.push([number, east / 1e5, north / 1e5]);
    }
    streets.push({ name: lines[at], words: plain(lines[at]).split(" "), numbers });
  }
  return streets;
}

/** The words of a query that begin no word of a name, each word of the name taken once. */
function unmatched(query, words) {
  const free = [...words];
  return query.filter(part => {
    const at = free.findIndex(word => word.startsWith(part) || (SHORT[part] && word.startsWith(SHORT[part])));
    if (at >= 0) free.splice(at, 1);
    return at < 0;
  });
}

/** How well a name answers, the lowest best: as written, then begun so, then by words; short before long. */
function rank(query, words) {
  const [wanted, name] = [query.join(" "), words.join(" ")];
  return (name === wanted ? 0 : name.startsWith(wanted) ? 1000 : 2000) + Math.min(999, name.length);
}

/** What answers a query: [name, bounds], the best first. */
function findPlaces(query, places, streets) {
  const words = plain(query).split(" ").filter(Boolean);
  if (!words.length) return [];
  const found = [];
  for (const { name, words: own, bounds } of places) {
    if (!unmatched(words, own).length) found.push([rank(words, own) - 500, name, bounds]);
  }
  for (const { name, words: own, numbers } of streets) {
    const rest = unmatched(words, own);
    if (!rest.length) {
      const [x, y] = [1, 2].map(axis => numbers.map(number => number[axis]));
      found.push([rank(words, own), name, [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)]]);
    } else if (/^\d/.test(rest[0])) {
      // « 12 », « 12 b » and « 12 bis » of this street.
      const wanted = rest.join("");
      for (const [number, x, y] of numbers) {
        const own = plain(number).replaceAll(" ", "");
        if (own.startsWith(wanted)) found.push([(own === wanted ? 0 : 3000) + name.length, `${number} ${name}`, [x, y, x, y]]);
      }
    }
  }
  return found.sort((one, other) => one[0] - other[0]).slice(0, MOST_FOUND).map(([, name, bounds]) => [name, bounds]);
}

function bindSearch(map, config, show) {
  const form = document.getElementById("search");
  if (!form) return;
  const input = document.getElementById("place");
  const list = document.getElementById("found");
  const places = config.places.map(([name, bounds]) => ({ name, bounds, words: plain(name).split(" ") }));
  let streets = null;
  const ready = () => (streets ??= "addresses" in config.files
    ? loadHeld(config, "addresses").then(bytes => readAddresses(new TextDecoder().decode(bytes))) : Promise.resolve([]));
  input.addEventListener("focus", ready, { once: true });
  let found = [];
  let active = -1;
  const point = at => {
    active = at;
    [...list.children].forEach((option, which) => option.setAttribute("aria-selected", which === at));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `found-${at}`);
  };
  const close = () => {
    point(-1);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const go = ([name, bounds]) => {
    input.value = name;
    close();
    show(bounds);
    announce(fill(config.words.found, name));
  };
  const offer = async () => {
    const query = input.value;
    const known = await ready();
    if (query !== input.value) return;
    found = findPlaces(query, places, known);
    list.replaceChildren(...found.map(([name], at) => {
      const option = make("li", { id: `found-${at}`, role: "option", "aria-selected": "false" }, name);
      option.addEventListener("mousedown", event => {
        // The focus stays in the field.
        event.preventDefault();
        go(found[at]);
      });
      return option;
    }));
    close();
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    if (plain(query)) announce(found.length ? fill(config.words.offered, found.length) : fill(config.words.notFound, query));
  };
  input.addEventListener("input", offer);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", async event => {
    const down = event.key === "ArrowDown";
    if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    } else if (down || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) await offer();
      if (list.hidden) return;
      // From the field to the first or the last, and around.
      const count = found.length + 1;
      point(((active + 1 + (down ? 1 : -1) + count) % count) - 1);
    }
  });
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const chosen = active;
    if (chosen < 0 || list.hidden) await offer();
    const answer = found[Math.max(0, chosen)];
    if (answer) go(answer);
    else announce(fill(config.words.notFound, input.value));
  });
}
