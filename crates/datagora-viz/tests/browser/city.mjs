// What must hold of circles, filters, time, search, tips and pinned cards in a browser.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPng } from "./browser.mjs";
import { accessible, card, check, finish, hash, hex, placeOnPage, shots, stillSeen, withPage } from "./harness.mjs";

const STEP = 0.01;
const middle = zone => [4.8 + STEP * ((zone % 4) + 0.5), 45.7 + STEP * (Math.floor(zone / 4) + 0.5)];
const opening = "#map=12.5/45.72/4.82";
const with_ = words => ({ hash: `${opening}&${words}` });
const status = "document.getElementById('map-status').textContent";
const wait = seconds => new Promise(resolve => setTimeout(resolve, 1000 * seconds));
/** The colour beside a circle in the middle of a zone. */
async function ground(page, zone) {
  const [x, y] = await placeOnPage(page, middle(zone)[0] - 0.42 * STEP, middle(zone)[1] + 0.42 * STEP);
  const scrolled = await page.eval("scrollY");
  return hex(readPng(await page.screenshot({ x: Math.round(x), y: Math.round(y) + scrolled, width: 1, height: 1 })).at(0, 0));
}

await check("the surface of circles is in proportion to amounts, the largest below", () =>
  withPage("city-fr.html", with_("layers=jobs"), async page => {
    const png = readPng(await page.screenshot());
    /** Width of the circle of a zone, by its colour to the right of its middle. */
    const width = async zone => {
      const [x, y] = (await placeOnPage(page, ...middle(zone))).map(Math.round);
      const inside = hex(png.at(x, y));
      let radius = 0;
      while (hex(png.at(x + radius, y)) === inside) radius++;
      return radius;
    };
    // Radius 28 px for 22,500 jobs; 12,100 and 3,600 follow the square root: 20.5 and 11.2 px.
    const [large, middling, small] = [await width(15), await width(11), await width(6)];
    assert(Math.abs(large - 28) <= 1.5 && Math.abs(middling - 20.5) <= 1.5 && Math.abs(small - 11.2) <= 1.5, [large, middling, small].join(" "));
    const legend = await page.eval("document.querySelector('[data-legend=jobs]').innerText");
    for (const words of ["emploi", "pas de donnée", "Zéro, sans cercle : 1"]) assert(legend.replaceAll("\u00a0", " ").includes(words), legend);
    assert.match(await page.eval("document.querySelector('[data-legend=jobs] .nested').getAttribute('aria-label')"), /20\u202f000.*5\u202f000.*1\u202f000/);
  }));

await check("features are shown in their period", () => withPage("city-fr.html", with_("layers=graduated&step=14"), async page => {
  const at = async zone => {
    const [x, y] = await placeOnPage(page, ...middle(zone));
    await page.click(x, y);
    await wait(0.2);
    return await card(page);
  };
  // Where there is no circle, the zone below is read.
  assert.doesNotMatch(await at(14), /Vitesse/);
  assert.match(await at(15), /Vitesse/);
}));

