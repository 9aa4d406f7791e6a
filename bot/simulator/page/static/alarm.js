// The announcement of the telephones that ring. It stays on the screen, and leads to them.

import { Rows, element } from "./dom.js";
import { ring } from "./sound.js";

export class Alarm {
  constructor(box, goTo) {
    this.box = box;
    this.rows = new Rows(box.querySelector(".ringing"), {
      key: ({ number }) => number,
      make: ({ name, number }) =>
        element("button", { type: "button", "aria-label": `Go to ${name}`, onclick: () => goTo(number) }, name),
      renew: () => {},
    });
    this.goTo = goTo;
  }

  // Said aloud by a screen reader at once; the focus stays where it is, unless that is gone.
  show(rung) {
    const names = rung.map(({ name }) => name).join(", ");
    document.title = names ? `☎ ${names} – Telephones` : "Telephones";
    ring(rung.filter(({ held }) => held).length);
    const focused = this.rows.list.contains(document.activeElement) && document.activeElement;
    const number = focused && this.rows.keyOf(focused);
    this.rows.show(rung);
    this.box.hidden = rung.length === 0;
    if (focused && !focused.isConnected) this.goTo(number);
  }
}

// What has the focus is not hidden below what stays at the top of the screen.
export function keepClear(notices) {
  new ResizeObserver(() => {
    const { height, bottom } = notices.getBoundingClientRect();
    document.documentElement.style.setProperty("--notices", `${height}px`);
    const held = document.activeElement;
    const { top, bottom: end } = held.getBoundingClientRect();
    const covered = top < bottom && end > 0 && held !== document.body && !notices.contains(held);
    if (covered) held.scrollIntoView({ block: "nearest" });
  }).observe(notices);
}
