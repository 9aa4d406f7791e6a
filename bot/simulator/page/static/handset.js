// One telephone: what its owner sees, hears and does.

import { CallLog } from "./call_log.js";
import { ask, element, lasted, spaced } from "./dom.js";
import { canListen, hush, hushAll, listen } from "./sound.js";
import { Texts, Voicemails } from "./texts.js";

const KEYS = "123456789*0#";
const NAMES = { "*": "star", "#": "hash" };
const STATES = {
  idle: "Nothing going on",
  waiting: "A call is on its way",
  calling: "Ringing the service",
  ringing: "Ringing",
  talking: "In a call",
  voicemail: "The voicemail has the call",
  over: "The call is over",
};

export class Handset {
  constructor(data, { service, showCall }) {
    this.number = data.number;
    this.service = service;
    this.article = document.getElementById("handset").content.cloneNode(true).firstElementChild;
    this.part = (name) => this.article.querySelector(`.${name}`);
    this.log = new CallLog(this.part("log"), this.number, showCall);
    this.texts = new Texts(this.part("texts"));
    this.voicemails = new Voicemails(this.part("voicemails"), this.number);
    this.keys = Promise.resolve(); // keys go one after the other
    this.shown = "";
    this.phase = "idle";
    this.name(data);
    this.listenToHands();
  }

  name(data) {
    this.part("name").textContent = data.name;
    this.part("number").textContent = spaced(data.number);
    this.article.setAttribute("aria-label", `${data.name}’s telephone`);
    this.part("rung").setAttribute("aria-label", `Incoming call for ${data.name}`);
    this.part("log").setAttribute("aria-label", `${data.name}’s call`);
    this.part("keypad").setAttribute("aria-label", `${data.name}’s keypad`);
    this.part("texts").setAttribute("aria-label", `${data.name}’s texts`);
  }

  // What the hands do

  listenToHands() {
    const on = (part, type, action) => this.part(part).addEventListener(type, action);
    on("answer", "click", () => this.act("answer"));
    on("decline", "click", () => this.act("decline"));
    on("divert", "click", () => this.act("divert"));
    on("hang-up", "click", () => (hush(this.number), this.act("hang-up")));
    on("ring", "click", () => this.ring());
    on("text", "submit", (event) => this.send(event, "body", (body) => this.text(body)));
    on("say", "submit", (event) => this.send(event, "words", (words) => this.act("speak", { words })));
    on("microphone", "click", () => this.hear());
    this.part("microphone").hidden = !canListen();
    this.part("keypad").append(...[...KEYS].map((key) => this.keyButton(key)));
    this.article.addEventListener("keydown", (event) => this.keyDown(event));
  }

  keyButton(key) {
    const label = NAMES[key] ?? key;
    return element("button", { type: "button", "aria-label": label, onclick: () => this.press(key) }, key);
  }

  keyDown(event) {
    const typing = event.target.matches("input:not([type=checkbox])");
    const meant = event.key.length === 1 && KEYS.includes(event.key);
    if (typing || !meant || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.phase !== "talking") return;
    event.preventDefault();
    this.press(event.key);
  }

  press(digits) {
    hush(this.number);
    for (const key of digits) this.keys = this.keys.then(() => this.act("press", { digits: key }));
  }

  // Once, until its call is seen: the button keeps the focus meanwhile.
  async ring() {
    const button = this.part("ring");
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    const body = { from: this.number, to: this.service(), withheld: this.part("withheld").checked };
    if (!(await this.attempt(ask("/calls", { method: "POST", body })))) button.ariaDisabled = "false";
  }

  text(body) {
    const sent = { from: this.number, to: this.service(), body };
    return this.attempt(ask("/texts", { method: "POST", body: sent }));
  }

  act(what, body = {}) {
    const path = `/handsets/${encodeURIComponent(this.number)}/${what}`;
    return this.attempt(ask(path, { method: "POST", body }));
  }

  async attempt(asked) {
    const problem = this.part("problem");
    try {
      await asked;
      problem.textContent = "";
      return true;
    } catch (error) {
      problem.textContent = `That did not work: ${error.message}.`;
      return false;
    }
  }

  async send(event, name, action) {
    event.preventDefault();
    const field = event.target.elements[name];
    const words = field.value.trim();
    if (!words) return;
    field.value = "";
    if (!(await action(words))) field.value ||= words;
  }

