// The log of a call: each line once, in order; words are shown, and spoken, as soon as they begin.

import { element, keepAtEnd, timeOf } from "./dom.js";
import { hush, speak } from "./sound.js";

const WHO = { bot: "The service", carrier: "The network" };
const DONE = { keyed: "Keys", said: "Says" };

export class CallLog {
  constructor(box, showCall) {
    this.box = box;
    this.list = box.querySelector("ol");
    this.showCall = showCall;
    this.forget("");
  }

  forget(sid) {
    this.sid = sid;
    this.rows = new Map();
    this.list.replaceChildren();
  }

  show(call, first) {
    if (call.sid !== this.sid) {
      this.forget(call.sid);
      this.wasUp = false;
      const link = element("button", { type: "button", class: "plain", onclick: () => this.showCall(call.sid) },
        "Its webhooks");
      this.list.append(element("li", { class: "about" },
        call.incoming ? "Rung by the service. " : "Rang the service. ", link));
    }
    keepAtEnd(this.box, () => this.fill(call, first));
    if (this.wasUp && call.phase === "over") hush();
    this.wasUp = call.phase === "talking";
  }

  fill(call, first) {
    const kept = new Set();
    for (const line of call.lines) {
      const key = `${line.kind} ${line.at} ${line.who}`;
      kept.add(key);
      if (this.rows.has(key)) this.rows.get(key).textContent = line.words;
      else this.add(key, line, call, first);
    }
    for (const [key, words] of this.rows) {
      if (kept.has(key)) continue;
      words.parentElement.remove(); // cut short before a whole word was said
      this.rows.delete(key);
    }
  }

  add(key, line, call, first) {
    const who = line.kind === "heard" ? WHO[line.who] ?? line.who : DONE[line.kind];
    const words = element("span", { class: "words" }, line.words);
    const time = element("time", { datetime: line.at, title: timeOf(line.at) });
    this.list.append(element("li", { class: line.kind }, time, element("b", {}, `${who} `), words));
    this.rows.set(key, words);
    if (line.kind === "heard" && call.phase === "talking" && !first) speak(line.words);
  }
}
