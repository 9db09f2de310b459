// What must hold in a browser of two dates and their difference, and of circles and lines that follow amounts.
import assert from "node:assert/strict";
import { readPng } from "./browser.mjs";
import { accessible, card, check, expected, finish, hash, hex, placeOnPage, withPage } from "./harness.mjs";

const STEP = 0.01;
const [WEST, SOUTH] = [4.8, 45.7];
const middle = zone => [WEST + STEP * ((zone % 4) + 0.5), SOUTH + STEP * (Math.floor(zone / 4) + 0.5)];
const opening = "#map=12.5/45.72/4.82";
const with_ = words => ({ hash: `${opening}&${words}` });
const wait = seconds => new Promise(resolve => setTimeout(resolve, 1000 * seconds));
const before = zone => 10 + 2 * zone;
const after = zone => before(zone) + zone - 7;
const class_ = value => [15, 25, 35, Infinity].findIndex(bound => value <= bound);
const value = page => page.eval("Number(document.getElementById('divide').value)");

/** The colour of a place, beside the circle in the middle of a zone. */
async function ground(page, zone) {
  const [x, y] = await placeOnPage(page, middle(zone)[0] - 0.2 * STEP, middle(zone)[1] - 0.3 * STEP);
  const scrolled = await page.eval("scrollY");
  return hex(readPng(await page.screenshot({ x: Math.round(x), y: Math.round(y) + scrolled, width: 1, height: 1 })).at(0, 0));
}

/** Waits until a zone has a colour. */
async function turns(page, zone, colour) {
  for (let turn = 0; turn < 60 && (await ground(page, zone)) !== colour; turn++) await wait(0.05);
  assert.equal(await ground(page, zone), colour);
}

/** Where the border is taken: the middle of its handle, and a place on its line. */
const handles = page => page.eval(`(() => {
  const { x, y, width, height } = document.getElementById("divide").getBoundingClientRect();
  const grip = document.getElementById("grip").getBoundingClientRect();
  const stage = document.getElementById("stage").getBoundingClientRect();
  const share = Number(document.getElementById("divide").value) / 100;
  return {
    thumb: [x + height / 2 + share * (width - height), y + height / 2],
    line: [grip.x + grip.width / 2, grip.y + grip.height / 4],
    left: stage.x, width: stage.width,
  };
})()`);

async function drag(page, from, to) {
  const mouse = (type, [x, y], button = "left") => page.send("Input.dispatchMouseEvent", { type, x, y, button, buttons: 1, clickCount: 1 });
  await mouse("mouseMoved", from, "none");
  await mouse("mousePressed", from);
  for (let part = 1; part <= 4; part++) await mouse("mouseMoved", from.map((at, axis) => at + ((to[axis] - at) * part) / 4));
  await mouse("mouseReleased", to);
}

await check("two dates open side by side, each in its colours", () => withPage("change-fr.html", with_(""), async page => {
  assert.equal(await page.eval("document.getElementById('divider').hidden"), false);
  assert.equal(await page.eval("document.querySelector('[data-comparison] input:checked').value"), "both");
  assert.deepEqual(await page.eval("[...document.querySelectorAll('.side')].map(one => one.textContent)"), ["Canopée en 2015", "Canopée en 2023"]);
  for (const zone of [0, 4, 8, 12, 1, 5]) await turns(page, zone, expected.dates[class_(before(zone))]);
  for (const zone of [3, 7, 11, 15, 2, 6]) await turns(page, zone, expected.dates[class_(after(zone))]);
  // Nothing that is shown follows the time.
  assert.equal(await page.eval("document.getElementById('moment').hidden"), true);
  // Zones whose class is another at the other date, so that a map of one date alone would fail.
  assert([0, 4, 8, 12, 1, 5].some(zone => class_(before(zone)) !== class_(after(zone))));
}));

