// What must hold of interactive maps in a browser.
import assert from "node:assert/strict";
import { createReadStream, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";
import { Browser, readPng } from "./browser.mjs";
import {
  accessible, address, browser, card, check, chromium, expected, finish, folder, hash, hex, placeOnPage, position, ready, shots,
  stillSeen, withPage,
} from "./harness.mjs";

const centre = zone => [expected.west + expected.step * ((zone % 3) + 0.5), expected.south + expected.step * (Math.floor(zone / 3) + 0.5)];
const opening = { hash: "#map=12.2/45.72/4.83" };

await check("opens as a file and draws the classes in their colours", () => withPage("fr.html", opening, async page => {
  const png = readPng(await page.screenshot());
  // A quarter off the centre, where the names stand.
  const seen = [];
  for (const zone of [0, 1, 2, 3, 4]) {
    const [longitude, latitude] = centre(zone);
    const [x, y] = await placeOnPage(page, longitude - expected.step / 4, latitude - expected.step / 4);
    seen.push(hex(png.at(Math.round(x), Math.round(y))));
  }
  const [low, below, above, high] = expected.colours;
  assert.deepEqual(seen, [low, below, above, above, high]);
  // The zone without value is hatched: two colours, neither that of a class.
  const [longitude, latitude] = centre(5);
  const [x, y] = await placeOnPage(page, longitude - expected.step / 4, latitude - expected.step / 4);
  const hatch = new Set();
  for (let step = 0; step < 12; step++) hatch.add(hex(png.at(Math.round(x) + step, Math.round(y))));
  assert(hatch.size > 1 && !expected.colours.some(colour => hatch.has(colour)), [...hatch].join(" "));
}));

await check("a click shows the card with its numbers, Escape closes it", () => withPage("fr.html", opening, async page => {
  const [x, y] = await placeOnPage(page, ...centre(0));
  await page.click(x, y);
  await page.until("!document.getElementById('card').hidden");
  const text = (await card(page)).replaceAll("\n", " ");
  // 0.5 × −3 + 0.25 × 1 + a factor that is not in the dictionary.
  for (const words of ["Bron", "−3,50", "Réseau gaz", "50\u202f% × −3,00", "−1,50", "Pelouse", "+0,25", "Facteur 99", "100\u202f% · pas de donnée", "Somme", "−1,25"]) {
    assert(text.includes(words), `${words} in ${text}`);
  }
  assert.match(await hash(page), /at=4\.8(09|10)\d*,45\.7(09|10)\d*/);
  assert.match(await page.eval("document.getElementById('map-status').textContent"), /Sélection : Bron, Indice\u00a0: −3,50/);
  await page.key("Escape");
  await page.until("document.getElementById('card').hidden");
  assert(!(await hash(page)).includes("at="));
  const [missingX, missingY] = await placeOnPage(page, ...centre(5));
  await page.click(missingX, missingY);
  await page.until("!document.getElementById('card').hidden");
  assert((await card(page)).includes("pas de donnée"));
}));

await check("names that look like markup are text", () => withPage("fr.html", opening, async page => {
  const [x, y] = await placeOnPage(page, ...centre(2));
  await page.click(x, y);
  await page.until("!document.getElementById('card').hidden");
  assert.equal(await page.eval("document.getElementById('card-name').textContent"), '</script><b>Lyon & "Lui"');
}));

await check("keys move, zoom, read and close", () => withPage("fr.html", opening, async page => {
  await page.eval("document.querySelector('#map canvas').focus()");
  const [zoom, , east] = await position(page);
  await page.key("ArrowRight");
  await page.until(`Number(location.hash.match(/map=([^&]*)/)[1].split("/")[2]) > ${east}`);
  await page.key("+", "Equal", "+");
  await page.until(`Number(location.hash.match(/map=([^&]*)/)[1].split("/")[0]) > ${zoom + 0.9}`);
  await page.key("Enter");
  await page.until("!document.getElementById('card').hidden");
  await page.eval("document.getElementById('card-close').focus()");
  await page.key("Escape");
  await page.until("document.getElementById('card').hidden");
  assert.equal(await page.eval("document.activeElement.tagName"), "CANVAS");
}));

await check("buttons move the map without dragging", () => withPage("fr.html", opening, async page => {
  const [zoom, north] = await position(page);
  await page.eval("document.querySelector('[data-tool=up]').click()");
  await page.until(`Number(location.hash.match(/map=([^&]*)/)[1].split("/")[1]) > ${north}`);
  await page.eval("document.querySelector('[data-tool=zoom-out]').click()");
  await page.until(`Number(location.hash.match(/map=([^&]*)/)[1].split("/")[0]) < ${zoom - 0.9}`);
}));

const link = "#map=13.00/45.71000/4.83000&layers=cover,limits&compare=score&divide=30&at=4.850000,45.710000";
await check("a link restores position, layers, comparison and selection", () => withPage("fr.html", { hash: link }, async page => {
  await page.until("!document.getElementById('card').hidden");
  const [zoom, north, east] = await position(page);
  assert.deepEqual([zoom, north, east], [13, 45.71, 4.83]);
  assert.equal(await hash(page), link);
  assert.equal(await page.eval("document.querySelector('[name=theme]:checked').value"), "cover");
  assert.equal(await page.eval("document.querySelector('[name=layer][value=names]').checked"), false);
  assert.deepEqual(await page.eval("[...document.querySelectorAll('[data-legend]:not([hidden])')].map(one => one.dataset.legend)"), ["score", "cover"]);
  // The place is right of the border: what is read is the layer that is seen there.
  assert((await card(page)).includes("0,40"));
  await page.eval("const input = document.getElementById('divide'); input.value = 80; input.dispatchEvent(new Event('input'))");
  assert((await hash(page)).includes("divide=80"));
  const [x, y] = await placeOnPage(page, 4.85, 45.71);
  await page.click(x, y);
  await page.until("document.getElementById('card').innerText.includes('31,0')");
}));

await check("places are found without accents", () => withPage("fr.html", {}, async page => {
  await page.eval(`document.getElementById("place").value = "ecully"; document.getElementById("search").requestSubmit()`);
  await page.until("/45\\.71\\d*\\/4\\.83/.test(location.hash)");
}));

await check("layers are shown and hidden", () => withPage("fr.html", opening, async page => {
  await page.eval("document.querySelector('.others').open = true; document.querySelector('[name=layer][value=stations]').click()");
  await page.until("!document.querySelector('[data-legend=stations]').hidden");
  const [x, y] = await placeOnPage(page, expected.west + 1.5 * expected.step, expected.south + 1.5 * expected.step);
  // Drawn some frames later: clicked until it is there.
  for (let turn = 0; turn < 50 && !(await card(page))?.includes("grande"); turn++) {
    await page.click(x, y);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  assert((await card(page)).includes("grande"));
  await page.eval("document.querySelector('[name=theme][value=cover]').click()");
  await page.until("document.querySelector('[data-legend=score]').hidden && !document.querySelector('[data-legend=cover]').hidden");
}));

await check("tiles are drawn, read, and the legend says what they leave", () =>
  withPage("fr.html", { hash: "#map=9.50/45.72000/4.83000&layers=cells" }, async page => {
    const [longitude, latitude] = centre(1);
    const [x, y] = (await placeOnPage(page, longitude, latitude)).map(Math.round);
    assert.equal(hex(readPng(await page.screenshot()).at(x, y)), expected.categories[1]);
    await page.click(x, y);
    await page.until("!document.getElementById('card').hidden");
    assert.match((await card(page)).replaceAll("\n", " "), /Classe\s+B/);
    const told = () => page.eval("document.querySelector('[data-shown=cells]').textContent");
    assert.match(await told(), /^À cette échelle, \d+ formes représentent les 2\u202f400 cellules/);
    await page.eval("document.querySelector('[data-tool=whole]').click()");
    await page.until("document.querySelector('[data-shown=cells]').textContent.includes('montre tout')");
  }));

await check("picture and table are kept as files", () => withPage("fr.html", opening, async page => {
  const downloads = join(folder, "downloads");
  mkdirSync(downloads, { recursive: true });
  await browser.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads, browserContextId: page.context });
  const whole = async name => {
    for (let wait = 0; wait < 200 && !existsSync(join(downloads, name)); wait++) await new Promise(resolve => setTimeout(resolve, 50));
    return readFileSync(join(downloads, name));
  };
  await page.eval("document.querySelector('[data-tool=csv]').click()");
  const csv = (await whole("where.csv")).toString();
  assert(csv.startsWith("\ufeff"));
  assert.equal(csv.trim().split("\r\n").length, 7);
  assert(csv.includes('"</script><b>Lyon & ""Lui"""'), csv);
  await page.eval("document.querySelector('[data-tool=png]').click()");
  const png = readPng(await whole("where.png"));
  const colours = new Set();
  for (let x = 0; x < png.width; x += 7) for (let y = 0; y < png.height; y += 7) colours.add(hex(png.at(x, y)));
  assert(expected.colours.every(colour => colours.has(colour)), "the picture holds the map and its legend");
}));

