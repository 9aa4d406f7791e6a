// The live log: where it goes on after a break, pausing without losing a line, and what is told of it.
(() => {
  const MOST_SHOWN = 5000, MOST_HELD = 5000, TELL_MS = 10000, TOUCH_MS = 60000;
  const byId = (id) => document.getElementById(id);
  const [live, lines, pause, told, trouble] = ["live", "lines", "pause", "told", "trouble"].map(byId);
  let after = live.dataset.after, held = [], heldLines = 0, left = 0, shown = 0, over = false;
  const paused = () => pause.getAttribute("aria-pressed") === "true";
  const count = (html) => html.split("<li ").length - 1;

  // Each connection says from where it goes on; the address in the page says only what is wanted.
  htmx.createEventSource = (address) => {
    const source = new EventSource(`${address}&after=${encodeURIComponent(after)}`);
    for (const last of ["ended", "reload"]) {
      source.addEventListener(last, () => { over = true; source.close(); });
    }
    return source;
  };

  live.addEventListener("htmx:sseBeforeMessage", (event) => {
    const message = event.detail;
    after = message.lastEventId || after;
    if (message.type !== "lines") return;
    if (paused()) {
      event.preventDefault();
      held.push(message.data);
      heldLines += count(message.data);
      pause.textContent = `Go on: ${heldLines} new`;
      while (heldLines > MOST_HELD) {
        const lines = count(held.shift());
        heldLines -= lines;
        left += lines;
      }
    } else {
      shown += count(message.data);
    }
  });
  live.addEventListener("htmx:sseMessage", (event) => event.detail.type === "lines" && trim());
  live.addEventListener("htmx:sseError", () => { trouble.hidden = over; });
  live.addEventListener("htmx:sseOpen", () => { trouble.hidden = true; });

  pause.addEventListener("click", () => {
    const on = !paused();
    pause.setAttribute("aria-pressed", String(on));
    pause.textContent = on ? "Go on" : "Pause";
    if (on) return;
    for (const html of held) lines.insertAdjacentHTML("afterbegin", html);
    say(`${heldLines} lines came meanwhile.${left ? ` ${left} before them are in the records only.` : ""}`);
    held = [];
    heldLines = left = 0;
    trim();
  });
  pause.hidden = false;

  const trim = () => {
    byId("none").hidden = lines.childElementCount > 0;
    while (lines.childElementCount > MOST_SHOWN) lines.lastElementChild.remove();
  };
  const say = (text) => { told.textContent = text; };

  // A screen reader hears every ten seconds how many came, and none of them read out.
  setInterval(() => {
    if (shown) say(`${shown} new ${shown === 1 ? "line" : "lines"}.`);
    shown = 0;
  }, TELL_MS);

  // Whoever moves is there: the session goes on. A page that is left open keeps none alive.
  let touched = Date.now();
  const touch = () => {
    if (Date.now() - touched < TOUCH_MS || over) return;
    touched = Date.now();
    const token = document.querySelector('meta[name="csrf-token"]').content;
    fetch("/now/here", { method: "POST", headers: { "X-CSRF-Token": token } }).catch(() => {});
  };
  for (const move of ["pointermove", "keydown", "touchstart"]) {
    document.addEventListener(move, touch, { passive: true });
  }
})();