await check("the border follows mouse and finger, at its handle and at its line", () => withPage("change-fr.html", with_("compare=y2023&divide=50"), async page => {
  const { thumb, left, width } = await handles(page);
  await drag(page, thumb, [left + 0.9 * width, thumb[1]]);
  assert(Math.abs((await value(page)) - 90) <= 2, `${await value(page)}`);
  // Zone 15 was in 2023 and is in 2015 now.
  await turns(page, 15, expected.dates[class_(before(15))]);
  assert.match(await hash(page), /compare=y2023&divide=(8[89]|9[0-2])/);
  const { line } = await handles(page);
  await drag(page, line, [left + 0.25 * width, line[1]]);
  assert.equal(await value(page), 25);
  await turns(page, 1, expected.dates[class_(after(1))]);
  await page.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  const touch = (type, points) => page.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
  const from = (await handles(page)).line;
  await touch("touchStart", [from]);
  for (let part = 1; part <= 4; part++) await touch("touchMove", [[from[0] + (0.5 * width * part) / 4, from[1]]]);
  await touch("touchEnd", []);
  assert.equal(await value(page), 75);
  // The map has not moved with it.
  assert.match(await hash(page), /map=12\.50\/45\.72000\/4\.82000/);
}));

await check("the border follows the arrows, and says where it is", () => withPage("change-fr.html", { ...with_("compare=y2023&divide=50"), media: { "prefers-reduced-motion": "reduce" } }, async page => {
  await page.eval("document.getElementById('divide').focus()");
  const told = () => page.eval("(() => { const input = document.getElementById('divide'); return [input.getAttribute('aria-label'), input.getAttribute('aria-valuetext')] })()");
  const label = "Limite entre Canopée en 2015 à gauche et Canopée en 2023 à droite";
  assert.deepEqual(await told(), [label, "50\u202f% de la largeur pour Canopée en 2015"]);
  await page.key("ArrowRight");
  await page.key("ArrowRight");
  assert.deepEqual(await told(), [label, "52\u202f% de la largeur pour Canopée en 2015"]);
  await page.key("ArrowLeft");
  assert.equal(await value(page), 51);
  await page.key("End");
  assert.equal(await value(page), 100);
  await turns(page, 15, expected.dates[class_(before(15))]);
  await page.key("Home");
  assert.equal(await value(page), 0);
  await turns(page, 0, expected.dates[class_(after(0))]);
  assert((await hash(page)).includes("divide=0"));
  // What the tree of accessibility gives to a screen reader.
  const { nodes } = await page.send("Accessibility.getFullAXTree");
  const slider = nodes.find(node => node.role?.value === "slider" && node.name.value === label);
  assert.equal(slider.value.value, 0);
}));

await check("layers chosen one right after the other are drawn on both sides", () => withPage("change-fr.html", with_("compare=y2023&divide=50"), async page => {
  await page.eval("for (const layer of ['bicycles', 'traffic', 'hourly']) document.querySelector(`[name=layer][value=${layer}]`).click()");
  const at = async place => {
    const [x, y] = (await placeOnPage(page, ...place)).map(Math.round);
    return hex(readPng(await page.screenshot({ x, y: y + (await page.eval("scrollY")), width: 1, height: 1 })).at(0, 0));
  };
  // A circle, a street from west to east and one from south to north, right of the border.
  for (const [place, colour] of [[middle(15), "#0072b2"], [[WEST + 3.5 * STEP, SOUTH + 3 * STEP], "#d55e00"], [[WEST + 4 * STEP, SOUTH + 0.5 * STEP], "#d55e00"]]) {
    for (let turn = 0; turn < 60 && (await at(place)) !== colour; turn++) await wait(0.05);
    assert.equal(await at(place), colour);
  }
  assert.equal(await page.eval("document.getElementById('moment').textContent"), "Trafic par heure – 7:00");
}));

await check("a handle that is dragged writes few links, and the last", () => withPage("change-fr.html", with_("compare=y2023&divide=50"), async page => {
  await wait(0.3);
  await page.eval("window.links = 0; const write = history.replaceState.bind(history); history.replaceState = (...all) => { window.links += 1; write(...all); }");
  await page.eval("const input = document.getElementById('divide'); for (let share = 0; share <= 97; share++) { input.value = share; input.dispatchEvent(new Event('input')); }");
  assert.match(await hash(page), /divide=97/);
  assert((await page.eval("window.links")) <= 3, `${await page.eval("window.links")} links`);
}));

