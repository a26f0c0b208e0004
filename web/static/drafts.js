// What is typed into a form is kept in this browser until the form was acted upon, was thrown away, or its account
// signed out. Kept per account; never passwords, codes and files. Forms with data-no-draft are left alone.
"use strict";

(function () {
  const PREFIX = "matchhub-draft:";
  const EVERY = 2000; // milliseconds between typing and keeping
  const LONGEST = 14 * 24 * 3600 * 1000;
  const mark = document.querySelector('meta[name="form-owner"]');
  if (!mark) { return; }
  // A visitor's form is kept for this window only: the next person at the computer is a visitor too.
  const place = "signedIn" in mark.dataset ? window.localStorage : window.sessionStorage;
  const own = PREFIX + mark.content.split(".").pop().slice(0, 24) + ":";
  const words = document.getElementById("kept-words").dataset;
  const SECRET = /^(password|old|new|again|code|secret)$/;
  const TOKENS = /one-time-code|current-password|new-password/;
  const touched = new Set();
  const fresh = new Map(); // form -> what the page itself said

  function isKept(field) {
    return field.name && !field.disabled && !SECRET.test(field.name) && !TOKENS.test(field.autocomplete || "") &&
      !["hidden", "password", "file", "submit", "button", "image", "reset"].includes(field.type);
  }

  function fieldsOf(form) { return Array.from(form.elements).filter(isKept); }

  function valueOf(field) {
    if (field.type === "checkbox" || field.type === "radio") { return field.checked; }
    if (field.multiple && field.options) { return Array.from(field.selectedOptions, function (each) { return each.value; }); }
    return field.value;
  }

  function saidBy(form) {
    return fieldsOf(form).map(function (field) { return [field.name, field.type === "radio" || field.type === "checkbox" ? field.value : "", valueOf(field)]; });
  }

  function fill(form, said) {
    const left = said.slice();
    fieldsOf(form).forEach(function (field) {
      const pressed = field.type === "radio" || field.type === "checkbox";
      const at = left.findIndex(function (each) { return each[0] === field.name && (!pressed || each[1] === field.value); });
      if (at < 0) { return; }
      const value = left.splice(at, 1)[0][2];
      if (pressed) { field.checked = value; }
      else if (Array.isArray(value)) { Array.from(field.options).forEach(function (each) { each.selected = value.includes(each.value); }); }
      else { field.value = value; }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function forms() {
    return Array.from(document.querySelectorAll('form[method="post"]:not([data-no-draft])')).filter(function (form) { return fieldsOf(form).length > 0; });
  }

  // Forms of one page are told apart by where they are sent, and by their order among those sent there.
  function keyOf(form) {
    const action = new URL(form.getAttribute("action") || location.href, location.href).pathname;
    const alike = forms().filter(function (each) { return new URL(each.getAttribute("action") || location.href, location.href).pathname === action; });
    return own + action + "#" + alike.indexOf(form);
  }

  function read(key) {
    try { return JSON.parse(place.getItem(key)); } catch (_fault) { return null; }
  }

  function keep(form, sent) {
    const said = saidBy(form);
    if (!sent && JSON.stringify(said) === JSON.stringify(fresh.get(form))) { place.removeItem(keyOf(form)); return; }
    try {
      place.setItem(keyOf(form), JSON.stringify({ at: Date.now(), said: said, sent: sent || "" }));
    } catch (_fault) { /* no room left: the page itself still holds what was typed */ }
  }

  function keepTouched() { touched.forEach(function (form) { keep(form); }); touched.clear(); }

  function eachKey(act) {
    Object.keys(place).filter(function (key) { return key.startsWith(PREFIX); }).forEach(act);
  }

  // The server names the form that was acted upon last by its key: its draft goes.
  function forgetDone() {
    const found = document.cookie.match(/(?:^|; )matchhub_done=([\w-]+)/);
    eachKey(function (key) {
      const draft = read(key);
      if (!draft || Date.now() - draft.at > LONGEST || (found && draft.sent === found[1])) { place.removeItem(key); }
    });
  }

  function told(form, draft) {
    const note = document.createElement("div");
    const text = document.createElement("div");
    const button = document.createElement("button");
    note.className = "alert alert-info draft-note";
    note.setAttribute("role", "status");
    text.textContent = words.restored.replace("{at}", new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" }));
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = words.discard;
    button.addEventListener("click", function () {
      place.removeItem(keyOf(form));
      touched.delete(form);
      fill(form, fresh.get(form));
      touched.delete(form);
      note.remove();
    });
    note.append(text, button);
    form.prepend(note);
  }

  function restore(form) {
    const draft = read(keyOf(form));
    if (!draft || JSON.stringify(draft.said) === JSON.stringify(fresh.get(form))) { return; }
    fill(form, draft.said);
    touched.delete(form);
    if (JSON.stringify(saidBy(form)) === JSON.stringify(fresh.get(form))) { return; }
    told(form, draft);
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) { fold.open = true; }
  }

  forgetDone();
  forms().forEach(function (form) { fresh.set(form, saidBy(form)); });
  // A refused form comes back as it was typed by the server; its draft says the same or less.
  if (!("answered" in document.documentElement.dataset)) { forms().forEach(restore); }

  ["input", "change"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      const form = event.target.form;
      if (form && fresh.has(form) && isKept(event.target)) { touched.add(form); }
    });
  });
  window.setInterval(keepTouched, EVERY);
  window.addEventListener("pagehide", keepTouched);
  document.addEventListener("visibilitychange", keepTouched);
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented) { return; }
    if (/\/account\/sign-out$/.test(form.action)) {
      touched.clear();
      eachKey(function (key) { place.removeItem(key); });
    } else if (fresh.has(form)) {
      touched.delete(form);
      keep(form, form.elements.act_key ? form.elements.act_key.value : "");
    }
  });
})();
