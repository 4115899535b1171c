// One update of a query: the value from then on, and what it changed.

import { compare, countMarks, linesOf } from "/console/diff.js";
import { el, plural } from "/console/dom.js";
import { showLines } from "/console/lines.js";
import { describeError } from "/console/result.js";

/**
 * Makes a moment, `{at, kind, weight, label, before, shown, counts, switched, note}`. `kind` is "updated", "failed", "unchanged" or "lost";
 * `shown` is `{value, tag, logLines}` or `{error, tag}`, where tag is that of the identity; `latest` is what was shown before.
 */
export function makeMoment(kind, shown, latest, note) {
  const moment = { at: new Date(), kind, weight: kind === "failed" ? 1 : 0, shown, note };
  if (kind === "updated") {
    const comparable = latest && latest.tag === shown.tag && !("error" in latest);
    if (comparable) moment.before = latest;
    const counts = countMarks(comparable ? compare(latest.value, shown.value) : []);
    moment.counts = comparable ? counts : undefined;
    moment.switched = latest && latest.tag !== shown.tag;
    moment.weight = comparable ? counts.added + counts.removed + counts.changed : 1;
    shown.size = JSON.stringify(shown.value).length;
  }
  moment.label = label(moment);
  return moment;
}

/** Returns the elements of what a moment shows, with its changes marked. */
export function showMoment(moment, marked = true) {
  if (!moment?.shown) return [];
  const { before, shown } = moment;
  if ("error" in shown) return [describeError(shown.error)];
  const logs = (shown.logLines ?? []).map((line) => el("p", { class: "log" }, line));
  return [showLines(before && marked ? compare(before.value, shown.value) : linesOf(shown.value)), ...logs];
}

/** Scrolls a value to its first change. */
export function scrollToChange(value) {
  const line = value.querySelector(".added, .changed") ?? value.querySelector(".removed");
  if (!line) return;
  const box = value.getBoundingClientRect();
  const place = line.getBoundingClientRect();
  if (place.top < box.top || place.bottom > box.bottom - box.height / 4) value.scrollTop += place.top - box.top - box.height / 3;
}

function label({ kind, counts, switched, shown, note }) {
  if (note) return note;
  if (kind === "failed") return `threw ${shown.error.reason || "an error"}`;
  const size = Array.isArray(shown.value) ? `${plural(shown.value.length, "item")}` : "";
  if (!counts) return [switched ? "as another identity" : "first value", size].filter(Boolean).join(", ");
  const changes = [["added", "+"], ["removed", "−"], ["changed", "~"]].filter(([mark]) => counts[mark]).map(([mark, sign]) => sign + counts[mark]);
  const total = counts.added + counts.removed + counts.changed;
  return [total > 0 ? `${changes.join(" ")} ${total === 1 ? "line" : "lines"}` : "the same value", size].filter(Boolean).join(", ");
}