await check("one date, both or the difference: by choice, and in the link", () => withPage("change-fr.html", with_(""), async page => {
  const choose = side => page.eval(`document.querySelector("[data-comparison] [value=${side}]").click()`);
  const legends = () => page.eval("[...document.querySelectorAll('[data-legend]:not([hidden])')].map(one => one.dataset.legend)");
  await choose("after");
  await turns(page, 0, expected.dates[class_(after(0))]);
  assert.deepEqual([await page.eval("document.getElementById('divider').hidden"), await legends()], [true, ["y2023"]]);
  await choose("before");
  await turns(page, 0, expected.dates[class_(before(0))]);
  await choose("difference");
  const [muchLess, less, same, more, muchMore] = expected.differences;
  for (const [zone, colour] of [[0, muchLess], [5, less], [7, same], [9, more], [15, muchMore]]) await turns(page, zone, colour);
  assert.deepEqual(await legends(), ["change"]);
  const link = await hash(page);
  assert(link.includes("layers=") && link.includes("change") && !link.includes("compare"), link);
  // What is not sure is hatched in the colour of its side, what is not known in grey.
  const seen = async zone => {
    const [x, y] = await placeOnPage(page, ...middle(zone));
    const png = readPng(await page.screenshot({ x: Math.round(x) - 8, y: Math.round(y) - 8 + (await page.eval("scrollY")), width: 16, height: 16 }));
    return new Set(Array.from({ length: 256 }, (_, at) => hex(png.at(at % 16, at >> 4))));
  };
  const [unsure, unknown] = [await seen(10), await seen(13)];
  const near = (one, other) => [1, 3, 5].every(at => Math.abs(parseInt(one.slice(at, at + 2), 16) - parseInt(other.slice(at, at + 2), 16)) < 48);
  assert([...unsure].some(colour => near(colour, muchMore)) && unsure.has("#ffffff"), [...unsure].join(" "));
  assert(!expected.differences.some(colour => unknown.has(colour)) && unknown.size > 1, [...unknown].join(" "));
  const legend = (await page.eval("document.querySelector('[data-legend=change]').innerText")).replaceAll("\n", " ");
  for (const words of ["(points)", "Hausse", "+4,0 à +8,0", "À peu près stable", "−1,5 à +1,5", "Baisse", "hausse non établie", "pas de donnée", "contient zéro"]) {
    assert(legend.includes(words), `${words} in ${legend}`);
  }
  const [x, y] = await placeOnPage(page, ...middle(10));
  await page.click(x, y);
  await page.until("!document.getElementById('card').hidden");
  const told = (await card(page)).replace(/\s+/g, " ");
  assert(/Canopée, 2023 − 2015 \+3,0 \[−5,5 à 11,5\] points Sens hausse non établie/.test(told), told);
  await choose("both");
  assert.deepEqual([await page.eval("document.getElementById('divider').hidden"), await legends()], [false, ["y2015", "y2023"]]);
}));

await check("a link opens the difference, another one date alone", async () => {
  await withPage("change-en.html", with_("layers=change,land"), async page => {
    assert.equal(await page.eval("document.querySelector('[data-comparison] input:checked').value"), "difference");
    await turns(page, 15, expected.differences[4]);
  });
  await withPage("change-en.html", with_("layers=land,y2015"), async page => {
    assert.equal(await page.eval("document.querySelector('[data-comparison] input:checked').value"), "before");
    await turns(page, 15, expected.dates[class_(before(15))]);
  });
});

