// Typing ahead in the search box: a combobox with a list of devices. Whatever goes wrong, the form still searches.
"use strict";

{
  const box = document.querySelector("#q");
  const wait = 150; // milliseconds without a key before the service is asked
  const least = 2; // characters
  let list, said, asking, timer, options = [], active = -1;

  const make = (tag, className, text) => {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text; // text only: what providers write is never markup
    return made;
  };

  const mark = (place) => {
    active = place;
    options.forEach((each, own) => each.setAttribute("aria-selected", String(own === place)));
    if (place < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", options[place].id);
    options[place].scrollIntoView({ block: "nearest" });
  };

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    mark(-1);
  };

  const follow = (option) => location.assign(`/devices/${encodeURIComponent(option.dataset.device)}`);

  const optionOf = (device, place) => {
    const made = make("li", "", "");
    made.append(make("b", "", device.name), " ", make("span", "dim", device.customer), " ");
    for (const provider of device.providers) made.append(make("span", "tag", provider), " ");
    made.id = `suggestion-${place}`;
    made.setAttribute("role", "option");
    made.dataset.device = device.id;
    made.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    made.addEventListener("click", () => follow(made));
    return made;
  };

  const show = (found) => {
    options = found.devices.map(optionOf);
    const title = make("li", "dim", found.understood ? `Understood as ${found.understood}` : "Enter searches all devices");
    title.setAttribute("role", "presentation");
    list.replaceChildren(title, ...options);
    const count = `${options.length}${found.has_more ? " or more" : ""} ${options.length === 1 && !found.has_more ? "device" : "devices"}`;
    said.textContent = options.length ? `${count}. ${title.textContent}` : "No device suggested; Enter searches all";
    list.hidden = !options.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
  };

  const ask = async () => {
    asking = new AbortController();
    const { signal } = asking;
    try {
      const path = `/search/suggest?${new URLSearchParams({ q: box.value })}`;
      const answer = await fetch(path, { signal, headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return close();
      const found = await answer.json();
      if (!signal.aborted) show(found);
    } catch {
      if (!signal.aborted) close(); // an aborted request has a younger one
    }
  };

  const typed = () => {
    clearTimeout(timer);
    asking?.abort();
    if (box.value.trim().length < least) close();
    else timer = setTimeout(ask, wait);
  };

  const pressed = (event) => {
    if (list.hidden || event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      const places = options.length + 1; // one of them is the box itself
      mark(((active + 1 + steps[event.key] + places) % places) - 1);
    } else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) follow(options[active]);
    else return;
    event.preventDefault();
  };

  if (box) {
    list = make("ul", "suggested", "");
    said = make("p", "hidden", "");
    list.id = "suggested";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Devices");
    said.setAttribute("role", "status");
    const roles = { role: "combobox", "aria-controls": "suggested", "aria-expanded": "false", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(roles)) box.setAttribute(name, value);
    box.form.append(list, said);
    box.addEventListener("input", typed);
    box.addEventListener("keydown", pressed);
    box.addEventListener("blur", close);
    box.form.addEventListener("submit", close);
  }
}
