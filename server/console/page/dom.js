// Elements. Text is added to the page as text nodes only, never as HTML.

/** Makes an element: `el("p", {class: "note", onclick}, "text", child)`. Undefined children are left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (typeof value === "boolean") element.toggleAttribute(key, value);
    else if (value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** Makes a button that copies what `text()` returns. */
export function copyButton(text, label = "Copy") {
  const button = el("button", { type: "button", class: "quiet", onclick: copy }, label);
  async function copy() {
    const done = await navigator.clipboard.writeText(text()).then(() => "Copied", () => "Not allowed");
    button.textContent = done;
    setTimeout(() => (button.textContent = label), 1_500);
  }
  return button;
}

export const byId = (id) => document.getElementById(id);

/** Formats a time of day with milliseconds. */
export function clock(date) {
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

export function plural(n, one, many = `${one}s`) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}
