// The form of a demand: a chip puts its words into a field, the panel beside hears of it.
"use strict";

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
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
