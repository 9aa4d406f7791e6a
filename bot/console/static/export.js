// How far an export is: the file is read here as it comes, and handed over once it is whole.
// Without scripts the form has the browser save it.
(() => {
  const LINE_END = 10, TELL_EVERY = 0.25, KEEP_MS = 60000;
  const byId = (id) => document.getElementById(id);
  const [form, told, bar] = ["export", "told", "progress"].map(byId);
  if (!form) return;
  let busy = false;
  const say = (text) => { told.textContent = text; };
  const count = (bytes) => bytes.reduce((found, byte) => found + (byte === LINE_END), 0);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    say("Counting and reading …");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (!answer.ok || !answer.headers.has("Ringback-Lines")) return form.submit(); // its page says why
      const lines = Number(answer.headers.get("Ringback-Lines"));
      handOver(await read(answer.body.getReader(), lines));
      say(`Done: ${lines.toLocaleString("en")} ${lines === 1 ? "line" : "lines"}.`);
    } catch {
      bar.hidden = true;
      say("The file broke off, and nothing is kept of it. Try again.");
    }
    busy = false;
  });

  // The pieces of the file. A screen reader hears a few times how far it is; the bar moves all the time.
  const read = async (reader, lines) => {
    const pieces = [];
    let come = -1, tellAt = TELL_EVERY; // the first line is the heading
    bar.max = lines || 1;
    bar.value = 0;
    bar.hidden = false;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value);
      come += count(next.value);
      bar.value = Math.max(0, Math.min(come, lines));
      if (come < tellAt * lines || come >= lines) continue;
      say(`${come.toLocaleString("en")} of ${lines.toLocaleString("en")} lines`);
      tellAt = come / lines + TELL_EVERY;
    }
    bar.value = bar.max;
    return pieces;
  };

  const handOver = (pieces) => {
    const href = URL.createObjectURL(new Blob(pieces, { type: "text/csv" }));
    Object.assign(document.createElement("a"), { href, download: "flow-log.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(href), KEEP_MS);
  };
})();