await check("a filter leaves out features, and counts all of the data", () =>
  withPage("city-fr.html", with_("layers=trees"), async page => {
    const left = () => page.eval("document.querySelector('[data-group=trees]').textContent");
    assert.equal(await left(), "Restent 3\u202f000 sur 3\u202f000 arbres.");
    const set = (end, value) => page.eval(`(() => {
      const input = document.querySelector("[data-filter='0'] [data-end=${end}]");
      input.value = ${value};
      input.dispatchEvent(new Event("input"));
      return input.getAttribute("aria-valuetext");
    })()`);
    const edges = await page.eval("JSON.parse(document.getElementById('map-config').textContent).filters[0].edges");
    const heights = Array.from({ length: 3000 }, (_, i) => (i % 100 === 99 ? NaN : ((i * 37) % 300) / 10));
    const lowest = edges[2];
    assert.equal(await set("low", 2), `${lowest}\u202fm`);
    const count = heights.filter(height => height >= lowest).length;
    assert.equal((await left()).replaceAll("\u202f", ""), `Restent ${count} sur 3000 arbres.`);
    await page.until(`${status}.startsWith("Restent")`);
    // Two filters count together, and the second histogram shows what the first leaves.
    await page.eval(`document.querySelector("[data-filter='1'] [data-bin='0']").click()`);
    const both = heights.filter((height, i) => height >= lowest && i % 3 !== 0).length;
    assert.equal((await left()).replaceAll("\u202f", ""), `Restent ${both} sur 3000 arbres.`);
    const kinds = heights.filter((height, i) => height >= lowest && i % 3 === 0).length;
    assert.equal((await page.eval(`document.querySelector("[data-filter='1'] [data-left='0']").textContent`)).replaceAll("\u202f", ""), String(kinds));
    assert((await hash(page)).includes(`filter=0:${lowest}~${edges.at(-1)},1:2.3`), await hash(page));
    await page.eval("document.getElementById('filters-reset').click()");
    assert.equal(await left(), "Restent 3\u202f000 sur 3\u202f000 arbres.");
    assert(!(await hash(page)).includes("filter"));
  }));

await check("the map draws what the filter of a link leaves", async () => {
  const drawn = {};
  for (const filter of ["", "&filter=1:2"]) {
    await withPage("city-fr.html", with_(`layers=trees${filter}`), async page => {
      const png = readPng(await page.screenshot({ x: 0, y: 0, width: 900, height: 900 }));
      const seen = new Set();
      for (let x = 0; x < png.width; x += 2) for (let y = 0; y < png.height; y += 2) seen.add(hex(png.at(x, y)));
      drawn[filter] = await page.eval("[...document.querySelectorAll('[data-legend=trees] .swatch circle')].slice(0, 3).map(one => one.getAttribute('fill').toLowerCase())")
        .then(colours => colours.map(colour => seen.has(colour)));
    });
  }
  assert.deepEqual(drawn, { "": [true, true, true], "&filter=1:2": [false, true, false] });
});

await check("the handles answer to keys and do not pass each other", () => withPage("city-fr.html", with_("layers=trees"), async page => {
  await page.eval(`document.querySelector("[data-filter='0'] [data-end=high]").focus()`);
  await page.key("Home");
  const [low, high] = await page.eval(`[...document.querySelectorAll("[data-filter='0'] [data-end]")].map(one => Number(one.value))`);
  assert.deepEqual([low, high], [0, 1]);
  await page.key("ArrowRight");
  assert.equal(await page.eval("Number(document.activeElement.value)"), 2);
}));

await check("steps colour the zones, and say so", () => withPage("city-fr.html", with_("layers=speed&step=3"), async page => {
  const colours = await page.eval("[...document.querySelectorAll('[data-legend=speed] .swatch rect')].map(one => one.getAttribute('fill').toLowerCase())");
  const [fast, , , slow] = colours;
  assert.equal(await ground(page, 15), fast);
  assert.equal(await page.eval("document.getElementById('moment').textContent"), "Vitesse – 3\u00a0h");
  // Zone 5 has no value at night: hatched, counted.
  assert.equal(await page.eval("document.querySelector('[data-legend=speed] [data-count=missing]').textContent"), "1");
  const [x, y] = await placeOnPage(page, ...middle(15));
  await page.click(x, y);
  await page.until("!document.getElementById('card').hidden");
  assert.match((await card(page)).replaceAll("\n", " "), /Vitesse – 3\u00a0h\s+49\u202fkm\/h/);
  await page.eval("const slider = document.getElementById('step'); slider.value = 8; slider.dispatchEvent(new Event('input'))");
  assert.equal(await page.eval(status), "Heure\u00a0: 8\u00a0h");
  assert.match((await card(page)).replaceAll("\n", " "), /Vitesse – 8\u00a0h\s+15\u202fkm\/h/);
  assert.equal(await page.eval("document.querySelector('[data-legend=speed] [data-count=missing]').textContent"), "0");
  assert((await hash(page)).includes("step=8"));
  for (let turn = 0; turn < 40 && (await ground(page, 15)) !== slow; turn++) await wait(0.05);
  assert.equal(await ground(page, 15), slow);
}));

