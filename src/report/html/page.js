// Filters, steps from finding to finding, and notes at the height of their words. The page can be read without.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const tools = document.getElementById("tools");
  const keys = document.getElementById("keys");
  const wide = matchMedia("(min-width: 64rem)");
  const control = (name) => tools.elements[name];
  const GAP = 14;

  const findings = all(".note").map((note) => {
    const [article, number] = note.id.slice(1).split("-f");
    return {
      note, article, number,
      severity: note.classList[1],
      pack: note.dataset.p,
      ref: document.getElementById(`a${article}-m${number}`),
      shown: true,
    };
  });
  const byId = new Map(findings.map((finding) => [finding.note.id, finding]));
  const drafts = all(".draft");
  const rows = new Map(all(".articles tbody tr").map((row) => [row.dataset.a, row]));
  let current = null;

  // ---- where notes stand ----------------------------------------------------------------------------------------

  const laid = new WeakSet();
  const near = new Set();

  function lay(draft) {
    const sheet = draft.querySelector(".sheet");
    const notes = all(".note:not([hidden])", sheet);
    laid.add(draft);
    if (!wide.matches || notes.length === 0) {
      sheet.style.minHeight = "";
      return;
    }
    sheet.style.minHeight = "";
    sheet.classList.remove("dense");
    const heights = () => notes.map((note) => note.offsetHeight + GAP);
    const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
    let high = heights();
    if (sum(high) > sheet.offsetHeight) {
      sheet.classList.add("dense");
      high = heights();
    }
    const top = sheet.getBoundingClientRect().top;
    const wanted = notes.map((note) => byId.get(note.id).ref.getBoundingClientRect().top - top - 6);
    const place = wanted.slice();
    const down = (from) => {
      for (let at = Math.max(from, 1); at < place.length; at++) {
        place[at] = Math.max(wanted[at], place[at - 1] + high[at - 1]);
      }
    };
    down(0);
    const held = current ? notes.indexOf(current.note) : -1;
    if (held >= 0) {
      // The chosen note stands at its words; those above make room as far as there is any.
      place[held] = Math.max(wanted[held], sum(high.slice(0, held)));
      for (let at = held - 1; at >= 0; at--) place[at] = Math.min(place[at], place[at + 1] - high[at]);
      down(held + 1);
    }
    notes.forEach((note, at) => { note.style.top = `${Math.round(place[at])}px`; });
    sheet.style.minHeight = `${Math.ceil(Math.max(...place.map((y, at) => y + high[at])))}px`;
  }

  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) near.add(target); else near.delete(target);
      if (isIntersecting && !laid.has(target)) lay(target);
    }
  }, { rootMargin: "1200px 0px" });
  drafts.forEach((draft) => watch.observe(draft));

  function layAgain() {
    drafts.forEach((draft) => laid.delete(draft));
    near.forEach(lay);
  }
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) requestAnimationFrame(layAgain);
    width = innerWidth;
  });

  // ---- what is shown --------------------------------------------------------------------------------------------

  const GRAVITY = ["e", "w", "o"];

  function filter() {
    const severities = GRAVITY.filter((name) => control(name).checked);
    const pack = control("pack").value;
    const words = control("words").value.trim().toLowerCase();
    const counts = new Map();
    let count = 0;
    for (const finding of findings) {
      finding.shown = severities.includes(finding.severity) && (!pack || finding.pack === pack)
        && (!words || finding.note.textContent.toLowerCase().includes(words));
      finding.note.hidden = finding.ref.hidden = !finding.shown;
      if (finding.shown) {
        count++;
        counts.set(finding.article, (counts.get(finding.article) || 0) + 1);
      }
    }
    for (const mark of all("mark")) {
      const article = mark.closest(".draft").id;
      const shown = mark.dataset.n.split(" ").map((n) => byId.get(`${article}-f${n}`)).filter((f) => f.shown);
      const gravest = GRAVITY.find((name) => shown.some((finding) => finding.severity === name));
      mark.className = [gravest || "off", mark.classList.contains("on") && gravest ? "on" : ""].join(" ").trim();
    }
    const filtered = count < findings.length;
    if (drafts.length > 1) {
      drafts.forEach((draft) => { draft.hidden = filtered && !counts.has(draft.id.slice(1)); });
      rows.forEach((row, article) => { row.hidden = filtered && !counts.has(article); });
    }
    if (current && !current.shown) choose(null);
    tell();
    layAgain();
  }

  function tell() {
    const shown = findings.filter((finding) => finding.shown);
    const told = (number) => number.toLocaleString("en");
    const of = shown.length < findings.length ? ` of ${told(findings.length)}` : "";
    control("shown").value = current ? `${told(shown.indexOf(current) + 1)} of ${told(shown.length)}`
      : `${told(shown.length)}${of} shown`;
  }

  // ---- steps ----------------------------------------------------------------------------------------------------

  const marksOf = ({ article, number }) => all(`#a${article} mark[data-n~="${number}"]`);

  function choose(finding) {
    if (current) {
      [current.note, current.ref, ...marksOf(current)].forEach((element) => element.classList.remove("on"));
    }
    const before = current;
    current = finding;
    if (finding) {
      [finding.note, finding.ref, ...marksOf(finding)].forEach((element) => element.classList.add("on"));
    }
    for (const article of new Set([before, finding].filter(Boolean).map((one) => one.article))) {
      lay(document.getElementById(`a${article}`));
    }
    tell();
  }

  function goTo(finding, focus = finding.note) {
    choose(finding);
    const { note, number } = finding;
    // What is said aloud when the focus comes here.
    note.setAttribute("aria-label",
      `${note.querySelector("b").textContent} ${number}: ${note.querySelector(".msg").textContent}`);
    focus.focus({ preventScroll: true });
    show(finding);
    // What was never drawn had only a guessed height.
    requestAnimationFrame(() => show(finding));
  }

  /** Brings words and note into sight together, or the note where they stand too far apart. */
  function show(finding) {
    const { note, ref } = finding;
    const words = (marksOf(finding)[0] || ref).getBoundingClientRect();
    let { top, bottom } = note.getBoundingClientRect();
    if (wide.matches) {
      // Where it will stand when it has come to rest.
      const sheet = note.closest(".sheet").getBoundingClientRect().top;
      [top, bottom] = [sheet + parseFloat(note.style.top), sheet + parseFloat(note.style.top) + bottom - top];
    }
    const room = innerHeight - tools.offsetHeight;
    const [from, to] = [Math.min(top, words.top), Math.max(bottom, words.bottom)];
    const [first, last] = to - from < room - 40 ? [from, to] : [top, bottom];
    scrollBy(0, Math.min((first + last) / 2 - tools.offsetHeight - room / 2, first - tools.offsetHeight - 20));
  }

  function step(by) {
    const shown = findings.filter((finding) => finding.shown);
    if (shown.length === 0) return;
    const at = current ? shown.indexOf(current) + by : by > 0 ? firstBelow(shown) : firstBelow(shown) - 1;
    goTo(shown[(at + shown.length) % shown.length]);
  }

  /** The first finding below the top of the window: a reader who has scrolled goes on from there. */
  function firstBelow(shown) {
    if (scrollY < 10) return 0;
    const at = shown.findIndex((finding) => finding.ref.getBoundingClientRect().top > tools.offsetHeight);
    return at < 0 ? 0 : at;
  }

  // ---- why ------------------------------------------------------------------------------------------------------

  function why(link) {
    const more = link.closest(".more");
    const old = more.querySelector(".reason");
    if (old) {
      old.remove();
    } else {
      const reason = document.createElement("div");
      reason.className = "reason";
      const entry = document.getElementById(link.dataset.why);
      [...entry.children].slice(1).forEach((part) => reason.append(part.cloneNode(true)));
      more.append(reason);
    }
    link.setAttribute("aria-expanded", String(!old));
    lay(link.closest(".draft"));
  }
  all("[data-why]").forEach((link) => link.setAttribute("aria-expanded", "false"));

  // ---- hands ----------------------------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link && link.dataset.why) {
      event.preventDefault();
      return why(link);
    }
    if (link && link.matches(".ref")) {
      event.preventDefault();
      return goTo(byId.get(link.hash.slice(1)));
    }
    if (link && link.matches(".n")) {
      event.preventDefault();
      const finding = byId.get(link.closest(".note").id);
      return goTo(finding, finding.ref);
    }
    if (link || getSelection().toString()) return;
    const mark = event.target.closest("mark:not(.off)");
    if (mark) {
      const article = mark.closest(".draft").id;
      const here = mark.dataset.n.split(" ").map((n) => byId.get(`${article}-f${n}`)).filter((f) => f.shown);
      // Where findings overlap, each click goes on to the next.
      return goTo(here[(here.indexOf(current) + 1) % here.length]);
    }
    const note = event.target.closest(".note");
    if (note) choose(byId.get(note.id));
  });

  /** What the pointer is on: a note's words, or the notes of words, are told apart from the others. */
  let pointed = [];
  document.addEventListener("pointerover", (event) => {
    pointed.forEach((element) => element.classList.remove("near"));
    const place = event.target.closest("mark:not(.off), .note, .ref");
    if (!place) return void (pointed = []);
    const article = place.closest(".draft").id;
    const numbers = (place.dataset.n || place.id.split(/-[fm]/)[1]).split(" ");
    pointed = numbers.map((n) => byId.get(`${article}-f${n}`)).flatMap((finding) => [finding.note, ...marksOf(finding)]);
    pointed.forEach((element) => element.classList.add("near"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.key === "Escape") return choose(null);
    if (event.target.closest("input:not([type=checkbox]), select, textarea") || !keys.querySelector("input").checked) return;
    if (event.key === "Enter" && event.target.matches(".note")) return why(event.target.querySelector("[data-why]"));
    const does = { n: () => step(1), j: () => step(1), p: () => step(-1), k: () => step(-1),
      "/": () => control("words").focus(), "?": () => keys.showModal() }[event.key];
    if (does) {
      event.preventDefault();
      does();
    }
  });

  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("input", filter);
  control("next").addEventListener("click", () => step(1));
  control("previous").addEventListener("click", () => step(-1));
  control("help").addEventListener("click", () => keys.showModal());

  // ---- the table of articles ------------------------------------------------------------------------------------

  all(".articles thead th").forEach((head, column) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") !== "descending" && column > 0;
      all(".articles [aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const value = (row) => column > 0 ? Number(row.cells[column].textContent.replaceAll(",", "")) : Number(row.dataset.a);
      const sorted = [...rows.values()].sort((a, b) => (value(a) - value(b)) * (descending ? -1 : 1));
      document.querySelector(".articles tbody").append(...sorted);
    });
  });

  document.documentElement.classList.add("js");
  tools.hidden = findings.length === 0;
  tell();
  const asked = byId.get(location.hash.slice(1));
  if (asked) goTo(asked);
})();
