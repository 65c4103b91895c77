// Comfort on top of pages that work without it: the theme at once, ages in words, menus that close.
(() => {
  "use strict";

  const MINUTE = 60000;
  const NAMES = [[1440, "d"], [60, "h"], [1, "min"]];

  /** "4 min ago", "in 2 h": how far a moment is from now. */
  function distance(moment) {
    const minutes = Math.round((Date.now() - moment) / MINUTE);
    const size = Math.abs(minutes);
    if (size < 1) return "just now";
    const [per, unit] = NAMES.find(([least]) => size >= least);
    const words = `${Math.floor(size / per)} ${unit}`;
    return minutes < 0 ? `in ${words}` : `${words} ago`;
  }

  function tellAges(root) {
    for (const time of root.querySelectorAll("time[data-relative]")) {
      const moment = Date.parse(time.dateTime);
      if (Number.isNaN(moment)) continue;
      time.title ||= time.textContent.trim();
      const words = distance(moment);
      if (time.textContent !== words) time.textContent = words;
    }
  }

  // A source turns late while the page is open, without any push: nothing arriving is the news.
  function judgeSources() {
    for (const source of document.querySelectorAll(".source[data-late-at]")) {
      if (source.dataset.state !== "ok" || Date.now() <= Date.parse(source.dataset.lateAt)) continue;
      source.dataset.state = "late";
      source.querySelector(".source-state").textContent = "late";
    }
  }

  function tick() {
    tellAges(document);
    judgeSources();
  }

  function chooseTheme(event) {
    const button = event.target.closest("[data-themes] button");
    if (!button) return;
    event.preventDefault();
    const theme = button.value;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `helio_theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    if (theme === "auto") document.documentElement.removeAttribute("data-bs-theme");
    else document.documentElement.setAttribute("data-bs-theme", theme);
    for (const other of button.form.querySelectorAll("button")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  }

  function closeMenus(event) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) {
        menu.open = false;
        if (event.type === "keydown") menu.querySelector("summary").focus();
      }
    }
  }

  // A push may bring the next business day; the picker follows unless a day was chosen.
  function followDay(event) {
    const picker = document.getElementById("as-of");
    const day = event.detail?.as_of;
    if (!picker || !day || new URLSearchParams(location.search).has("as_of")) return;
    picker.max = day;
    picker.value = day;
  }

  // Kept whole by the back button, a page would outlive the session that it was shown in.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  document.addEventListener("click", chooseTheme);
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("htmx:after:swap", tick);
  document.addEventListener("helio:changed", tick);
  document.addEventListener("helio:changed", followDay);
  setInterval(tick, 15000);
  tick();
})();
