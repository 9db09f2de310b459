// What must hold of stories in a browser.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { accessible, address, check, chromium, finish, hash, shots, withPage } from "./harness.mjs";

const now = page => page.eval("[...document.querySelectorAll('.step')].findIndex(step => step.classList.contains('now')) + 1");
const until = (page, step) => page.until(`document.querySelectorAll('.step')[${step - 1}].classList.contains('now')`);
const status = page => page.eval("document.getElementById('map-status').textContent");
const moment = page => page.eval("document.getElementById('moment').textContent");
const legends = page => page.eval("[...document.querySelectorAll('[data-legend]:not([hidden])')].map(one => one.dataset.legend)");
const calm = { media: { "prefers-reduced-motion": "reduce" } };

await check("the first step is shown, and the scroll decides", () => withPage("story-fr.html", calm, async page => {
  assert.equal(await now(page), 1);
  assert.equal(await moment(page), "Vitesse – 3\u00a0h");
  assert.deepEqual(await legends(page), ["speed"]);
  // The map is as large as its place, the controls are at the foot of the screen.
  const { map, stage, nav, title } = await page.eval(`(() => {
    const size = of => {
      const { width, height, top, bottom, left, right } = document.querySelector(of).getBoundingClientRect();
      return { width, height, top, bottom, left, right };
    };
    return { map: size("#map canvas"), stage: size("#stage"), nav: size("#story-nav"), title: size("header > :last-child") };
  })()`);
  // It is seen whole before anybody scrolls, beside the title.
  assert(stage.top >= 0 && stage.bottom <= nav.top, JSON.stringify([stage, nav]));
  assert(title.right <= stage.left && title.bottom < 450, JSON.stringify([title, stage]));
  assert(Math.abs(map.width - stage.width) <= 3 && Math.abs(map.height - stage.height) <= 3, JSON.stringify([map, stage]));
  assert.equal(nav.bottom, 900);
  assert(nav.height < 80, `${nav.height}`);
  await page.eval("document.getElementById('step-3').scrollIntoView({ behavior: 'instant', block: 'center' })");
  await until(page, 3);
  assert.equal(await moment(page), "Vitesse – 8\u00a0h");
  assert.deepEqual(await legends(page), ["speed", "trees"]);
  assert.equal(await hash(page), "#step-3");
  assert.equal(await page.eval("document.getElementById('story-progress').value"), 3);
  writeFileSync(join(shots, "story-scrolled.png"), await page.screenshot({ x: 0, y: await page.eval("scrollY"), width: 1280, height: 900 }));
}));

await check("keys and buttons go on and back, and say where one is", () => withPage("story-fr.html", calm, async page => {
  await page.key("PageDown");
  await until(page, 2);
  assert.equal(await page.eval("document.activeElement.id"), "step-2");
  assert.equal(await status(page), "Étape 2 sur 4\u00a0: L’image");
  // A view alone stands in the place of the map, and goes back when it is done.
  const place = () => page.eval("document.querySelector('#step-2 figure') ? 'text' : document.querySelector('#graphic > figure')?.checkVisibility() ? 'graphic' : null");
  assert.equal(await place(), "graphic");
  assert.equal(await page.eval("document.getElementById('stage').checkVisibility()"), false);
  await page.key("ArrowRight");
  await until(page, 3);
  assert.equal(await place(), "text");
  assert.equal(await page.eval("document.getElementById('stage').checkVisibility()"), true);
  await page.key("ArrowLeft");
  await page.key("PageUp");
  await until(page, 1);
  await page.eval("document.getElementById('story-on').focus()");
  for (const step of [2, 3, 4, 4]) {
    await page.key("Enter", "Enter", "\r");
    await until(page, step);
    assert.equal(await page.eval("document.activeElement.id"), "story-on", "the button keeps the focus");
  }
  assert.equal(await page.eval("document.getElementById('story-on').getAttribute('aria-disabled')"), "true");
}));