await check("circles grow and shrink while time plays, by one scale", () => withPage("change-fr.html", with_("layers=y2015,land,bicycles"), async page => {
  const radius = async zone => {
    const [x, y] = (await placeOnPage(page, ...middle(zone))).map(Math.round);
    const scrolled = await page.eval("scrollY");
    const png = readPng(await page.screenshot({ x, y: y + scrolled, width: 60, height: 1 }));
    let radius = 0;
    while (radius < 60 && hex(png.at(radius, 0)) === "#0072b2") radius++;
    return radius;
  };
  /** Waits until the circle of a zone has a radius, within two pixels of its smoothed edge. */
  const grows = async (zone, wanted) => {
    for (let turn = 0; turn < 60 && Math.abs((await radius(zone)) - wanted) > 2; turn++) await wait(0.05);
    const found = await radius(zone);
    assert(Math.abs(found - wanted) <= 2, `zone ${zone}: ${found}, not ${wanted}`);
  };
  // 1,500 bicycles are 28 px; the surface is in proportion.
  const wanted = (zone, step) => 28 * Math.sqrt((25 * zone * (step + 1)) / 1500);
  for (const zone of [15, 7, 4]) await grows(zone, wanted(zone, 0));
  assert.equal(await radius(0), 0);
  const counts = () => page.eval("[...document.querySelectorAll('[data-legend=bicycles] [data-count]')].map(one => [one.dataset.count, one.textContent])");
  assert.deepEqual(await counts(), [["size-missing", "1"], ["size-zero", "1"]]);
  await page.eval("document.getElementById('play').click()");
  await page.until("document.getElementById('step').value === '3' && document.getElementById('play').getAttribute('aria-label') === 'Lire'");
  for (const zone of [15, 7, 4]) await grows(zone, wanted(zone, 3));
  const [x, y] = await placeOnPage(page, ...middle(7));
  await page.click(x, y);
  await page.until("!document.getElementById('card').hidden");
  assert.match((await card(page)).replaceAll("\n", " "), /Vélos – 10:00\s+700\u202fvélos/);
  const table = await page.eval("[...document.querySelectorAll('.steps')].map(one => one.querySelector('summary').textContent)");
  assert.deepEqual(table, ["Trafic par heure, pas à pas", "Vélos, pas à pas"]);
}));

await check("the small lie above the large also while time plays", () => withPage("change-fr.html", with_("layers=y2015,land,bicycles"), async page => {
  // What lies below what is told to the map, with the step shown and whether time plays.
  await page.eval(`(() => {
    window.sorted = [];
    const set = maplibregl.Map.prototype.setLayoutProperty;
    maplibregl.Map.prototype.setLayoutProperty = function (layer, name, value, ...rest) {
      const [step, play] = ["step", "play"].map(id => document.getElementById(id));
      if (name.endsWith("sort-key")) window.sorted.push([layer, name, Number(step.value), play.getAttribute("aria-label"), value[2][1]]);
      return set.call(this, layer, name, value, ...rest);
    };
    document.getElementById("pace").value = "0.5";
    document.getElementById("play").click();
  })()`);
  await page.until("document.getElementById('step').value === '3' && document.getElementById('play').getAttribute('aria-label') === 'Lire'");
  const sorted = await page.eval("window.sorted");
  for (const step of [1, 2]) {
    const found = sorted.find(([, , shown, play]) => shown === step && play === "Arrêter");
    assert(found, `step ${step} of ${JSON.stringify(sorted)}`);
    assert.deepEqual([found[0], found[1], found[4][7], found[4][4]], ["bicycles", "circle-sort-key", -175 * (step + 1), -100 * (step + 1)]);
  }
  assert(sorted.every(([layer, , , play]) => play === "Lire" || layer === "bicycles"), "what is hidden waits");
}));

/** How many pixels of a colour lie across a line at a place. */
async function across(page, place, upright) {
  const [x, y] = (await placeOnPage(page, ...place)).map(Math.round);
  const scrolled = await page.eval("scrollY");
  const clip = upright ? { x: x - 20, y: y + scrolled, width: 40, height: 1 } : { x, y: y - 20 + scrolled, width: 1, height: 40 };
  const png = readPng(await page.screenshot(clip));
  const line = Array.from({ length: 40 }, (_, at) => hex(upright ? png.at(at, 0) : png.at(0, at)));
  return line.filter(colour => colour === "#d55e00").length;
}

