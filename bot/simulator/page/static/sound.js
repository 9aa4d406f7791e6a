// What can be heard: the words by the browser's own voice, and a telephone that rings.
// Everything here is optional: without it the page says the same in writing.

const KEPT = "telephones.sound";
const voices = "speechSynthesis" in window ? window.speechSynthesis : null;
let on = remembered();
let audio = null;
let ringing = 0;

function remembered() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // storage is refused
  }
}

export const isOn = () => on;
export const canSpeak = () => voices !== null;

export function switchSound(wanted) {
  on = wanted;
  if (!on) hushAll();
  sing();
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // not remembered, then
  }
}

// One tab speaks: the one that is looked at.
export function speak(words, number) {
  if (on && document.visibilityState === "visible") say(words, number);
}

// The browser has one voice for all telephones, and can silence only all that it was given: so it
// is given one thing at a time.
let waiting = [];
let spoken = null;

export function say(words, number) {
  if (!voices) return;
  waiting.push({ words, number });
  if (!voices.speaking) spoken = null; // it did not say that it had finished
  sayNext();
}

function sayNext() {
  if (spoken || waiting.length === 0) return;
  const { words, number } = waiting.shift();
  const utterance = new SpeechSynthesisUtterance(words);
  utterance.lang = "en-GB";
  spoken = { utterance, number };
  utterance.onend = utterance.onerror = () => {
    if (spoken?.utterance !== utterance) return;
    spoken = null;
    sayNext();
  };
  voices.speak(utterance);
}

// Silence one telephone; the others go on.
export function hush(number) {
  waiting = waiting.filter((each) => each.number !== number);
  if (spoken?.number !== number) return;
  spoken = null;
  voices.cancel();
  sayNext();
}

export function hushAll() {
  waiting = [];
  spoken = null;
  voices?.cancel();
}

// The ringing: two short tones, then two seconds of nothing, as in Britain.
export function ring(wanted) {
  ringing = wanted;
  sing();
}

let timer = null;
function sing() {
  const heard = on && ringing > 0;
  if (heard && timer === null) timer = setInterval(tones, 3000);
  if (heard) return;
  clearInterval(timer);
  timer = null;
}

function tones() {
  if (!audio || document.visibilityState !== "visible") return;
  for (const begins of [0, 0.6]) {
    for (const pitch of [400, 450]) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      volume.gain.value = 0.05;
      tone.frequency.value = pitch;
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + begins);
      tone.stop(audio.currentTime + begins + 0.4);
    }
  }
}

// Browsers allow sound only once somebody has touched the page.
for (const touch of ["pointerdown", "keydown"]) {
  window.addEventListener(touch, () => {
    if (!audio && "AudioContext" in window) audio = new AudioContext();
  }, { once: true });
}

// The microphone, where the browser hears words; some send what they hear to their maker.
const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
export const canListen = () => Boolean(Recognition);

export function listen(heard, ended) {
  const ear = new Recognition();
  ear.lang = "en-GB";
  ear.onresult = (event) => heard(event.results[0][0].transcript);
  ear.onend = () => ended("");
  ear.onerror = (event) => ended(`the microphone: ${event.error}`);
  ear.start();
  return () => ear.abort();
}
