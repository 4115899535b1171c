// A row of bars, one for each update, with a slider to select an earlier one.

import { el } from "/console/dom.js";

export const LENGTH = 40; // bars; as many as fit a phone

export class Timeline {
  /** `onSelect(index)` is called with the selected moment. */
  constructor(onSelect) {
    this.bars = el("div", { class: "bars", "aria-hidden": "true" });
    this.slider = el("input", { type: "range", min: "0", step: "1", "aria-label": "Update shown", hidden: true });
    this.slider.addEventListener("input", () => onSelect(Number(this.slider.value)));
    this.element = el("div", { class: "timeline" }, this.bars, this.slider);
  }

  /** Shows the moments, `{kind, weight, label}`, of which one is selected. */
  show(moments, selected) {
    this.bars.replaceChildren(...moments.map((moment, i) => bar(moment, i === selected)));
    this.slider.hidden = moments.length < 2;
    this.slider.max = moments.length - 1;
    this.slider.value = selected;
    this.slider.setAttribute("aria-valuetext", moments[selected]?.label ?? "none");
    this.element.style.setProperty("--bars", moments.length);
  }
}

/** Makes a bar. Its height grows with the logarithm of the number of changes. */
function bar({ kind, weight }, selected) {
  const element = el("span", { class: `bar ${kind}${selected ? " selected" : ""}` });
  element.style.setProperty("--height", Math.min(1, 0.2 + Math.log2(1 + weight) / 7));
  return element;
}