await check("time plays when asked, to its end, and stops for calm", () => withPage("city-fr.html", with_("layers=speed&step=20"), async page => {
  await wait(0.5);
  assert.equal(await page.eval("document.getElementById('step').value"), "20", "nothing plays by itself");
  await page.eval("document.getElementById('pace').value = '4'; document.getElementById('play').click()");
  assert.equal(await page.eval("document.getElementById('play').getAttribute('aria-label')"), "Arrêter");
  await page.until("document.getElementById('step').value === '23' && document.getElementById('play').getAttribute('aria-label') === 'Lire'");
  assert.equal(await page.eval(status), "Heure\u00a0: 23\u00a0h");
  await page.eval("document.getElementById('pace').value = '0.5'; document.getElementById('play').click()");
  await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-reduced-motion", value: "reduce" }] });
  await page.until("document.getElementById('play').getAttribute('aria-label') === 'Lire'");
  await page.eval("document.getElementById('step-on').focus()");
  const before = await page.eval("Number(document.getElementById('step').value)");
  await page.key("Enter", "Enter", "\r");
  assert.equal(await page.eval("Number(document.getElementById('step').value)"), before + 1);
}));

await check("places and addresses are found while they are written", () => withPage("city-fr.html", {}, async page => {
  const write = async text => {
    await page.eval(`(() => { const input = document.getElementById("place"); input.focus(); input.value = ${JSON.stringify(text)}; input.dispatchEvent(new Event("input")); })()`);
    await wait(0.1);
    return page.eval("[...document.querySelectorAll('#found li')].map(one => one.textContent)");
  };
  assert.deepEqual(await write("REPUBLIQUE"), ["Rue de la République, Lyon"]);
  assert.deepEqual(await write("rep lyon"), ["Rue de la République, Lyon"]);
  assert.deepEqual(await write("12 rue rép"), ["12 Rue de la République, Lyon", "12 bis Rue de la République, Lyon"]);
  assert.deepEqual(await write("12 bis rue de la republique"), ["12 bis Rue de la République, Lyon"]);
  assert.deepEqual(await write("7 bd du 8 mai"), ["7 Boulevard du 8 Mai 1945, Bron"]);
  assert.deepEqual(await write("quartier 16"), ["Quartier 16"]);
  assert.deepEqual(await write("nulle part"), []);
  assert.equal(await page.eval(status), "« nulle part » n’est pas dans la liste.");
  // The pattern of the combobox, by keys alone.
  await write("12 rue rép");
  const state = () => page.eval(`(() => {
    const input = document.getElementById("place");
    return [input.getAttribute("aria-expanded"), input.getAttribute("aria-activedescendant"), document.querySelector("#found [aria-selected=true]")?.textContent];
  })()`);
  assert.deepEqual(await state(), ["true", null, null]);
  await page.key("ArrowDown");
  await page.key("ArrowDown");
  assert.deepEqual(await state(), ["true", "found-1", "12 bis Rue de la République, Lyon"]);
  await page.key("Escape");
  assert.deepEqual(await state(), ["false", null, null]);
  await page.key("ArrowDown");
  await page.key("Enter", "Enter", "\r");
  await page.until("/map=[\\d.]+\\/45\\.712\\d*\\/4\\.812/.test(location.hash)");
  assert.equal(await page.eval("document.getElementById('place').value"), "12 Rue de la République, Lyon");
}));

