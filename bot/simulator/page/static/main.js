// The page: asks for news, hands it to the telephones and to the carrier's list, and asks again.

import { Alarm, keepClear } from "./alarm.js";
import { Carrier } from "./carrier.js";
import { ask, dayOf, element, spaced } from "./dom.js";
import { Handset } from "./handset.js";
import { hushAll, isOn, switchSound } from "./sound.js";

const PAUSE_MS = 80; // between two questions, so that a busy network does not keep us busy
const HIDDEN_MS = 2000; // a tab that nobody sees asks rarely, and holds no connection meanwhile
const AGAIN_MS = 1000; // after the network did not answer
const NARROWEST = 300; // pixels, of a telephone
const WAIT_SECONDS = 2; // for news; a person that is added is none, and is seen after that

const byId = (id) => document.getElementById(id);
const people = document.querySelector(".people");
const carrier = new Carrier(byId("webhooks"), byId("filter"), byId("nothing"));
const handsets = new Map();
const alarm = new Alarm(byId("alarm"), (number) => handsets.get(number)?.goTo());
let seen = begin();
let lost = false; // the network does not answer

function begin() {
  return { run: "", upTo: { happenings: 0, webhooks: 0, events: 0 }, ahead: 0 };
}

function show(news) {
  if (seen.run && seen.run !== news.run) {
    beginAnew();
    return;
  }
  const first = !seen.run;
  seen = {
    run: news.run,
    upTo: news.seen,
    ahead: new Date(news.now) - Date.now(),
  };
  if (lost) tell("");
  lost = false;
  showNumbers(news.numbers);
  news.handsets.forEach((data) => handsetOf(data).show(data, first));
  keepOnly(new Set(news.handsets.map(({ number }) => number)));
  byId("nobody").hidden = news.handsets.length > 0;
  carrier.show(news);
  alarm.show(news.handsets.filter((data) => data.call?.phase === "ringing"));
  tick();
}

// Another network: its books are new, but whoever was about to write something goes on with it.
function beginAnew() {
  seen = begin();
  lost = false;
  hushAll();
  handsets.forEach((handset) => handset.forget());
  carrier.forget();
  const close = element("button", { type: "button", onclick: () => tell("") }, "Close");
  tell("The phone network has begun anew: its calls and texts so far are gone. ", close);
}

function keepOnly(numbers) {
  const gone = [...handsets.keys()].filter((number) => !numbers.has(number));
  gone.forEach((number) => handsets.delete(number));
  if (gone.length > 0) arrange();
}

function noAnswer() {
  if (lost) return;
  lost = true;
  alarm.show([]);
  handsets.forEach((handset) => handset.tick(null));
  tell("The phone network does not answer. Trying again …");
}

function tell(...words) {
  byId("connection").replaceChildren(...words.filter(Boolean));
}

function handsetOf(data) {
  if (!handsets.has(data.number)) {
    const made = new Handset(data, {
      service: () => byId("service").value,
      showCall: (sid) => carrier.only(sid),
    });
    handsets.set(data.number, made);
    arrange();
  }
  return handsets.get(data.number);
}

// As many columns as there is room for; each telephone keeps its column when another grows.
function arrange() {
  const wanted = Math.max(1, Math.min(handsets.size, Math.floor(people.clientWidth / NARROWEST)));
  const focused = document.activeElement;
  const columns = Array.from({ length: wanted }, () => element("div", { class: "column" }));
  [...handsets.values()].forEach(({ article }, at) => columns[at % wanted].append(article));
  people.replaceChildren(...columns);
  focused?.focus({ preventScroll: true });
}

function showNumbers(numbers) {
  const select = byId("service");
  const known = [...select.options].map((option) => option.value);
  if (known.join() === numbers.join()) return;
  const chosen = select.value;
  select.replaceChildren(
    ...numbers.map((number) => element("option", { value: number }, spaced(number))),
  );
  if (numbers.includes(chosen)) select.value = chosen;
  select.hidden = numbers.length === 1; // nothing to choose
  byId("only-number").textContent = numbers.length === 1 ? spaced(numbers[0]) : "";
}

function tick() {
  const now = Date.now() + seen.ahead;
  if (!seen.run || lost) return;
  byId("clock").textContent = dayOf(now);
  byId("clock").dateTime = new Date(now).toISOString();
  handsets.forEach((handset) => handset.tick(now));
}

const rest = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const visible = () => document.visibilityState === "visible";

async function follow() {
  for (;;) {
    try {
      const wait = visible() ? WAIT_SECONDS : 0;
      const query = new URLSearchParams({ ...seen.upTo, run: seen.run, wait });
      show(await ask(`/screen?${query}`));
    } catch (problem) {
      noAnswer();
      console.debug(problem);
      await rest(AGAIN_MS);
    }
    await (visible() ? rest(PAUSE_MS) : seenOr(HIDDEN_MS));
  }
}

// That long, or until somebody looks at this tab again.
function seenOr(milliseconds) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    document.addEventListener("visibilitychange", () => (clearTimeout(timer), done()), {
      once: true,
    });
  });
}

byId("sound").checked = isOn();
byId("sound").addEventListener("change", (event) => switchSound(event.target.checked));
let width = people.clientWidth;
new ResizeObserver(() => {
  if (Math.floor(width / NARROWEST) !== Math.floor(people.clientWidth / NARROWEST)) arrange();
  width = people.clientWidth;
}).observe(people);
keepClear(byId("notices"));
setInterval(tick, 1000);
follow();
