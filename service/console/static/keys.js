// Keys: an element with `data-key="s j"` is pressed by these keys, unless somebody types in a field.
"use strict";

const fields = "input, textarea, select, [contenteditable]";

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest(fields)) return;
  const wanted = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key.split(" ").includes(event.key));
  if (!wanted) return;
  event.preventDefault();
  if (wanted instanceof HTMLDetailsElement) wanted.open = !wanted.open;
  else if (wanted.matches(fields)) wanted.focus();
  else wanted.click();
});