for (const [language, scheme, width] of [["fr", "light", 1280], ["fr", "dark", 1280], ["en", "light", 320], ["en", "dark", 320]]) {
  await check(`${language}, ${scheme}, ${width} px: accessible, within the width, every stop seen`, () =>
    withPage(`${language}.html`, { width, height: 800, media: { "prefers-color-scheme": scheme }, hash: `${link}` }, async page => {
      await page.until("!document.getElementById('card').hidden");
      await page.eval("document.getElementById('programs').open = true");
      await page.until("document.querySelector('.programs pre').textContent.includes('maplibre')");
      await accessible(page, width, `${language}-${scheme}-${width}`);
    }));
}

await check("texts of the page are those of its language", () => withPage("en.html", opening, async page => {
  assert.equal(await page.eval("document.documentElement.lang"), "en");
  const [x, y] = await placeOnPage(page, ...centre(0));
  await page.click(x, y);
  await page.until("!document.getElementById('card').hidden");
  const text = await card(page);
  assert(text.includes("−3.50") && text.includes("50% × −3.00") && text.includes("Sum"), text);
}));

await check("moves at once where motion is not wanted", () =>
  withPage("fr.html", { ...opening, media: { "prefers-reduced-motion": "reduce" } }, async page => {
    const [zoom] = await position(page);
    await page.eval("document.querySelector('[data-tool=zoom-in]').click()");
    const [after] = await position(page);
    assert.equal(after, zoom + 1);
  }));

