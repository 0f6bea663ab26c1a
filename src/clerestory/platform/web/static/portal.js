// What script adds to the pages of ideas, which work without it: votes count in place, and a list follows its search.
"use strict";

(() => {
  const PAUSE = 250;
  const LOST = "That could not be sent. Look whether you are connected, and try again.";
  const said = document.getElementById("said");
  let asking = null;

  const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  // Puts the part of this id from a page of ours in the place of the one that is here.
  const put = (page, id) => {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (!old || !fresh) return null;
    old.replaceWith(fresh);
    return fresh;
  };

  const say = (text) => {
    said.textContent = "";
    setTimeout(() => { said.textContent = text; }, 50);
  };

  const fail = (form, text) => {
    form.parentNode.querySelector(":scope > .fault.sent")?.remove();
    const fault = document.createElement("p");
    fault.className = "fault sent";
    fault.setAttribute("role", "alert");
    fault.textContent = text;
    form.after(fault);
  };

  const send = async (form, button) => {
    const fields = new FormData(form);
    if (button?.name) fields.append(button.name, button.value);
    const inParts = form.enctype === "multipart/form-data";
    const answer = await fetch(form.action, { method: "POST", body: inParts ? fields : new URLSearchParams(fields) });
    const page = await parsed(answer);
    const before = new Set([...document.querySelectorAll("li[id]")].map((one) => one.id));
    const focus = button?.dataset.focus ?? document.activeElement?.dataset?.focus;
    const fresh = put(page, form.dataset.swap);
    if (!fresh) {
      fail(form, page.querySelector("main p")?.textContent ?? LOST);
      return;
    }
    const wrong = fresh.querySelector("[aria-invalid]");
    if (wrong) {
      wrong.focus();
      return;
    }
    const place = [...fresh.querySelectorAll("li[id]")].find((one) => !before.has(one.id));
    if (focus) fresh.querySelector(`[data-focus="${focus}"]`)?.focus();
    else if (place) {
      place.tabIndex = -1;
      place.focus();
    }
    say(fresh.dataset.said ?? form.dataset.said ?? "");
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.swap || event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "yes";
    try {
      await send(form, event.submitter);
    } catch {
      fail(form, LOST);
    } finally {
      delete form.dataset.sending;
    }
  });

  const show = async (address, id, after) => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (answer.ok && put(await parsed(answer), id)) after?.();
    } catch {
      // It was asked anew, or cannot be reached: the button is still there.
    }
  };

  const later = (work) => {
    let timer = 0;
    return (...given) => {
      clearTimeout(timer);
      timer = setTimeout(() => work(...given), PAUSE);
    };
  };

  const list = later((form) => {
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    const address = `${form.getAttribute("action")}?${new URLSearchParams(fields)}`;
    show(address, form.dataset.live, () => history.replaceState(null, "", address));
  });
  const alike = later((field) => {
    const address = `${field.dataset.like}?${new URLSearchParams({ title: field.value })}`;
    show(address, field.dataset.into);
  });

  document.addEventListener("input", (event) => {
    if (event.target.dataset.like) alike(event.target);
    const form = event.target.closest("form[data-live]");
    if (form) list(form);
  });
})();
