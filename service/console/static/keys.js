// Keys: an element with `data-key="s j"` is pressed by these keys, unless somebody types in a field.
"use strict";

const fields = "input, textarea, select, [contenteditable]";
let leaves = false; // what was pressed leads to another page: a second press would answer what nobody has seen

addEventListener("pageshow", () => (leaves = false));
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest(fields)) return;
  const wanted = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key.split(" ").includes(event.key));
  if (!wanted || leaves) return;
  event.preventDefault();
  if (wanted instanceof HTMLDetailsElement) wanted.open = !wanted.open;
  else if (wanted.matches(fields)) wanted.focus();
  else {
    leaves = true;
    wanted.click();
  }
});
