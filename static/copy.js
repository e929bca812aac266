/* Copies the text of a press line. Without this script its button is not shown, and the text is there to be marked. */
"use strict";

(() => {
  /** Each [data-copied] part of the block is a line of the plain text. */
  const textOf = (block) =>
    [...block.querySelectorAll("[data-copied]")]
      .map((part) => part.textContent.replace(/\s+/g, " ").trim())
      .join("\n");

  /** For those whose browser does not let a page copy: marked text can be copied by hand. */
  const mark = (block) => {
    const range = document.createRange();
    range.selectNodeContents(block);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  const copy = async (button) => {
    const block = document.getElementById(button.dataset.copies);
    const status = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(textOf(block));
      status.textContent = button.dataset.done;
    } catch {
      mark(block);
      status.textContent = button.dataset.failed;
    }
  };

  for (const button of document.querySelectorAll("button[data-copies]")) {
    button.addEventListener("click", () => copy(button));
    button.hidden = false;
  }
})();
