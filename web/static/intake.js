// The pages of intake. A proposal is taken by choosing it in the list beside; nothing is sent by that.
"use strict";

document.addEventListener("click", function (event) {
  const button = event.target.closest && event.target.closest("[data-choose]");
  const list = button && document.getElementById(button.dataset.choose);
  if (list) {
    list.value = button.dataset.value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
    list.focus();
  }
});
