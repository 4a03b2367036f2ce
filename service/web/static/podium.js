// Progressive enhancement only: every page works without this file.
"use strict";

(() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const words = JSON.parse(meta("podium-words") || "{}");
  const typing = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  /** Makes an element; `text` is never read as HTML. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  // ---- Dialogs: <details data-dialog="title"> becomes a button and a native <dialog> ----

  function makeDialog(title, ...content) {
    const heading = make("h2", { id: `title-${crypto.getRandomValues(new Uint32Array(1))[0]}` }, title);
    const close = make("button", { class: "icon-button", type: "button", "aria-label": words.close }, "\u00d7");
    const dialog = make("dialog", { "aria-labelledby": heading.id },
      make("div", { class: "dialog__head" }, heading, close), make("div", { class: "dialog__body" }, ...content));
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    return dialog;
  }

  function upgradeDialog(details) {
    const summary = details.querySelector("summary");
    const dialog = makeDialog(details.dataset.dialog, ...summary.nextElementSibling.childNodes);
    dialog.id = details.id;
    const button = make("button", { class: summary.className, type: "button", "aria-haspopup": "dialog" }, ...summary.childNodes);
    if (summary.dataset.key) button.dataset.key = summary.dataset.key;
    button.addEventListener("click", () => dialog.showModal());
    const hasErrors = dialog.querySelector("[aria-invalid], .error-summary");
    details.replaceWith(button, dialog);
    if (details.open || hasErrors) dialog.showModal();
  }

  // ---- Keyboard: data-key="a" on a button or link; "?" shows the list. May be switched off (WCAG 2.1.4) ----

  const KEYS_OFF = "podium-keys-off";
  const keyTargets = () => [...document.querySelectorAll("[data-key]")].filter((element) => element.checkVisibility?.() ?? true);

  function showKeys() {
    const list = make("dl", { class: "keys" });
    const add = (key, label) => list.append(make("dt", {}, make("kbd", {}, key)), make("dd", {}, label));
    for (const element of keyTargets()) {
      const label = element.ariaLabel || element.labels?.[0]?.textContent || [...element.childNodes]
        .filter((node) => node.nodeName !== "KBD").map((node) => node.textContent).join("").trim();
      add(element.dataset.key, label);
    }
    add("?", words.show_keys);
    const box = make("input", { type: "checkbox", id: "keys-on" });
    box.checked = localStorage.getItem(KEYS_OFF) !== "1";
    box.addEventListener("change", () => localStorage.setItem(KEYS_OFF, box.checked ? "0" : "1"));
    const dialog = makeDialog(words.keys, list,
      make("div", { class: "choice" }, box, make("label", { for: "keys-on" }, words.keys_on)));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?" && keyTargets().length) { event.preventDefault(); showKeys(); return; }
    if (localStorage.getItem(KEYS_OFF) === "1") return;
    const target = keyTargets().find((element) => element.dataset.key === event.key);
    if (!target) return;
    event.preventDefault();
    if (target.matches("a, button, summary")) target.click(); else target.focus();
  }

  // ---- Sending a form twice: the second press does nothing ----

  function onSubmit(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [hx-put], [hx-delete]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
    // An answer may be a download: the page stays, and then the button must work again.
    setTimeout(() => release(form), 8000);
  }

  function release(form) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }

  // ---- Suggestions: <input data-suggest="/url">, answered with [{value, label}] ----

  let library;
  function loadLibrary() {
    library ??= new Promise((resolve, reject) => {
      const script = make("script", { src: meta("podium-autocomplete") });
      script.addEventListener("load", () => resolve(window.accessibleAutocomplete));
      script.addEventListener("error", reject);
      document.head.append(script);
    });
    return library;
  }

  function lookUp(address) {
    let asked = 0;
    let timer;
    return (query, show) => {
      clearTimeout(timer);
      const turn = ++asked;
      timer = setTimeout(async () => {
        const url = new URL(address, location.href);
        url.searchParams.set("q", query);
        try {
          const answer = await fetch(url, { headers: { accept: "application/json" } });
          const found = answer.ok ? await answer.json() : [];
          if (turn === asked) show(found.map((entry) => entry.label));
        } catch {
          if (turn === asked) show([]);
        }
      }, 150);
    };
  }

  async function upgradeSuggest(input) {
    const autocomplete = await loadLibrary();
    const many = "multiple" in input.dataset;
    const holder = make("div", { class: many ? "tag-field" : "" });
    const place = make("div");
    const id = input.id;
    input.replaceWith(holder);
    holder.append(place);
    const tags = many ? tagList(input, holder) : null;
    autocomplete({
      element: place, id, name: many ? "" : input.name, defaultValue: many ? "" : input.value, minLength: 2,
      source: lookUp(input.dataset.suggest), displayMenu: "overlay", showNoOptionsFound: true, confirmOnBlur: false,
      inputClasses: "input", menuAttributes: { "aria-labelledby": labelOf(id) },
      tNoResults: () => words.no_results, tStatusNoResults: () => words.no_results,
      tStatusQueryTooShort: () => words.type_more, tAssistiveHint: () => words.how,
      tStatusSelectedOption: (option, length, index) => `${option} ${index + 1} / ${length}`,
      tStatusResults: (length) => `${length} ${words.results}`,
      onConfirm: (label) => { if (label && tags) tags.take(label); },
    });
    const field = document.getElementById(id);
    // The library knows only its own hint; ours and the error must be read as well.
    const hints = [input.getAttribute("aria-describedby"), field.getAttribute("aria-describedby")].filter(Boolean);
    field.setAttribute("aria-describedby", hints.join(" "));
    if (input.ariaInvalid) field.setAttribute("aria-invalid", input.ariaInvalid);
    if (tags) tags.listenTo(field);
  }

  function labelOf(id) {
    const label = document.querySelector(`label[for="${id}"]`);
    if (label && !label.id) label.id = `label-${id}`;
    return label?.id ?? "";
  }

  /** The chosen words as chips; a hidden field holds them, parted by commas, just as the plain field did. */
  function tagList(input, holder) {
    const hidden = make("input", { type: "hidden", name: input.name, value: input.value });
    const list = make("ul", { class: "chips" });
    holder.append(list, hidden);
    const chosen = () => hidden.value.split(",").map((word) => word.trim()).filter(Boolean);
    let field;
    function show() {
      list.replaceChildren(...chosen().map((word) => {
        const remove = make("button", { class: "icon-button", type: "button", "aria-label": `${words.remove}: ${word}` }, "\u00d7");
        remove.addEventListener("click", () => { write(chosen().filter((other) => other !== word)); field?.focus(); });
        return make("li", { class: "chip" }, word, remove);
      }));
    }
    function write(all) {
      hidden.value = all.join(", ");
      hidden.dispatchEvent(new Event("change", { bubbles: true }));
      show();
    }
    function take(word) {
      const clean = word.replaceAll(",", " ").trim();
      if (clean && !chosen().includes(clean)) write([...chosen(), clean]);
      // The library writes its choice into the field after this call.
      setTimeout(() => { field.value = ""; field.dispatchEvent(new Event("input", { bubbles: true })); });
    }
    function listenTo(element) {
      field = element;
      // A word of one's own counts too: by Enter or comma, and by leaving the field or sending the form.
      field.addEventListener("keydown", (event) => {
        if ((event.key !== "Enter" && event.key !== ",") || !field.value.trim()) return;
        if (event.key === "Enter" && holder.querySelector(".autocomplete__option--focused")) return;
        event.preventDefault();
        take(field.value);
      });
      field.form?.addEventListener("submit", () => { if (field.value.trim()) take(field.value); }, { capture: true });
    }
    show();
    return { take, listenTo };
  }

  // ---- Progress: data-progress-url is an event stream; at "done" the page is asked anew ----

  function followProgress(element) {
    const stream = new EventSource(element.dataset.progressUrl);
    const bar = element.querySelector("progress");
    const text = element.querySelector("[data-progress-text]");
    stream.addEventListener("progress", (event) => {
      const state = JSON.parse(event.data);
      if (bar && state.max) { bar.max = state.max; bar.value = state.value; }
      if (text && state.text && text.textContent !== state.text) text.textContent = state.text;
    });
    stream.addEventListener("done", () => { stream.close(); location.reload(); });
    stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000); });
    addEventListener("pagehide", () => stream.close());
  }

  // ---- Small things: print, copy ----

  function onClick(event) {
    const button = event.target.closest?.("[data-print], [data-copy]");
    if (!button) return;
    if ("print" in button.dataset) { print(); return; }
    const source = document.getElementById(button.dataset.copy);
    navigator.clipboard.writeText((source.value ?? source.textContent).trim()).then(() => {
      const note = make("span", { role: "status", class: "small" }, words.copied);
      button.after(note);
      setTimeout(() => note.remove(), 3000);
    });
  }

  // ---- Everything new on the page is dressed once: at the start, and what htmx puts in later ----

  const dressed = new WeakSet();
  function enhance(root) {
    const each = (selector, act) => {
      for (const element of [...(root.matches(selector) ? [root] : []), ...root.querySelectorAll(selector)]) {
        if (!dressed.has(element)) { dressed.add(element); act(element); }
      }
    };
    each("details[data-dialog]", upgradeDialog);
    each("input[data-suggest]", upgradeSuggest);
    each("[data-progress-url]", followProgress);
    each("[data-print]", (button) => { button.hidden = false; });
    each("[data-copy]", (button) => { button.hidden = !navigator.clipboard; });
    each(".error-summary a", (a) => {
      const f = document.querySelector(a.hash)?.closest(".field");
      if (f) a.prepend(f.querySelector(".field__label").innerText.replace(/[^?]$/, "$&:"), " ");
    });
    each("[data-focus]", (element) => element.focus());
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onClick);
  addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release); });
  enhance(document.body);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) enhance(node);
  }).observe(document.body, { childList: true, subtree: true });
})();