await check("a tip says what is under the pointer, and goes with Escape", () => withPage("city-fr.html", with_("layers=speed"), async page => {
  const [x, y] = await placeOnPage(page, ...middle(6));
  await page.hover(x, y);
  await page.until("!document.getElementById('tip').hidden");
  assert.match(await page.eval("document.getElementById('tip').innerText"), /Quartier 7\nVitesse – 3\u00a0h\u00a0: 50\u202fkm\/h/);
  // The pointer may go onto it.
  const [left, top] = await page.eval("(() => { const { x, y } = document.getElementById('tip').getBoundingClientRect(); return [x + 6, y + 6] })()");
  await page.hover(left, top);
  await wait(0.6);
  assert.equal(await page.eval("document.getElementById('tip').hidden"), false);
  await page.key("Escape");
  assert.equal(await page.eval("document.getElementById('tip').hidden"), true);
}));

await check("cards are pinned side by side, and follow the steps", () => withPage("city-fr.html", with_("layers=speed&step=3"), async page => {
  for (const zone of [0, 15]) {
    const [x, y] = await placeOnPage(page, ...middle(zone));
    await page.click(x, y);
    await page.until(`!document.getElementById('card').hidden && document.getElementById('card-name').textContent === "Quartier ${zone + 1}"`);
    await page.eval("document.getElementById('card-pin').click()");
  }
  assert.equal(await page.eval(status), "Quartier 16 est épinglé.");
  const table = () => page.eval("[...document.querySelectorAll('#pins tr')].map(row => [...row.cells].map(cell => cell.textContent.trim()))");
  const [heads, speeds] = await table();
  assert.deepEqual(heads, ["", "Quartier 1×", "Quartier 16×"]);
  assert.deepEqual(speeds, ["Vitesse – 3\u00a0h", "50\u202fkm/h", "49\u202fkm/h"]);
  await page.eval("document.getElementById('step-on').click()");
  assert.equal((await table())[1][0], "Vitesse – 4\u00a0h");
  await page.eval("document.querySelector('#pins thead button').click()");
  assert.deepEqual((await table())[0], ["", "Quartier 16×"]);
  assert.equal(await page.eval("document.activeElement.id"), "pins");
  await page.eval("document.getElementById('pins-clear').click()");
  assert.equal(await page.eval("document.getElementById('pins').hidden"), true);
}));

for (const [language, scheme, width] of [["fr", "light", 1440], ["en", "dark", 768], ["fr", "light", 320], ["en", "dark", 320]]) {
  await check(`city, ${language}, ${scheme}, ${width} px: accessible, within the width, every stop seen`, () =>
    withPage(`city-${language}.html`, { width, height: 900, media: { "prefers-color-scheme": scheme }, ...with_("layers=speed,jobs,trees&filter=0:10~30&step=8&at=4.835,45.735") }, async page => {
      await page.until("!document.getElementById('card').hidden");
      await page.eval("document.getElementById('card-pin').click()");
      await page.eval("(() => { const input = document.getElementById('place'); input.focus(); input.value = 'rue'; input.dispatchEvent(new Event('input')) })()");
      await page.until("!document.getElementById('found').hidden");
      await accessible(page, width, `city-${language}-${scheme}-${width}`);
    }));
}

await check("what remains without a map: picture, table of the steps", () => withPage("city-fr.html", { scripts: false }, async page => {
  await page.send("Emulation.setScriptExecutionDisabled", { value: false });
  assert.equal(await page.eval(stillSeen), true);
  assert.equal(await page.eval("document.querySelectorAll('.steps tbody tr').length"), 24);
}));

await check("opens at twice the size of text", () => withPage("city-fr.html", { width: 640, height: 450, ...with_("layers=speed,jobs") }, async page => {
  await page.send("Emulation.setDeviceMetricsOverride", { width: 640, height: 450, deviceScaleFactor: 2, mobile: false });
  assert(await page.eval("document.documentElement.scrollWidth") <= 640);
  writeFileSync(join(shots, "city-zoomed.png"), await page.screenshot());
}));

await finish();
