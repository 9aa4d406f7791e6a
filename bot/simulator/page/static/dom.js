// Small helpers: elements, times, and asking the simulator.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// A time as the carrier writes it, always UTC: the same as in the terminal and in the webhooks.
const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC",
});
const day = new Intl.DateTimeFormat("en-GB", {
  weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
  timeZone: "UTC",
});

export const timeOf = (moment) => clock.format(new Date(moment));
export const dayOf = (moment) => `${day.format(new Date(moment))} UTC`;

export function lasted(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// A British number in groups; any other as it is.
export function spaced(number) {
  const mobile = /^\+44(7\d{3})(\d{6})$/.exec(number);
  const other = /^\+44(\d{2})(\d{4})(\d{4})$/.exec(number);
  return mobile || other ? ["+44", ...(mobile || other).slice(1)].join("\u00a0") : number;
}

// The rows of a list, each known by its key: one that is new comes to the end, one that is there
// is renewed where it stands, one that is gone is taken away.
export class Rows {
  constructor(list, { key, make, renew }) {
    Object.assign(this, { list, key, make, renew, rows: new Map() });
  }

  // Returns the entries that are new.
  show(entries) {
    const gone = new Set(this.rows.keys());
    const added = entries.filter((entry) => this.put(entry, gone));
    for (const key of gone) {
      this.rows.get(key).remove();
      this.rows.delete(key);
    }
    return added;
  }

  put(entry, gone) {
    const key = this.key(entry);
    const isNew = !this.rows.has(key);
    if (isNew) {
      this.rows.set(key, this.make(entry));
      this.list.append(this.rows.get(key));
    }
    this.renew(this.rows.get(key), entry);
    gone.delete(key);
    return isNew;
  }

  keyOf(row) {
    return [...this.rows].find(([, each]) => each === row)?.[0];
  }
}

// Scroll a list to its end, unless somebody is reading further up.
export function keepAtEnd(list, change) {
  const follows = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  change();
  if (follows) list.scrollTop = list.scrollHeight;
}

export async function ask(path, { method = "GET", body, signal } = {}) {
  const answer = await fetch(`/simulator${path}`, {
    method,
    signal,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  }).catch((problem) => {
    throw new Error("the phone network does not answer", { cause: problem });
  });
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({}));
  throw new Error(told.error || `the phone network answered ${answer.status}`);
}
