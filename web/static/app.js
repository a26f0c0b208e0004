// What the pages do beside plain links and forms. No inline script anywhere: the policy refuses it.
"use strict";

// htmx sends the form token with every request that changes something.
document.addEventListener("htmx:configRequest", function (event) {
  const token = document.querySelector('meta[name="form-token"]');
  if (token && event.detail.verb !== "get") {
    event.detail.headers["X-CSRFToken"] = token.content;
  }
});

// A form with data-confirm asks before it is sent.
document.addEventListener("submit", function (event) {
  const question = event.target.dataset && event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
  }
});

// A form is sent once, however often its button is pressed; coming back to the page frees it again.
document.addEventListener("submit", function (event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.classList.add("is-sending");
});
window.addEventListener("pageshow", function () {
  document.querySelectorAll("form[data-sent]").forEach(function (form) {
    delete form.dataset.sent;
    form.classList.remove("is-sending");
  });
});

// A field with data-submit-on-change sends its form when another value is chosen.
document.addEventListener("change", function (event) {
  if (event.target.matches && event.target.matches("[data-submit-on-change]")) {
    event.target.form.requestSubmit();
  }
});

// The first field at fault gets the focus.
document.addEventListener("DOMContentLoaded", function () {
  const wrong = document.querySelector("form .is-invalid");
  if (wrong) {
    wrong.focus();
  }
});

// A button with data-print prints its page.
document.addEventListener("click", function (event) {
  if (event.target.closest && event.target.closest("[data-print]")) {
    window.print();
  }
});