await check("the width of lines is in proportion to their amount", () => withPage("change-fr.html", with_("layers=y2015,land,traffic"), async page => {
  const widths = [];
  for (let street = 0; street < 5; street++) widths.push(await across(page, [WEST + 0.25 * STEP, SOUTH + STEP * street], false));
  const [none, thin, middling, wide, unknown] = widths;
  assert.deepEqual([none, unknown], [0, 0]);
  for (const [found, wanted] of [[thin, 4], [middling, 8], [wide, 16]]) assert(Math.abs(found - wanted) <= 1.5, widths.join(" "));
  const legend = (await page.eval("document.querySelector('[data-legend=traffic]').innerText")).replace(/\s+/g, " ");
  for (const words of ["(véhicules/h)", "10 000", "5 000", "2 000", "pas de donnée 1", "Zéro, sans trait : 1"]) assert(legend.includes(words), `${words} in ${legend}`);
  // The samples are as wide as the lines of the map.
  const samples = await page.eval("[...document.querySelectorAll('[data-legend=traffic] .sized path')].map(one => Number(one.getAttribute('stroke-width')))");
  assert.deepEqual(samples, [10, 5, 2]);
  const [x, y] = await placeOnPage(page, WEST + 0.5 * STEP, SOUTH + 3 * STEP);
  await page.click(x, y);
  await page.until("!document.getElementById('card').hidden");
  assert.equal(await page.eval("document.getElementById('card-name').textContent"), "Rue 3");
}));

await check("lines grow while time plays", () => withPage("change-fr.html", with_("layers=y2015,land,hourly"), async page => {
  const at = street => [WEST + STEP * street, SOUTH + 0.25 * STEP];
  const widths = async () => {
    const all = [];
    for (const street of [0, 2, 4]) all.push(await across(page, at(street), true));
    return all;
  };
  const close = (found, wanted) => found.every((width, which) => Math.abs(width - wanted[which]) <= 1.5);
  const become = async wanted => {
    for (let turn = 0; turn < 60 && !close(await widths(), wanted); turn++) await wait(0.05);
    const found = await widths();
    assert(close(found, wanted), `${found}, not ${wanted}`);
  };
  await become([0, 2, 4]);
  await page.eval("const slider = document.getElementById('step'); slider.value = 3; slider.dispatchEvent(new Event('input'))");
  await become([0, 8, 16]);
}));

for (const [language, scheme, width, words] of [
  ["fr", "light", 1440, "layers=land,y2015,bicycles,traffic&compare=y2023&divide=40&step=2&at=4.825,45.725"],
  ["fr", "dark", 768, "layers=change,land,hourly&step=2&at=4.825,45.725"],
  ["en", "light", 320, "layers=change,land&at=4.825,45.725"],
  ["en", "dark", 320, "layers=land,y2015,bicycles,traffic&compare=y2023&divide=40&step=2"],
]) {
  await check(`change, ${language}, ${scheme}, ${width} px: accessible, within the width, every stop seen`, () =>
    withPage(`change-${language}.html`, { width, height: 900, media: { "prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce" }, ...with_(words) }, async page => {
      await accessible(page, width, `change-${language}-${scheme}-${width}`);
    }));
}

await check("the handle stays within the map at 320 px", () => withPage("change-en.html", { width: 320, height: 640, ...with_("compare=y2023&divide=0") }, async page => {
  for (const key of ["Home", "End"]) {
    await page.eval("document.getElementById('divide').focus()");
    await page.key(key);
    const { thumb, left, width } = await handles(page);
    assert(thumb[0] >= left - 1 && thumb[0] <= left + width + 1, `${thumb[0]} between ${left} and ${left + width}`);
  }
  const overlap = await page.eval(`(() => {
    const [one, other] = [...document.querySelectorAll(".side")].map(side => side.getBoundingClientRect());
    return one.right > other.left;
  })()`);
  assert.equal(overlap, false, "the names of the sides lie over each other");
}));

await finish();
