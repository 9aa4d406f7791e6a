// What the carrier sees: every webhook with its parameters and its answer, and the events, in order.

import { element, keepAtEnd, timeOf } from "./dom.js";

const MOST = 1000; // rows; the older ones are at /simulator/webhooks
const MOST_TO_CHOOSE = 100; // calls and texts

export class Carrier {
  constructor(list, filter, nothing) {
    this.list = list;
    this.filter = filter;
    this.nothing = nothing;
    filter.addEventListener("change", () => this.sift());
    this.forget();
  }

  forget() {
    this.known = new Set();
    this.list.replaceChildren();
    this.filter.replaceChildren(element("option", { value: "" }, "everything"));
    this.nothing.hidden = false;
    this.list.hidden = true; // or the keyboard would reach it
  }

  show({ conversations, webhooks, events }) {
    conversations.filter((each) => !this.known.has(each.sid)).forEach((each) => {
      this.known.add(each.sid);
      const label = `${each.name} ${each.what}, ${timeOf(each.at)}`;
      this.filter.append(element("option", { value: each.sid }, label));
    });
    this.dropOldest();
    const rows = [
      ...webhooks.map((each) => [each.at, webhookRow(each)]),
      ...events.map((each) => [each.at, eventRow(each)]),
    ].sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
    if (rows.length === 0) return;
    this.nothing.hidden = true;
    this.list.hidden = false;
    keepAtEnd(this.list, () => {
      this.list.append(...rows.map(([, row]) => row));
      while (this.list.children.length > MOST) this.list.firstElementChild.remove();
      this.sift();
    });
  }

  dropOldest() {
    const old = [...this.filter.options].slice(1, -MOST_TO_CHOOSE);
    old.filter((option) => !option.selected).forEach((option) => {
      this.known.delete(option.value);
      option.remove();
    });
  }

  only(sid) {
    if (!this.known.has(sid)) return;
    this.filter.value = sid;
    this.sift();
    this.filter.focus();
  }

  sift() {
    const sid = this.filter.value;
    for (const row of this.list.children) row.hidden = Boolean(sid) && row.dataset.sid !== sid;
  }
}

function webhookRow(exchange) {
  const { pathname, search } = new URL(exchange.url);
  const failed = exchange.failure || exchange.status >= 400;
  const status = element("span", { class: failed ? "status bad" : "status" },
    exchange.failure ? "no answer" : String(exchange.status));
  const summary = element("summary", {},
    element("time", { datetime: exchange.at }, timeOf(exchange.at)),
    element("span", { class: "kind" }, exchange.kind),
    element("span", { class: "path" }, `${pathname}${search}`),
    status);
  const details = element("details", {}, summary);
  // most are never opened: what is in them is made when somebody does
  details.addEventListener("toggle", () => details.append(...insides(exchange)), { once: true });
  return element("li", { "data-sid": exchange.sid }, details);
}

function insides(exchange) {
  const row = ([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value));
  const rows = exchange.params.filter(([, value]) => value).map(row);
  const empty = exchange.params.filter(([, value]) => !value).map(([name]) => name);
  if (empty.length > 0) rows.push(row(["(empty)", empty.join(", ")]));
  const answer = exchange.body
    ? element("pre", { role: "group", tabindex: "0", "aria-label": "Answer" }, element("code", {}, exchange.body))
    : element("p", {}, exchange.failure || "The answer is empty.");
  return [
    element("p", { class: "url" }, `${exchange.method} ${exchange.url}`),
    element("table", {}, element("caption", {}, "Parameters"), element("tbody", {}, ...rows)),
    element("p", { class: "answer" }, `Answer: ${exchange.status ?? "none"}`),
    answer,
  ];
}

function eventRow(event) {
  return element("li", { "data-sid": event.sid, class: "event" },
    element("time", { datetime: event.at }, timeOf(event.at)),
    element("span", { class: "kind" }, "event"),
    element("span", { class: "path" }, event.code ? `${event.code}: ${event.words}` : event.words));
}
