// The form of a demand: a chip puts its words into a field; what the panel proposes fills fields that nobody wrote in;
// the bar at the bottom of a telephone opens the panel; folds of the panel stay open while it is sent anew.
"use strict";

function tell(field, name) {
  field.dispatchEvent(new Event(name, { bubbles: true }));
}

document.addEventListener("click", function (event) {
  const chip = event.target.closest && event.target.closest("[data-fill]");
  if (!chip) {
    return;
  }
  const field = document.getElementById(chip.dataset.fill);
  if (!field) {
    return;
  }
  const glue = chip.dataset.glue || "";
  field.value = glue && field.value.trim() ? field.value.trim() + glue + chip.dataset.value : chip.dataset.value;
  field.dataset.own = "1";
  tell(field, "input");
  if (field.offsetParent) {
    field.focus();
  }
});

// What a person typed is never written over, nor filled in again once it was emptied.
document.addEventListener("input", function (event) {
  if (event.isTrusted && event.target.form && event.target.form.id === "demand-form") {
    event.target.dataset.own = "1";
  }
});

function propose(panel) {
  panel.querySelectorAll("[data-propose]").forEach(function (each) {
    const field = document.getElementById(each.dataset.propose);
    const proposed = field && (field.dataset.proposed || "");
    if (!field || field.dataset.own || field.value.trim() !== proposed || proposed === each.dataset.value) {
      return;
    }
    field.value = field.dataset.proposed = each.dataset.value;
    tell(field, "change");
  });
}

const opened = new Set();
document.addEventListener("htmx:beforeSwap", function (event) {
  if (event.target.id === "draft") {
    opened.clear();
    event.target.querySelectorAll("details[id][open]").forEach(function (each) {
      opened.add(each.id);
    });
  }
});
document.addEventListener("htmx:afterSwap", function (event) {
  if (event.target.id === "draft") {
    opened.forEach(function (id) {
      const fold = document.getElementById(id);
      if (fold) {
        fold.open = true;
      }
    });
    propose(event.target);
  }
});

document.addEventListener("click", function (event) {
  const bar = event.target.closest && event.target.closest("[data-opens]");
  const panel = bar && document.getElementById(bar.dataset.opens);
  if (!panel) {
    return;
  }
  event.preventDefault();
  bar.classList.toggle("is-open", panel.classList.toggle("is-sheet"));
  if (panel.classList.contains("is-sheet")) {
    panel.focus();
  }
});
