// What script adds to the pages of a chat: forms are sent without a reload, and what is said comes by itself.
"use strict";

(() => {
  const chat = document.querySelector("[data-chat]");
  if (!chat) return;
  const lines = chat.querySelector("[data-lines]");
  const standing = document.querySelector("[data-standing]");
  const fault = document.querySelector("[data-fault]");
  const LOST = "That could not be sent. Look whether you are connected, and try again.";
  const EXPIRED = "That was refused. Load the page anew, and try again.";
  const AGAIN = 30_000;
  let source = null;

  const parsed = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html; // from our own templates, which escape
    return template.content;
  };

  // Without script times are in UTC, and say so.
  const localise = (place) => {
    for (const time of place.querySelectorAll("time[data-local]")) {
      const options = { hour: "2-digit", minute: "2-digit" };
      time.textContent = new Date(time.dateTime).toLocaleTimeString([], options);
      time.removeAttribute("data-local");
    }
  };

  const isAtEnd = () => window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 120;
  const toEnd = () => window.scrollTo(0, document.documentElement.scrollHeight);

  const put = (line) => {
    localise(line);
    const known = document.getElementById(line.id);
    // A line that somebody is about to press stays, unless it has really changed.
    if (known) {
      if (known.dataset.state !== line.dataset.state) known.replaceWith(line);
      return;
    }
    const number = Number(line.dataset.number);
    const next = [...lines.children].find((other) => Number(other.dataset.number) > number);
    lines.insertBefore(line, next ?? null);
    document.querySelector("[data-empty]")?.remove();
  };

  const open = () => {
    if (source) return;
    source = new EventSource(`${chat.dataset.chat}?after=${chat.dataset.after}`);
    source.addEventListener("line", (event) => {
      const stay = isAtEnd();
      for (const line of [...parsed(event.data).children]) put(line);
      if (stay) toEnd();
    });
    source.addEventListener("standing", (event) => {
      const fresh = parsed(event.data);
      if (!standing || fresh.textContent.trim() === standing.textContent.trim()) return;
      const stay = isAtEnd();
      const focused = standing.contains(document.activeElement);
      standing.replaceChildren(fresh);
      if (focused) standing.querySelector("button")?.focus();
      if (stay) toEnd();
    });
    source.addEventListener("error", () => {
      // The browser comes again by itself, but not after a refusal.
      if (source.readyState !== EventSource.CLOSED) return;
      source = null;
      window.setTimeout(open, AGAIN);
    });
  };

  const tell = (text) => {
    fault.textContent = text;
    fault.hidden = !text;
  };

  const freshKey = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const send = async (form) => {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (answer.ok) return "";
    const said = await answer.json().catch(() => ({}));
    return said.text ?? EXPIRED;
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-send]")) return;
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    const field = form.querySelector("[data-enter]");
    const sent = field?.value;
    try {
      const refusal = await send(form);
      tell(refusal);
      if (!refusal) {
        if (form.elements.key) form.elements.key.value = freshKey();
        // What was typed meanwhile is the next message.
        if (field && field.value === sent) field.value = "";
        toEnd();
        open();
      }
    } catch {
      // With its key unchanged it may be sent again, and is not said twice.
      tell(LOST);
    } finally {
      button.disabled = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!sends || !event.target.matches("[data-enter]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  localise(lines);
  toEnd();
  if ("begun" in chat.dataset) open();
})();
