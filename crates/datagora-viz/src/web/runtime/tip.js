// What a feature under the pointer says, beside the pointer.

/**
 * Shown when the pointer rests on a feature; Escape takes it away without a move of the pointer, and the pointer may go onto it
 * (WCAG 2.2, 1.4.13). Those who use the keyboard or a finger have the card, which says more.
 */
class Tip {
  constructor(stage) {
    this.stage = stage;
    this.element = document.getElementById("tip");
    this.element.addEventListener("mouseenter", () => clearTimeout(this.timer));
    this.element.addEventListener("mouseleave", () => this.hide());
  }
  /** Follows the pointer: `what` names the feature, `words` make its lines when they are needed. */
  over(what, point, words) {
    if (what === this.what) return;
    this.what = what;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (what === null ? this.clear() : this.show(point, words())), what === null ? 300 : 150);
  }
  show({ x, y }, [heading, ...lines]) {
    this.element.replaceChildren(make("strong", {}, heading), ...lines.map(line => make("span", {}, line)));
    this.element.hidden = false;
    const { clientWidth, clientHeight } = this.stage;
    const { offsetWidth, offsetHeight } = this.element;
    // Close enough to be reached, never under the pointer, never out of the map.
    const left = x + 14 + offsetWidth > clientWidth ? x - 14 - offsetWidth : x + 14;
    this.element.style.left = `${Math.max(4, left)}px`;
    this.element.style.top = `${Math.max(4, Math.min(y + 14, clientHeight - offsetHeight - 4))}px`;
  }
  clear() {
    this.element.hidden = true;
  }
  /** Takes it away; the feature stays known, so that it does not come back before the pointer leaves. */
  hide() {
    clearTimeout(this.timer);
    this.clear();
  }
}
