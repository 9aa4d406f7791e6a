// What is kept at a telephone: its texts, and what its voicemail recorded.

import { Rows, element, keepAtEnd, timeOf } from "./dom.js";
import { canSpeak, hush, say } from "./sound.js";

const OUTCOMES = {
  sent: "on its way",
  "no reply": "received; no reply",
  replied: "received; replied to by text",
  failed: "not received: its webhook failed",
};
const FORGOTTEN = "the carrier has forgotten its words";

export class Texts {
  constructor(list) {
    this.list = list;
    this.rows = new Rows(list, { key: ({ sid }) => sid, make: textRow, renew: renewText });
  }

  show(texts) {
    this.list.hidden = texts.length === 0;
    keepAtEnd(this.list, () => this.rows.show(texts));
  }
}

function textRow({ mine, body }) {
  const from = element("span", { class: "unseen" }, mine ? "Sent: " : "Received: ");
  return element("li", { class: mine ? "mine" : "theirs" },
    element("p", {}, from, body), element("small"));
}

function renewText(row, { at, outcome, forgotten }) {
  const note = [timeOf(at), OUTCOMES[outcome], forgotten && FORGOTTEN].filter(Boolean).join("; ");
  const small = row.querySelector("small");
  if (small.textContent !== note) small.textContent = note;
}

export class Voicemails {
  constructor(details, number) {
    this.details = details;
    this.rows = new Rows(details.querySelector("ol"), {
      key: ({ sid }) => sid,
      make: (kept) => voicemailRow(kept, number),
      renew: () => {},
    });
  }

  show(kept) {
    this.details.hidden = kept.length === 0;
    this.details.querySelector("summary").textContent = `Voicemail (${kept.length})`;
    this.rows.show(kept);
  }
}

function voicemailRow({ at, words }, number) {
  const play = element("button", { type: "button", onclick: () => (hush(number), say(words, number)) },
    `Listen to ${timeOf(at)}`);
  play.hidden = !canSpeak();
  return element("li", {}, element("small", {}, timeOf(at)), element("p", {}, words), play);
}
