// The side panel: definitions and explanations beside the page. Every link that it opens leads to a
// page of its own where there is no script.
(() => {
  "use strict";

  const panel = document.getElementById("side-panel");
  const body = document.getElementById("panel-body");
  const back = document.getElementById("panel-back");
  const asPage = document.getElementById("panel-page");
  // A definition or an explanation on a page of its own leads on to the next page.
  const ALONE = new Set(["glossary", "glossary-term", "explain"]);
  if (!panel || ALONE.has(document.getElementById("main")?.dataset.page)) return;

  const WAITING = '<p class="empty" role="status">One moment …</p>';
  let shown = [];
  let opener = null;

  function address(link) {
    return link.dataset.panel || link.getAttribute("href");
  }

  async function show(wanted) {
    asPage.href = wanted;
    back.hidden = shown.length < 2;
    body.innerHTML = WAITING;
    if (!panel.open) panel.show();
    // The body asks for itself: so the request names it, and the answer is the panel alone.
    await htmx.ajax("GET", wanted, { source: body, target: body, swap: "innerHTML" });
    const title = document.getElementById("panel-title");
    // Refused or failed: the page of its own says why.
    if (!title) location.assign(wanted);
    else title.focus({ preventScroll: true });
    panel.scrollTop = 0;
  }

  function open(event) {
    const link = event.target.closest("a[data-panel], a.figure");
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.defaultPrevented) return;
    event.preventDefault();
    if (!panel.contains(link)) {
      opener = link.id || link;
      shown = [];
    }
    shown.push(address(link));
    show(shown.at(-1));
  }

  function goBack() {
    shown.pop();
    show(shown.at(-1));
  }

  function close() {
    panel.close();
    body.replaceChildren();
    const from = typeof opener === "string" ? document.getElementById(opener) : opener;
    from?.focus?.({ preventScroll: true });
  }

  document.addEventListener("click", open);
  back.addEventListener("click", goBack);
  document.getElementById("panel-close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.open) close();
  });
  // The panel says of which version it tells; a newer one is offered, never forced on its reader.
  document.addEventListener("helio:changed", () => {
    const newer = document.getElementById("panel-newer");
    if (newer && panel.open) newer.hidden = false;
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-panel-form]");
    if (!form || !panel.contains(form)) return;
    event.preventDefault();
    shown.push(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`);
    show(shown.at(-1));
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#panel-reload")) show(shown.at(-1));
  });
})();
