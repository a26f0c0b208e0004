// A form is sent only while its account is signed in. Where the session has ended, the password is asked for over the
// page and the form goes on; where the form token is old, it gets one of now. Without this script the sign-in page
// carries the form (web/held.py).
"use strict";

(function () {
  const FRESH = 60000; // milliseconds for which an answer about the session is believed
  let asked = Date.now(); // the page itself came from a session that lived
  let waiting = null; // [form, button] of what is to be sent once the password was given
  let kept = null; // the form that was being kept as a draft when the session was found ended
  let left = false; // the password was asked for while somebody typed, and not given

  function owner() {
    return document.querySelector('meta[name="form-owner"]');
  }

  function takeToken(token) {
    document.querySelectorAll('input[name="csrf_token"]').forEach(function (field) { field.value = token; });
    document.querySelector('meta[name="form-token"]').content = token;
    asked = Date.now();
  }

  async function state() {
    const answer = await fetch("/account/session?owner=" + encodeURIComponent(owner().content), { cache: "no-store" });
    return answer.json();
  }

  function goOn(form, button) {
    form.dataset.cleared = "1";
    form.requestSubmit(button || undefined);
  }

  function tell(form, text) {
    const note = document.createElement("div");
    note.className = "alert alert-warning";
    note.setAttribute("role", "alert");
    note.textContent = text;
    form.prepend(note);
  }

  function askPassword(found, form, button) {
    const box = document.getElementById("again");
    waiting = [form, button];
    asked = 0; // whoever closes the box and sends again is asked again
    box.querySelector("[data-again-ended]").hidden = found !== "ended";
    box.querySelector("[data-again-other]").hidden = found !== "other";
    box.querySelector("[data-again-fault]").textContent = "";
    box.showModal();
  }

  async function check(form, button) {
    let told;
    try {
      told = await state();
    } catch (_fault) {
      tell(form, document.getElementById("kept-words").dataset.offline);
      return;
    }
    takeToken(told.token);
    if (told.state === "same" || !document.getElementById("again")) {
      goOn(form, button);
    } else {
      askPassword(told.state, form, button);
    }
  }

  async function enter(form) {
    const field = form.querySelector('[name="password"]');
    const sent = new FormData(form);
    sent.set("owner", owner().content);
    sent.delete("act_key");
    let told = {};
    try {
      const answer = await fetch(form.action, { method: "POST", body: sent });
      told = await answer.json();
    } catch (_fault) {
      told = { sentence: document.getElementById("kept-words").dataset.offline };
    }
    field.value = "";
    if (told.state !== "same") {
      form.querySelector("[data-again-fault]").textContent = told.sentence || "";
      field.focus();
      return;
    }
    takeToken(told.token);
    document.getElementById("again").close();
    const sending = waiting;
    waiting = null;
    left = false;
    if (sending) {
      goOn(sending[0], sending[1]);
    } else if (kept) {
      kept.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  // A page that keeps a draft while somebody types learns so that the session has ended (web/gate.py).
  document.addEventListener("session-ended", function (event) {
    const box = document.getElementById("again");
    if (!box || box.open || left) { return; }
    kept = document.querySelector(event.target.getAttribute("hx-include") || "form");
    askPassword("ended", null, null);
    waiting = null;
  });

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.closest("#again")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      enter(form);
      return;
    }
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) { return; }
    if (form.dataset.cleared || Date.now() - asked < FRESH) {
      delete form.dataset.cleared;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    check(form, event.submitter);
  });

  function leave() {
    waiting = null;
    left = true;
  }

  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("[data-again-close]")) {
      leave();
      document.getElementById("again").close();
    }
  });
  // Escape closes the box by itself; the event does not bubble.
  document.addEventListener("cancel", function (event) {
    if (event.target.id === "again") { leave(); }
  }, true);
})();