await check("colours of the ground follow the screen", () => withPage("fr.html", opening, async page => {
  const corner = async () => hex(readPng(await page.screenshot(await page.eval("(() => { const { x, y } = document.querySelector('#map canvas').getBoundingClientRect(); return { x: x + 3, y: y + 3, width: 1, height: 1 } })()"))).at(0, 0));
  const light = await corner();
  await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: "dark" }] });
  await new Promise(resolve => setTimeout(resolve, 500));
  assert.notEqual(await corner(), light);
}));

await check("prints the picture", () => withPage("fr.html", opening, async page => {
  assert.equal(await page.eval(stillSeen), false);
  const { data } = await page.send("Page.printToPDF", { printBackground: true });
  writeFileSync(join(shots, "print.pdf"), Buffer.from(data, "base64"));
  await page.send("Emulation.setEmulatedMedia", { media: "print" });
  assert.equal(await page.eval(stillSeen), true);
}));

await check("shows the picture where scripts do not run", () => withPage("fr.html", { scripts: false }, async page => {
  await page.send("Emulation.setScriptExecutionDisabled", { value: false });
  assert.equal(await page.eval(stillSeen), true);
  assert.equal(await page.eval("document.querySelector('noscript').checkVisibility()"), true);
}));

const plain = await Browser.launch(chromium, ["--disable-3d-apis"]);
await check("shows the picture, and why, where there is no WebGL", async () => {
  const page = await plain.page();
  await page.open(address("fr.html"));
  await page.until("!document.getElementById('no-map').hidden");
  assert.equal(await page.eval(stillSeen), true);
  assert.match(await page.eval("document.getElementById('no-map').textContent"), /WebGL/);
});
await plain.close();

await check("the folder works under a strict policy", async () => {
  const root = join(folder, "site");
  const kinds = { html: "text/html", js: "text/javascript", css: "text/css", geojson: "application/geo+json", txt: "text/plain" };
  const served = [];
  const server = createServer((request, response) => {
    const path = join(root, normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)));
    const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "index.html") : path;
    if (request.url === "/favicon.ico") return response.writeHead(204).end();
    if (!existsSync(file)) return response.writeHead(404).end();
    const { size } = statSync(file);
    const range = request.headers.range?.match(/bytes=(\d+)-(\d+)/);
    const [from, to] = range ? [Number(range[1]), Math.min(Number(range[2]), size - 1)] : [0, size - 1];
    served.push({ path: request.url, bytes: to - from + 1, part: Boolean(range) });
    response.writeHead(range ? 206 : 200, {
      "content-type": kinds[file.split(".").pop()] ?? "application/octet-stream",
      "content-length": to - from + 1,
      ...(range && { "content-range": `bytes ${from}-${to}/${size}` }),
      "content-security-policy": "default-src 'self'; img-src 'self' blob: data:; font-src 'self' data:",
    });
    createReadStream(file, { start: from, end: to }).pipe(response);
  });
  await new Promise(resolve => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}/`;
  const page = await browser.page();
  await page.open(`${origin}${opening.hash}`);
  await page.until(ready);
  const [x, y] = await placeOnPage(page, ...centre(0));
  await page.click(x, y);
  await page.until("!document.getElementById('card').hidden");
  assert.deepEqual(page.troubles, []);
  assert.deepEqual(page.requests.filter(url => !url.startsWith(origin) && !/^(blob|data):/.test(url)), []);
  const archives = readdirSync(join(root, "data")).filter(name => name.endsWith(".pmtiles"));
  for (const name of archives) assert(served.filter(({ path }) => path.endsWith(name)).every(({ part }) => part), name);
  await page.close();
  server.close();
});

await finish();
