// The log of a call: each line once, in order; words are shown, and spoken, as soon as they begin.

import { Rows, element, keepAtEnd, timeOf } from "./dom.js";
import { hush, speak } from "./sound.js";

const WHO = { bot: "The service", carrier: "The network" };
const DONE = { keyed: "Keys", said: "Says" };

export class CallLog {
  constructor(box, number, showCall) {
    this.box = box;
    this.number = number;
    this.showCall = showCall;
    this.list = box.querySelector("ol");
    this.forget("");
  }

  forget(sid) {
    this.sid = sid;
    this.wasUp = false;
    this.list.replaceChildren();
    this.lines = new Rows(this.list, {
      key: ({ kind, at, who }) => `${kind} ${at} ${who}`,
      make: lineRow,
      renew: (row, { words }) => (row.querySelector(".words").textContent = words),
    });
  }

  show(call, first) {
    if (call.sid !== this.sid) this.begin(call);
    keepAtEnd(this.box, () => {
      const added = this.lines.show(call.lines); // and one that was cut short at once is taken away
      if (call.phase !== "talking" || first) return;
      added.filter(({ kind }) => kind === "heard").forEach(({ words }) => speak(words, this.number));
    });
    if (this.wasUp && call.phase === "over") hush(this.number);
    this.wasUp = call.phase === "talking";
  }

  begin(call) {
    this.forget(call.sid);
    const link = element("button", { type: "button", class: "plain", onclick: () => this.showCall(call.sid) },
      "Its webhooks");
    this.list.append(element("li", { class: "about" },
      call.incoming ? "Rung by the service. " : "Rang the service. ", link));
  }
}

function lineRow({ kind, at, who, words }) {
  const named = kind === "heard" ? WHO[who] ?? who : DONE[kind];
  const time = element("time", { datetime: at, title: timeOf(at) });
  return element("li", { class: kind }, time, element("b", {}, `${named} `),
    element("span", { class: "words" }, words));
}
