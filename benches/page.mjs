// What a page costs its reader: `node benches/page.mjs CHROMIUM PAGE.html …` opens each as a file, in a browser of its own, and
// prints its bytes, the CPU seconds (user and system) of all processes of the browser from the address to rest, the seconds by
// the clock, the memory of the scripts and what was asked of the network. At rest is a browser that is ready and then takes less
// than a twentieth of a core for two seconds; these are not counted. `PAGE.html#layers=…` opens a page with these layers.
//
// Of a page with steps of time it then plays each step but the first, and prints how long a step takes: the median and the slowest
// in milliseconds, from the step that is chosen to the map that is drawn (its pixels read back), and CPU seconds a step.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "../crates/datagora-viz/tests/browser/browser.mjs";

/** Hundredths of a second, as Linux counts on the machines that there are. */
const TICKS = 100;
const [chromium, ...files] = process.argv.slice(2);

/** CPU seconds of a process and all that it started. */
function cpu(root) {
  const all = new Map();
  for (const id of readdirSync("/proc").filter(name => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${id}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
      // Parent; time of its own, and of children that have ended.
      all.set(Number(id), { parent: Number(words[1]), ticks: words.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) });
    } catch {
      // It has ended since.
    }
  }
  const ours = id => id === root || (all.has(id) && ours(all.get(id).parent));
  let sum = 0;
  for (const [id, { ticks }] of all) if (ours(id)) sum += ticks;
  return sum / TICKS;
}

const pause = seconds => new Promise(done => setTimeout(done, 1000 * seconds));

/** Milliseconds of each step of the page's time but the first: chosen, drawn, and read back, so that nothing is still to be done. */
const STEPS = `(async () => {
  const slider = document.getElementById("step");
  const canvas = document.querySelector("#map canvas");
  const pen = canvas?.getContext("webgl2") ?? canvas?.getContext("webgl");
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const times = [];
  for (let step = 1; slider && step <= Number(slider.max); step++) {
    await frame();
    const from = performance.now();
    slider.value = step;
    slider.dispatchEvent(new Event("input"));
    // Asked for after the map has asked for its own: it is drawn by then.
    await frame();
    pen.readPixels(0, 0, 1, 1, pen.RGBA, pen.UNSIGNED_BYTE, new Uint8Array(4));
    times.push(performance.now() - from);
  }
  return times;
})()`;

console.log("page\tmegabytes\tcpu_s\twall_s\theap_mb\trequests\tstep_ms\tslowest_ms\tstep_cpu_s");
for (const name of files) {
  const [file, link] = name.split("#");
  const browser = await Browser.launch(chromium);
  try {
    const page = await browser.page();
    await pause(1);
    const [from, begin] = [cpu(browser.process.pid), Date.now()];
    const own = pathToFileURL(resolve(file)).href;
    await page.open(link === undefined ? own : `${own}#${link}`);
    await page.until("document.documentElement.dataset.map === 'ready'", 300);
    let [used, seen] = [cpu(browser.process.pid), Date.now()];
    for (let still = 0; still < 4;) {
      await pause(0.5);
      const now = cpu(browser.process.pid);
      if (now - used <= 0.025) {
        still += 1;
      } else {
        [still, used, seen] = [0, now, Date.now()];
      }
    }
    const heap = await page.eval("performance.memory.usedJSHeapSize");
    const requests = page.requests.filter(url => !url.startsWith(own) && !/^(blob|data):/.test(url));
    const row = [statSync(file).size / 1e6, used - from, (seen - begin) / 1000, heap / 1e6].map(value => value.toFixed(2));
    const before = cpu(browser.process.pid);
    const times = (await page.eval(STEPS)).sort((one, other) => one - other);
    const each = (cpu(browser.process.pid) - before) / times.length;
    const steps = times.length ? [times[times.length >> 1].toFixed(1), times.at(-1).toFixed(1), each.toFixed(3)] : ["", "", ""];
    console.log([name.split("/").pop(), ...row, requests.length, ...steps].join("\t"));
    if (page.troubles.length > 0) console.error(page.troubles.join("\n"));
    if (process.env.SHOTS) writeFileSync(`${file}.png`, await page.screenshot());
  } finally {
    await browser.close();
  }
}