await check("a map that follows a view alone lies as if the story had begun there", async () => {
  const scale = page => page.eval("(({ textContent, style }) => `${textContent} ${style.width}`)(document.querySelector('.maplibregl-ctrl-scale'))");
  let begun;
  await withPage("story-fr.html", { ...calm, hash: "#step-3" }, async page => { begun = await scale(page); });
  await withPage("story-fr.html", calm, async page => {
    await page.key("PageDown");
    await until(page, 2);
    await page.key("PageDown");
    await until(page, 3);
    assert.equal(await scale(page), begun);
  });
});

await check("a link opens at its step", () => withPage("story-en.html", { ...calm, hash: "#step-3" }, async page => {
  assert.equal(await now(page), 3);
  assert.equal(await moment(page), "Speed – 8:00");
  assert.equal(await page.eval("document.querySelector('#step-3 p:last-of-type').textContent"), "</script><b>&");
}));

await check("nothing flies where motion is not wanted", () => withPage("story-fr.html", calm, async page => {
  const before = await page.eval("document.querySelector('.maplibregl-ctrl-scale').textContent");
  await page.eval("document.getElementById('story-on').click(); document.getElementById('story-on').click()");
  // At once: the scale is that of the place before the next frame is over.
  await page.eval("new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
  assert.notEqual(await page.eval("document.querySelector('.maplibregl-ctrl-scale').textContent"), before);
}));

for (const [language, scheme, width] of [["fr", "light", 1440], ["en", "dark", 1280], ["fr", "dark", 768], ["en", "light", 320]]) {
  await check(`story, ${language}, ${scheme}, ${width} px: accessible, within the width, every stop seen`, () =>
    withPage(`story-${language}.html`, { width, height: 800, media: { ...calm.media, "prefers-color-scheme": scheme } }, async page => {
      await page.key("PageDown");
      await page.key("PageDown");
      await until(page, 3);
      await new Promise(resolve => setTimeout(resolve, 1500));
      const top = await page.eval("scrollY");
      writeFileSync(join(shots, `story-${language}-${scheme}-${width}-step.png`), await page.screenshot({ x: 0, y: top, width, height: 800 }));
      await accessible(page, width, `story-${language}-${scheme}-${width}`, 8);
    }));
}

/** All steps below each other, each picture seen, no map. */
const document_ = `(() => {
  const seen = element => element.checkVisibility() && element.getBoundingClientRect().height > 100;
  const pictures = [...document.querySelectorAll(".step figure svg")].filter(seen);
  const shown = document.getElementById("graphic").checkVisibility() || document.getElementById("story-nav").checkVisibility();
  return [document.querySelectorAll(".step").length, pictures.length, shown];
})()`;
await check("prints as a document, also while a view is beside the text", () => withPage("story-fr.html", calm, async page => {
  await page.key("PageDown");
  await until(page, 2);
  await page.eval("dispatchEvent(new Event('beforeprint'))");
  await page.send("Emulation.setEmulatedMedia", { media: "print" });
  assert.deepEqual(await page.eval(document_), [4, 2, false]);
  const { data } = await page.send("Page.printToPDF", { printBackground: true });
  writeFileSync(join(shots, "story.pdf"), Buffer.from(data, "base64"));
}));

await check("is a document where scripts do not run", () => withPage("story-fr.html", { scripts: false }, async page => {
  await page.send("Emulation.setScriptExecutionDisabled", { value: false });
  assert.deepEqual(await page.eval(document_), [4, 2, false]);
  writeFileSync(join(shots, "story-no-script.png"), await page.screenshot());
}));

const plain = await Browser.launch(chromium, ["--disable-3d-apis"]);
await check("is a document, and says why, where there is no WebGL", async () => {
  const page = await plain.page();
  await page.open(address("story-fr.html"));
  await page.until("!document.getElementById('no-map').hidden");
  assert.deepEqual(await page.eval(document_), [4, 2, false]);
});
await plain.close();

await finish();
