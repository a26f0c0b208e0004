// Fields of forms: how an amount is read stands beside it; a day may be pasted as people write it; a photograph of a
// telephone is made smaller before it is sent.
"use strict";

(function () {
  const LONGEST_SIDE = 2400; // pixels: a page of A4 at 200 dots to the inch
  const LEAVE = 2 * 1024 * 1024; // bytes below which a picture goes as it is
  const QUALITY = 0.86;
  const MEGABYTE = 1024 * 1024;

  function words() { return document.getElementById("kept-words").dataset; }

  async function readAs(kind, text) {
    const answer = await fetch("/typed/" + kind + "?text=" + encodeURIComponent(text));
    return answer.ok ? answer.text() : "";
  }

  function noteAfter(field, name) {
    let note = field.parentElement.querySelector("." + name);
    if (!note) {
      note = document.createElement("small");
      note.className = "form-hint " + name;
      note.setAttribute("role", "status");
      field.after(note);
    }
    return note;
  }

  document.addEventListener("change", async function (event) {
    const field = event.target;
    if (!field.dataset || !field.dataset.read) { return; }
    const text = field.value.trim();
    noteAfter(field, "read-as").textContent = /^\d*$/.test(text) ? "" : await readAs(field.dataset.read, text).catch(function () { return ""; });
  });

  document.addEventListener("paste", async function (event) {
    const field = event.target;
    if (field.type !== "date" || !event.clipboardData) { return; }
    const text = event.clipboardData.getData("text");
    event.preventDefault();
    const day = await readAs("day", text).catch(function () { return ""; });
    if (day) {
      field.value = day;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  function size(bytes) { return (bytes / MEGABYTE).toFixed(1) + " MB"; }

  async function smaller(file) {
    const picture = await createImageBitmap(file);
    const part = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * part);
    canvas.height = Math.round(picture.height * part);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // what was transparent is paper
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise(function (done) { canvas.toBlob(done, "image/jpeg", QUALITY); });
    return made && made.size < file.size ? made : null;
  }

  function put(field, file) {
    const box = new DataTransfer();
    box.items.add(file);
    field.files = box.files;
  }

  function tell(field, file, made, most) {
    const note = noteAfter(field, "photo-note");
    note.textContent = words().smaller.replace("{size}", size(made.size)).replace("{whole}", size(file.size)) + " ";
    if (file.size > most) { return; }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = words().original;
    button.addEventListener("click", function () { put(field, file); note.textContent = ""; });
    note.append(button);
  }

  document.addEventListener("change", async function (event) {
    const field = event.target;
    if (field.type !== "file" || field.multiple || !field.dataset.most || !field.files.length) { return; }
    const file = field.files[0];
    const most = Number(field.dataset.most);
    noteAfter(field, "photo-note").textContent = "";
    field.setCustomValidity("");
    let made = null;
    if (/^image\//.test(file.type) && file.size > LEAVE) {
      made = await smaller(file).catch(function () { return null; }); // HEIC on most computers: sent as it is
    }
    if (field.files[0] !== file) { return; } // another file was chosen meanwhile
    if (made) {
      put(field, new File([made], /\.jpe?g$/i.test(file.name) ? file.name : file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified }));
      tell(field, file, made, most);
    } else if (file.size > most) {
      const text = words().tooLarge.replace("{whole}", size(file.size)).replace("{most}", size(most));
      noteAfter(field, "photo-note").textContent = text;
      field.setCustomValidity(text);
    }
  });
})();
