// What must hold of every page of an atlas in a browser. Arguments: Chromium, axe-core, folder for pictures of the pages, then pages:
// paths of files, each with what it is before it, such as `territory:folder/communes.html#bron`.
//
// page       any page
// territory  the page of a territory: prints on three sheets at most, legibly
// brief      the same, at two widths: for all pages of an atlas
// overview   the overview of an atlas: its table is sorted and searched, also where it is one file
// story      a story on a map: each step is reached by keys, and shows a map or a picture
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Browser, TAGS } from "./browser.mjs";

const [chromium, axePath, shots, ...listed] = process.argv.slice(2);
const axe = readFileSync(axePath, "utf8");
mkdirSync(shots, { recursive: true });
const pages = listed.map(entry => {
  const [, kind, path, hash] = entry.match(/^(\w+):([^#]*)(#.*)?$/);
  const file = pathToFileURL(path).href;
  return { kind, file, url: file + (hash ?? ""), name: `${path.split("/").at(-1)}${hash ?? ""}` };
});

const browser = await Browser.launch(chromium);
let failed = 0;

async function check(name, work) {
  const from = Date.now();
  try {
    await work();
    console.log(`ok     ${name} (${Date.now() - from} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.stack}`);
  }
}

/** Opens a page; it must load nothing but files of its own folder, and complain of nothing. */
async function withPage({ url, file }, options, work) {
  const page = await browser.page(options);
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  try {
    await page.open(url);
    await work(page);
    assert.deepEqual(page.requests.filter(asked => !asked.startsWith(folder) && !/^(blob|data):/.test(asked)), [], "requests");
    assert.deepEqual(page.troubles, [], "console");
  } finally {
    await page.close();
  }
}

const seen = `(one => one.checkVisibility({ visibilityProperty: true }))`;

/** What the automatic checks do not see. Each entry is a flaw. */
const flaws = `(() => {
  const seen = ${seen};
  const short = one => one.outerHTML.slice(0, 120);
  const all = selector => [...document.querySelectorAll(selector)].filter(seen);
  const flaws = [];
  const want = (holds, what, one) => { if (!holds) flaws.push(what + ": " + (one ? short(one) : "")); };
  want(document.documentElement.lang, "no language");
  want(document.title.trim(), "no title");
  const ids = [...document.querySelectorAll("[id]")].map(one => one.id);
  want(new Set(ids).size === ids.length, "an anchor is given twice");
  const levels = all("h1, h2, h3, h4, h5, h6").map(one => [Number(one.tagName[1]), one]);
  want(levels.filter(([level]) => level === 1).length === 1, "not one h1");
  levels.reduce((before, [level, one]) => { want(level <= before + 1, "a level of headings is left out", one); return level; }, 0);
  for (const svg of all("svg:not([aria-hidden=true])")) {
    want(["img", "group"].includes(svg.getAttribute("role")), "svg without role", svg);
    const named = (svg.getAttribute("aria-labelledby") ?? "").split(" ").map(id => document.getElementById(id)?.textContent.trim());
    want(named.length && named.every(Boolean), "svg without name", svg);
    const { x, y, width, height } = svg.viewBox.baseVal;
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBBox();
      const inside = box.x >= x - 1 && box.y >= y - 1 && box.x + box.width <= x + width + 1 && box.y + box.height <= y + height + 1;
      want(inside || !text.textContent.trim(), "text beyond its picture", text);
    }
  }
  for (const table of all("table")) {
    want(table.caption?.textContent.trim(), "table without caption", table);
    want([...table.tHead.rows[0].cells].every(cell => cell.tagName === "TH" && cell.scope === "col"), "columns without heading", table);
    want([...table.tBodies[0].rows].every(row => row.cells[0].tagName === "TH" && row.cells[0].scope === "row"), "rows without heading", table);
  }
  for (const link of all("a[href^='#']")) want(document.getElementById(link.getAttribute("href").slice(1)), "link to nowhere", link);
  return flaws;
})()`;

const open = "for (const one of document.querySelectorAll('details')) one.open = true";

/** Width of the text on a sheet of A4 between its margins, px. */
const SHEET = 688;

/** What is printed smaller than 7 pt. */
const small = `(() => {
  const seen = ${seen};
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const one = node.parentElement;
    if (!node.textContent.trim() || one.closest("title, desc, .unseen, script, style") || !seen(one)) continue;
    const svg = one.closest("svg");
    let size = 0.75 * parseFloat(getComputedStyle(one).fontSize);
    if (svg) {
      const { width, height } = svg.getBoundingClientRect();
      size *= Math.min(width / svg.viewBox.baseVal.width, height / svg.viewBox.baseVal.height);
    }
    if (size < 6.95) found.push(size.toFixed(1) + " pt: " + node.textContent.trim().slice(0, 60));
  }
  return found;
})()`;

const looks = {
  brief: [["dark", 1440], ["light", 320]],
  every: [["light", 1440], ["dark", 1440], ["light", 320], ["dark", 320], ["light", 768]],
};

for (const one of pages) {
  const brief = one.kind === "brief";
  for (const [scheme, width] of brief ? looks.brief : looks.every) {
    await check(`${one.name}, ${scheme}, ${width} px: accessible, within the width, whole`, () =>
      withPage(one, { width, height: 900, media: { "prefers-color-scheme": scheme } }, async page => {
        if (!brief) writeFileSync(`${shots}/${one.name.replace(/\W+/g, "-")}-${scheme}-${width}.png`, await page.screenshot());
        await page.eval(open);
        assert(await page.eval("document.documentElement.scrollWidth") <= width, "wider than the screen");
        assert.deepEqual(await page.eval(flaws), []);
        // Styles that it would load again by itself are refused to files, and no rule needs them.
        await page.eval(axe);
        const { violations, passes } = await page.eval(`axe.run({ runOnly: ${JSON.stringify(TAGS)}, preload: false })`);
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(node => `${node.html.slice(0, 200)} ${node.failureSummary}`)]), []);
        assert(passes.length > 20);
      }));
  }
  for (const width of brief ? [] : [1440, 320]) {
    await check(`${one.name}, ${width} px: every stop of Tab is seen`, () => withPage(one, { width, height: 900 }, async page => {
      await page.eval(open);
      await page.eval("document.activeElement.blur(); scrollTo(0, 0)");
      const found = await page.stops(1500);
      assert(found.length >= 3, `${found.length} stops`);
      assert(/class="skip"/.test(found[0].what), `the first stop leads to the content: ${found[0].what}`);
      assert.deepEqual(found.filter(stop => !stop.outlined || stop.width < 1 || stop.height < 1), []);
    }));
  }
  if (!brief) {
    await check(`${one.name}: nothing moves where motion is not wanted`, () =>
      withPage(one, { media: { "prefers-reduced-motion": "reduce" } }, async page => {
        assert.equal(await page.eval("getComputedStyle(document.documentElement).scrollBehavior"), "auto");
        assert.equal(await page.eval("document.getAnimations().length"), 0);
      }));
    await check(`${one.name}: prints its pictures, dark on white`, () =>
      withPage(one, { media: { "prefers-color-scheme": "dark" } }, async page => {
        await page.send("Emulation.setEmulatedMedia", { media: "print", features: [{ name: "prefers-color-scheme", value: "dark" }] });
        const { pictures, hidden, ground, ink } = await page.eval(`(() => {
          const figures = [...document.querySelectorAll("figure")].filter(${seen});
          const drawn = figure => [...figure.querySelectorAll("svg")].some(svg => svg.checkVisibility() && svg.getBoundingClientRect().height > 50);
          const { backgroundColor: ground, color: ink } = getComputedStyle(document.body);
          return { pictures: figures.length, hidden: figures.filter(figure => !drawn(figure)).length, ground, ink };
        })()`);
        assert(pictures > 0 && hidden === 0, `${hidden} of ${pictures} pictures are not printed`);
        assert.equal(ground, "rgb(255, 255, 255)");
        assert(ink.match(/\d+/g).every(part => Number(part) < 64), ink);
      }));
  }
  if (one.kind === "territory" || brief) {
    await check(`${one.name}: prints nothing smaller than 7 pt`, () => withPage(one, { width: SHEET }, async page => {
      await page.send("Emulation.setEmulatedMedia", { media: "print" });
      assert.deepEqual(await page.eval(small), []);
    }));
    await check(`${one.name}: prints on three sheets of A4 at most`, () => withPage(one, {}, async page => {
      const { data } = await page.send("Page.printToPDF", { preferCSSPageSize: true, paperWidth: 8.27, paperHeight: 11.69 });
      const pdf = Buffer.from(data, "base64");
      if (!brief) writeFileSync(`${shots}/${one.name.replace(/\W+/g, "-")}.pdf`, pdf);
      const sheets = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g).length;
      assert(sheets <= 3, `${sheets} sheets`);
    }));
  }
  if (one.kind === "story") {
    await check(`${one.name}: every step is reached by keys, and shows a map or a picture`, () =>
      withPage(one, { media: { "prefers-reduced-motion": "reduce" } }, async page => {
        await page.until("document.documentElement.dataset.map === 'ready'");
        const steps = await page.eval("document.querySelectorAll('.step').length");
        assert(steps >= 5 && steps <= 8, `${steps} steps`);
        for (let step = 1; step <= steps; step++) {
          if (step > 1) await page.key("PageDown");
          await page.until(`document.querySelectorAll(".step")[${step - 1}].classList.contains("now")`);
          const shown = await page.eval(`(() => {
            const seen = ${seen};
            const legends = [...document.querySelectorAll("[data-legend]:not([hidden])")];
            const map = document.querySelector("#map canvas").getBoundingClientRect().height > 100 && legends.length > 0;
            const picture = [...document.querySelectorAll("#graphic > figure svg")].some(seen);
            return [map && seen(document.getElementById("stage")), picture];
          })()`);
          assert.notEqual(shown[0], shown[1], `step ${step}: map and picture ${shown}`);
          await new Promise(resolve => setTimeout(resolve, 300));
          const top = await page.eval("scrollY");
          writeFileSync(`${shots}/${one.name.replace(/\W+/g, "-")}-step-${step}.png`, await page.screenshot({ x: 0, y: top, width: 1280, height: 900 }));
        }
      }));
  }
  if (one.kind === "overview") {
    await check(`${one.name}: the table is sorted by numbers and by names`, () => withPage(one, {}, async page => {
      const column = at => page.eval(`[...document.querySelectorAll(".ranking tbody tr")].map(row => row.cells[${at}].${at ? "dataset.value" : "textContent"} ?? null)`);
      const press = at => page.eval(`document.querySelectorAll(".ranking thead button")[${at}].click()`);
      const names = await column(0);
      await press(1);
      assert.equal(await page.eval(`document.querySelectorAll(".ranking thead th")[1].getAttribute("aria-sort")`), "descending");
      const known = (await column(1)).filter(value => value !== null).map(Number);
      assert(known.length > 1);
      assert.deepEqual(known, known.toSorted((a, b) => b - a));
      await press(1);
      assert.deepEqual((await column(1)).filter(value => value !== null).map(Number), known.toReversed());
      await press(0);
      assert.deepEqual(await column(0), names);
    }));
    await check(`${one.name}: a name is found without its accents, and opens its page`, () => withPage(one, {}, async page => {
      const [name, target] = await page.eval(`(() => {
        const links = [...document.querySelectorAll(".ranking tbody a")];
        const link = links.find(link => /[àâçéèêëîïôöùûü]/i.test(link.textContent)) ?? links[1];
        return [link.textContent, link.href];
      })()`);
      const typed = name.normalize("NFD").replace(/\p{M}/gu, "").toUpperCase();
      await page.eval(`(() => {
        const input = document.querySelector(".find input");
        input.value = ${JSON.stringify(typed)};
        input.dispatchEvent(new Event("input"));
      })()`);
      const left = await page.eval(`[...document.querySelectorAll(".ranking tbody tr")].filter(row => !row.hidden).map(row => row.cells[0].textContent)`);
      assert(left.includes(name) && left.length < 10, `${left}`);
      assert(await page.eval(`document.querySelector(".find [role=status]").textContent.trim()`));
      await page.eval(`document.querySelector(".find").requestSubmit()`);
      await page.until(`location.href === ${JSON.stringify(target)}`);
      await page.until(`document.querySelector(".page h1") && [...document.querySelectorAll("h1")].filter(${seen}).some(one => one.textContent === ${JSON.stringify(name)})`);
    }));
    await check(`${one.name}: pages lead to each other without script`, () => withPage(one, { scripts: false }, async page => {
      const heading = () => page.eval(`[...document.querySelectorAll("h1")].filter(${seen}).map(one => one.textContent).join("|")`);
      // Between two pages there is none, or nothing to ask.
      const changed = async before => {
        for (let wait = 0; wait < 100; wait++) {
          const now = await heading().catch(() => "");
          if (now && now !== before) return now;
          await new Promise(resolve => setTimeout(resolve, 50));
        }
        return before;
      };
      const follow = async selector => {
        const [x, y] = await page.eval(`(() => {
          const link = [...document.querySelectorAll(${JSON.stringify(selector)})].find(${seen});
          link.scrollIntoView({ block: "center", behavior: "instant" });
          const { x, y, width, height } = link.getBoundingClientRect();
          return [x + width / 2, y + height / 2];
        })()`);
        const before = await heading();
        await page.click(x, y);
        return changed(before);
      };
      const title = await heading();
      assert.equal(await page.eval(`document.querySelector(".find").checkVisibility()`), false, "a search that cannot work is not shown");
      const first = await follow(".ranking tbody tr:nth-child(2) a");
      assert.equal(first.includes("|") || first === title, false, first);
      const next = await follow("[rel=next]");
      assert.notEqual(next, first);
      assert.equal(await follow(".trail li:first-child a"), title);
      const before = await heading();
      const place = await page.eval(`(() => {
        const paths = [...document.querySelectorAll("figure svg a path")].filter(${seen});
        for (const path of paths) {
          path.scrollIntoView({ block: "center", behavior: "instant" });
          const { x, y, width, height } = path.getBoundingClientRect();
          const middle = [x + width / 2, y + height / 2];
          if (document.elementFromPoint(...middle) === path) return middle;
        }
      })()`);
      await page.click(...place);
      assert.notEqual(await changed(before), before, "a click on the map opens a page");
    }));
  }
}

await browser.close();
if (failed) console.log(`${failed} checks failed`);
process.exit(failed ? 1 : 0);
