// What all checks of pages share. Arguments: folder of pages, Chromium, axe-core.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser, TAGS } from "./browser.mjs";

export const [folder, chromium, axePath] = process.argv.slice(2);
const axe = readFileSync(axePath, "utf8");
export const expected = JSON.parse(readFileSync(join(folder, "expected.json")));
export const address = name => pathToFileURL(join(folder, name)).href;
export const ready = "document.documentElement.dataset.map === 'ready'";
export const shots = join(folder, "shots");
mkdirSync(shots, { recursive: true });

export const browser = await Browser.launch(chromium);
let failed = 0;

export async function check(name, work) {
  const from = Date.now();
  try {
    await work();
    console.log(`ok     ${name} (${Date.now() - from} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.stack}`);
  }
}

/** Opens a page; it must ask for nothing but itself, and complain of nothing. */
export async function withPage(name, options, work) {
  const page = await browser.page(options);
  try {
    await page.open(address(name) + (options.hash ?? ""));
    if (options.scripts !== false) await page.until(ready);
    await work(page);
    const foreign = page.requests.filter(url => !url.startsWith(address(name)) && !/^(blob|data):/.test(url));
    assert.deepEqual(foreign, [], "requests");
    assert.deepEqual(page.troubles, [], "console");
  } finally {
    await page.close();
  }
}

/** Where the map shows a place, by the position in the link. */
export async function placeOnPage(page, longitude, latitude) {
  const { x, y, width, height, hash } = await page.eval(`(() => {
    const { x, y, width, height } = document.querySelector("#map canvas").getBoundingClientRect();
    return { x, y, width, height, hash: location.hash };
  })()`);
  const [zoom, north, east] = hash.match(/map=([^&]*)/)[1].split("/").map(Number);
  const world = 512 * 2 ** zoom;
  const across = degrees => (degrees / 360) * world;
  const down = degrees => (-Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360)) / (2 * Math.PI)) * world;
  return [x + width / 2 + across(longitude) - across(east), y + height / 2 + down(latitude) - down(north)];
}

export const hex = ([red, green, blue]) => `#${[red, green, blue].map(part => part.toString(16).padStart(2, "0")).join("")}`;
export const card = page => page.eval(`document.getElementById("card").hidden ? null : document.getElementById("card").innerText`);
/** The link, once it was written: it is not at every move, but sooner than this timer of the page ends. */
export const hash = page => page.eval("new Promise(done => setTimeout(() => done(location.hash), 200))");
export const position = async page => (await hash(page)).match(/map=([^&]*)/)[1].split("/").map(Number);

/** Passes the automatic checks, fits the screen, shows the focus at the stops of Tab (this many at least), has targets large enough. Kept as a picture. */
export async function accessible(page, width, name, least = 15) {
  await page.eval("for (const one of document.querySelectorAll('details')) one.open = true");
  assert(await page.eval("document.documentElement.scrollWidth") <= width, "wider than the screen");
  writeFileSync(join(shots, `${name}.png`), await page.screenshot());
  await page.eval(axe);
  const { violations, passes } = await page.eval(`axe.run({ runOnly: ${JSON.stringify(TAGS)} })`);
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(node => `${node.html} ${node.failureSummary}`)]), []);
  assert(passes.length > 20);
  // Every place that Tab reaches shows that it has the focus, and is large enough for a finger.
  // What follows the scroll has moved before the focus is set: a story lifts its figures, and the focus would be lost with them.
  await page.eval("scrollTo({ top: 0, behavior: 'instant' }); new Promise(done => setTimeout(() => requestAnimationFrame(done), 500))");
  await page.eval("document.querySelector('.skip').focus({ preventScroll: true })");
  const stops = await page.stops(120);
  assert(stops.length >= least, `${stops.length} stops`);
  assert.deepEqual(stops.filter(stop => !stop.outlined || stop.target.width < 24 || stop.target.height < 24), []);
  return stops;
}

/** Whether the picture is seen and the map is not. */
export const stillSeen = `(() => {
  const seen = element => element.checkVisibility() && element.getBoundingClientRect().height > 100;
  return [...document.querySelectorAll(".still figure svg")].some(seen) && !document.getElementById("map-app").checkVisibility();
})()`;

/** Ends the browser; the checks failed if one did. */
export async function finish() {
  await browser.close();
  if (failed) console.log(`${failed} checks failed`);
  process.exit(failed ? 1 : 0);
}