  hear() {
    if (this.stopHearing) return this.stopHearing();
    const button = this.part("microphone");
    button.setAttribute("aria-pressed", "true");
    hushAll(); // or it would hear them
    const heard = (words) => this.act("speak", { words });
    this.stopHearing = listen(heard, (problem) => {
      this.stopHearing = null;
      button.setAttribute("aria-pressed", "false");
      if (problem) this.part("problem").textContent = problem;
    });
    return undefined;
  }

  goTo() {
    const answer = this.part("answer");
    const target = answer.checkVisibility() ? answer : this.part("name");
    target.focus({ preventScroll: true });
    this.article.scrollIntoView({ block: "nearest" });
    target.scrollIntoView({ block: "nearest" }); // the telephone may be longer than the screen
  }

  // What its owner sees

  // The call is gone with its network; what its owner was about to write is kept.
  forget() {
    this.shown = "";
    this.log.forget("");
    this.texts.show([]);
    this.voicemails.show([]);
    this.part("problem").textContent = "";
    this.part("ring").ariaDisabled = "false";
  }

  show(data, first) {
    const shown = JSON.stringify(data);
    if (shown === this.shown) return;
    this.shown = shown;
    this.name(data);
    this.showCall(data, first);
    this.texts.show(data.texts);
    this.voicemails.show(data.voicemails);
    this.showNotes(data.name, data.notes);
  }

  showCall({ call, held, has_voicemail: hasVoicemail }, first) {
    const before = this.phase;
    const focused = this.article.contains(document.activeElement) ? document.activeElement : null;
    this.phase = call?.phase ?? "idle";
    this.since = this.phase === "talking" ? new Date(call.answered_at) : null;
    this.article.dataset.phase = this.phase;
    this.part("words").textContent = stateOf(call, this.phase);
    this.part("from").textContent = call ? spaced(call.other) : "";
    this.part("rung").hidden = this.phase !== "ringing" || !held;
    this.part("divert").hidden = !hasVoicemail;
    this.part("decline").hidden = hasVoicemail; // it would answer then as well
    this.part("log").hidden = !call;
    this.part("talk").hidden = this.phase !== "talking";
    this.part("hang-up").hidden = !["talking", "calling"].includes(this.phase);
    this.part("dial").hidden = !["idle", "over"].includes(this.phase);
    this.part("notes").querySelectorAll("button").forEach((each) => {
      each.disabled = this.phase !== "talking";
    });
    if (call && call.sid !== this.log.sid) this.part("ring").ariaDisabled = "false";
    if (call) this.log.show(call, first);
    if (this.phase !== before && focused) this.moveFocus(focused);
  }

  // Whoever held a button that is gone goes on at what has come in its place.
  moveFocus(focused) {
    if (focused.checkVisibility() && !focused.disabled) return;
    if (this.phase === "talking") this.part("keypad").focus({ preventScroll: true });
    else this.part("name").focus({ preventScroll: true });
  }

  // Nobody knows how long a call lasts while the network does not answer.
  tick(now) {
    const runs = this.since && now !== null;
    this.part("timer").textContent = runs ? lasted((now - this.since) / 1000) : "";
  }

  showNotes(name, notes) {
    const details = this.part("notes");
    const list = details.querySelector("dl");
    details.hidden = notes.length === 0;
    details.querySelector("summary").textContent = `What ${name} knows`;
    if (JSON.stringify(notes) === details.dataset.notes) return;
    details.dataset.notes = JSON.stringify(notes);
    list.replaceChildren(...notes.flatMap(([what, words]) => this.note(what, words)));
  }

  note(what, words) {
    const keys = /^[0-9*#]+$/.test(words);
    const button = element("button", { type: "button", "aria-label": `Key ${words}: ${what}` }, words);
    button.disabled = this.phase !== "talking";
    button.addEventListener("click", () => this.press(words));
    return [element("dt", {}, what), keys ? element("dd", {}, button) : element("dd", { class: "told" }, words)];
  }
}

function stateOf(call, phase) {
  if (call?.through_to && phase === "talking") return `Through to ${call.through_to}`;
  if (phase !== "over") return STATES[phase];
  return call.seconds || call.answered_at
    ? `The call is over, after ${lasted(call.seconds)}`
    : `The call is over: ${call.status}`;
}
