// What the browser does for signed-in people beside htmx itself: says in the live region what went wrong, keeps whole pages
// out of rows, and puts the keyboard where the work is after a swap. Readers without an account load no script at all.
(() => {
  "use strict";

  const live = document.getElementById("live");
  if (!live) return;
  // Kept here because a careless answer may replace the element that carries them.
  const words = { ...live.dataset };

  function say(text) {
    if (!text) return;
    const line = document.createElement("p");
    line.className = "message message-error";
    line.textContent = text;
    document.getElementById("live").replaceChildren(line);
  }

  function hush() {
    document.getElementById("live").replaceChildren();
  }

  // Whatever put a message there, a person can put it away.
  new MutationObserver(() => {
    if (!live.querySelector(".message") || live.querySelector(".live-close")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link live-close";
    button.textContent = words.dismiss;
    button.addEventListener("click", hush);
    live.append(button);
  }).observe(live, { childList: true });

  const wholePage = (text) => /^\s*(<!--[\s\S]*?-->\s*)*<!doctype/i.test(text || "");

  function reason(xhr) {
    if (xhr.status === 401) return words.signedOut;
    if (xhr.status === 403) return /data-page="csrf"/.test(xhr.responseText) ? words.stale : words.refused;
    if (xhr.status < 400) return words.unclear;
    if (xhr.status === 404 || xhr.status === 410) return words.missing;
    return words.failed;
  }

  // A refusal swaps only where the server says so; a whole page (a redirect that was followed, an error page) never does.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const refused = xhr.status === 401 || xhr.status === 403;
    const aimed = xhr.getResponseHeader("HX-Retarget") !== null;
    if (wholePage(xhr.responseText) || (refused && !aimed)) {
      event.detail.shouldSwap = false;
      event.detail.isError = false;
      say(reason(xhr));
    }
  });
  document.addEventListener("htmx:responseError", (event) => say(reason(event.detail.xhr)));
  document.addEventListener("htmx:sendError", () => say(words.offline));
  document.addEventListener("htmx:timeout", () => say(words.offline));

  // The control that opened a form, so that closing it leads back there, even when its row was replaced meanwhile.
  let opener = null;
  // The control a request started from: htmx may disable it meanwhile, and a disabled control loses the keyboard.
  let pressed = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    // A link inside the message stays until its answer is there: out of the page it could not say where that goes.
    if (!live.contains(elt)) hush();
    pressed = document.activeElement;
    if (requestConfig.verb === "get" && elt.matches("a, button") && !elt.closest("form")) opener = { id: elt.id, node: elt };
  });

  function focus(element) {
    if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) element.tabIndex = -1;
    element.focus();
  }

  const lost = () => !document.activeElement || document.activeElement === document.body;

  document.addEventListener("htmx:afterRequest", (event) => {
    if (live.contains(event.detail.requestConfig.elt)) hush();
    if (lost() && pressed && pressed.isConnected && pressed !== document.body) focus(pressed);
  });

  function back(roots) {
    const again = (opener && opener.id && document.getElementById(opener.id)) || (opener && opener.node.isConnected && opener.node);
    const target = again || roots.map((root) => root.querySelector("[data-opener]")).find(Boolean) || roots[0];
    if (target) focus(target);
  }

  const find = (roots, selector) => {
    for (const root of roots) {
      const found = root.matches(selector) ? root : root.querySelector(selector);
      if (found) return found;
    }
    return null;
  };

  // One answer may settle several elements (the row, the counts, the history): look at them together, once.
  const settled = new Map();
  document.addEventListener("htmx:afterSettle", (event) => {
    const { xhr } = event.detail;
    if (!xhr || !(event.target instanceof Element)) return;
    if (settled.has(xhr)) {
      settled.get(xhr).push(event.target);
      return;
    }
    settled.set(xhr, [event.target]);
    queueMicrotask(() => {
      const roots = settled.get(xhr).filter((root) => root.isConnected && root.id !== "live");
      settled.delete(xhr);
      const wanted = find(roots, "[aria-invalid='true']") || find(roots, "[data-focus]");
      if (wanted) focus(wanted);
      else if (lost()) back(roots);
    });
  });

  // "Cancel" in a form that was swapped in: empties its slot. Without script it is an ordinary link back to the page.
  document.addEventListener("click", (event) => {
    const control = event.target instanceof Element && event.target.closest("[data-close]");
    const slot = control && control.closest(".row-form, .history-form, [data-slot]");
    if (!slot || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    slot.replaceChildren();
    back([slot]);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && live.querySelector(".message")) hush();
  });
})();
