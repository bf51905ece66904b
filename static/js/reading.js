// What the browser adds where an article is read: the whole sentence answers to the mouse, any selected words become a
// passage, arrow keys go from sentence to sentence, and what is chosen is shown in the text. Places are code points.
(() => {
  "use strict";

  const reader = document.getElementById("reader");
  const kept = document.getElementById("kept");
  if (!reader || !kept || !window.htmx) return;
  reader.classList.add("live-text");

  const length = (text) => Array.from(text).length;
  const sentences = () => Array.from(kept.querySelectorAll(".sentence"));
  const link = (sentence) => sentence.querySelector("a.no");
  const visible = (sentence) => !sentence.closest("details:not([open])");

  // From the reader, whose requests replace each other: a double click first asks for the sentence, then for the word.
  function open(at) {
    htmx.ajax("GET", reader.dataset.address + at, { source: reader, target: "#passage", swap: "innerHTML" });
  }

  // Where a point of the page lies in the text.
  function place(node, offset) {
    const element = node instanceof Element ? node : node.parentElement;
    const words = element && element.closest(".words");
    if (!words || !kept.contains(words)) return null;
    const range = document.createRange();
    range.setStart(words, 0);
    range.setEnd(node, offset);
    return Number(words.closest(".sentence").dataset.start) + length(range.toString());
  }

  // The sentences that a selection touches, from the first chosen character to the last.
  function selected() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    if (!kept.contains(range.commonAncestorContainer)) return null;
    const touched = sentences().filter((one) => range.intersectsNode(one.querySelector(".words")));
    if (!touched.length) return null;
    const first = touched[0];
    const last = touched[touched.length - 1];
    const start = place(range.startContainer, range.startOffset) ?? Number(first.dataset.start);
    const end = place(range.endContainer, range.endOffset) ?? Number(last.dataset.end);
    return start < end ? `${start}-${end}` : null;
  }

  kept.addEventListener("mouseup", (event) => {
    if (event.button !== 0) return;
    // The browser settles the selection after the event.
    setTimeout(() => {
      const at = selected();
      if (at) open(at);
    });
  });

  kept.addEventListener("click", (event) => {
    const sentence = event.target instanceof Element && event.target.closest(".words") && event.target.closest(".sentence");
    const selection = document.getSelection();
    if (!sentence || (selection && !selection.isCollapsed)) return;
    open(`${sentence.dataset.start}-${sentence.dataset.end}`);
  });

  let far = null; // the other end of what Shift and the arrow keys took in

  kept.addEventListener("keydown", (event) => {
    const number = event.target instanceof Element && event.target.closest("a.no");
    if (!number || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = sentences().filter(visible);
    const here = all.indexOf(number.closest(".sentence"));
    const go = { ArrowDown: 1, ArrowRight: 1, j: 1, ArrowUp: -1, ArrowLeft: -1, k: -1 }[event.key];
    let next = null;
    if (go) next = all[here + go];
    if (event.key === "n") next = all.slice(here + 1).find((one) => one.querySelector(".no-offer")) || all.find((one) => one.querySelector(".no-offer"));
    if (!next) return;
    event.preventDefault();
    if (event.shiftKey && go) {
      far = far === null ? here : far;
      const [first, last] = [all[far], next].sort((a, b) => a.dataset.start - b.dataset.start);
      link(next).focus();
      show(Number(first.dataset.start), Number(last.dataset.end));
    } else {
      far = null;
      link(next).focus();
    }
  });

  // Shift is let go: what was taken in is the passage.
  kept.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || far === null) return;
    const chosen = sentences().filter((one) => one.classList.contains("chosen"));
    far = null;
    if (chosen.length > 1) open(`${chosen[0].dataset.start}-${chosen[chosen.length - 1].dataset.end}`);
  });

  function show(start, end) {
    for (const one of sentences()) {
      const chosen = Number(one.dataset.start) < end && start < Number(one.dataset.end);
      one.classList.toggle("chosen", chosen);
      if (chosen) link(one).setAttribute("aria-current", "true");
      else link(one).removeAttribute("aria-current");
    }
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    const panel = event.target instanceof Element && event.target.id === "passage" ? event.target : null;
    if (!panel) return;
    const body = panel.querySelector("[data-at]");
    const at = body ? body.dataset.at.split("-").map(Number) : [0, 0];
    show(at[0], at[1]);
    panel.scrollTop = 0;
    // The text comes along when the next suggestion is opened from the panel.
    const first = kept.querySelector(".sentence.chosen");
    if (first && getComputedStyle(panel).overflowY === "auto") {
      const box = first.getBoundingClientRect();
      if (box.top < 0 || box.bottom > window.innerHeight) first.scrollIntoView({ block: "center" });
    }
  });
})();
