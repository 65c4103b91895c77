// Live pages: applies the frames that the server pushes over htmx's WebSocket extension.
//
// A frame leads from one version to the next: {from, to, as_of, title, ops}. It is applied only if
// `from` is what this page shows (null: it carries everything); else the page asks for all of it.
// Fragments are handed to htmx as <hx-partial> swaps, cells and chart points are set in place.
(() => {
  "use strict";

  const BEACONS_MISSED_MS = 95000;
  const FROZEN_MS = 15000;
  const TINT_MS = 2000;
  const CLOSED_BY_SILENCE = 4000;

  const main = document.getElementById("main");
  const live = document.getElementById("live");
  const socketElement = document.getElementById("live-socket");
  const pauseButton = document.getElementById("live-pause");
  if (!main || !live || !socketElement) return;

  let connection = null;
  let version = Number(main.dataset.version);
  let lost = false;
  let paused = false;
  let waiting = null;
  let lastHeard = Date.now();
  let downSince = null;
  let ended = false;

  const byId = (id) => document.getElementById(id);

  function show(state, words) {
    live.dataset.state = state;
    const text = words || state;
    if (byId("live-state").textContent !== text) byId("live-state").textContent = text;
  }

  function clock(moment) {
    return new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  }

  function send(message) {
    const socket = connection && connection.socket;
    if (socket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  async function inflate(blob) {
    const stream = blob.stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).json();
  }

  function tint(element) {
    if (!element) return;
    element.classList.remove("changed");
    requestAnimationFrame(() => {
      element.classList.add("changed");
      setTimeout(() => element.classList.remove("changed"), TINT_MS);
    });
  }

  function setCell(id, [text, value, css]) {
    const cell = byId(id);
    if (!cell) return;
    const moved = cell.dataset.value !== value;
    if (cell.textContent !== text) cell.textContent = text;
    cell.dataset.value = value;
    cell.className = css;
    if (moved) tint(cell);
  }

  // Values of the figures that a fragment is about to replace, to tint only those that move.
  function valuesInside(ids) {
    const values = new Map();
    for (const id of ids) {
      for (const figure of byId(id)?.querySelectorAll("[id][data-figure]") ?? []) {
        values.set(figure.id, figure.dataset.value);
      }
    }
    return values;
  }

  function scrollInside(ids) {
    const places = [];
    for (const id of ids) {
      for (const box of byId(id)?.querySelectorAll("[id][data-keep-scroll]") ?? []) {
        places.push([box.id, box.scrollLeft, box.scrollTop]);
      }
    }
    return places;
  }

  async function swapFragments(fragments) {
    const ids = Object.keys(fragments);
    if (!ids.length) return;
    const before = valuesInside(ids);
    const scrolled = scrollInside(ids);
    const focused = document.activeElement && document.activeElement.id;
    const open = ids.flatMap((id) =>
      [...(byId(id)?.querySelectorAll("details[id][open]") ?? [])].map((one) => one.id));
    const partials = ids.filter(byId).map((id) =>
      `<hx-partial hx-target="#${CSS.escape(id)}" hx-swap="outerHTML">${fragments[id]}</hx-partial>`);
    await htmx.swap({
      sourceElement: socketElement,
      target: socketElement,
      swap: "none",
      text: partials.join(""),
      transition: false,
    });
    for (const id of open) if (byId(id)) byId(id).open = true;
    for (const [id, left, top] of scrolled) byId(id)?.scrollTo(left, top);
    if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
    for (const id of ids) {
      for (const figure of byId(id)?.querySelectorAll("[id][data-figure]") ?? []) {
        if (before.has(figure.id) && before.get(figure.id) !== figure.dataset.value) tint(figure);
      }
    }
  }

  async function apply(frame) {
    const ops = frame.ops;
    if (ops.reload) {
      location.reload();
      return;
    }
    for (const id of ops.remove ?? []) byId(id)?.remove();
    await swapFragments(ops.fragments ?? {});
    for (const [id, cell] of Object.entries(ops.cells ?? {})) setCell(id, cell);
    for (const [id, points] of Object.entries(ops.append ?? {})) byId(id)?.append?.(points);
    version = frame.to;
    lost = false;
    main.dataset.version = String(version);
    main.dataset.asOf = frame.as_of;
    if (frame.title) document.title = frame.title;
    byId("live-news").textContent = `Figures updated to version ${version}.`;
    document.dispatchEvent(new CustomEvent("helio:changed", { detail: frame }));
    send({ ack: version });
  }

  async function receive(frame) {
    lastHeard = Date.now();
    if (frame.gone !== undefined) {
      end(frame.gone);
    } else if (frame.beacon !== undefined) {
      if (frame.beacon > version && !paused && !waiting) ask();
    } else if (paused) {
      waiting = frame;
      show("paused", `paused at ${version}`);
    } else if (frame.from !== null && (lost || frame.from !== version)) {
      ask();
    } else {
      await apply(frame);
      show("live");
    }
  }

  function ask() {
    lost = true;
    send({ resync: true });
  }

  // Access ended: nothing of what was shown may stay, not even behind the back button.
  function end(sentence) {
    ended = true;
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.setAttribute("role", "alert");
    notice.textContent = sentence;
    main.replaceChildren(notice);
    document.title = "Helio";
    show("ended", "ended");
    pauseButton.hidden = true;
  }

  function pause() {
    paused = !paused;
    pauseButton.setAttribute("aria-pressed", String(paused));
    pauseButton.textContent = paused ? "Resume" : "Pause";
    if (paused) {
      show("paused", `paused at ${version}`);
      return;
    }
    const frame = waiting;
    waiting = null;
    show("live");
    if (frame) receive(frame);
  }

  socketElement.addEventListener("htmx:ws:before:connection", (event) => {
    connection = event.detail.connection;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const page = encodeURIComponent(location.pathname + location.search);
    const known = lost ? "" : version;
    connection.url = `${scheme}//${location.host}/ws/live/?page=${page}&version=${known}`;
  });

  socketElement.addEventListener("htmx:ws:after:connection", () => {
    lastHeard = Date.now();
    downSince = null;
    waiting = null;
    pauseButton.hidden = false;
    show(paused ? "paused" : "live", paused ? `paused at ${version}` : undefined);
  });

  socketElement.addEventListener("htmx:ws:close", (event) => {
    if (ended) return;
    if (event.detail.code === 4401) {
      end("You were signed out. Sign in again to see your figures.");
    } else if (event.detail.code === 4404) {
      pauseButton.hidden = true;
      show("still", "still");
    } else {
      downSince ??= Date.now();
      show("reconnecting");
    }
  });

  socketElement.addEventListener("htmx:ws:before:message:incoming", (event) => {
    const { message, waitUntil } = event.detail;
    const data = message.data;
    message.data = "";
    waitUntil(inflate(data).then(receive));
  });

  pauseButton.addEventListener("click", pause);

  // htmx swapped another address into this page: from now on the pushes are those of that address.
  function follow() {
    lost = true;
    waiting = null;
    send({ page: location.pathname + location.search });
  }
  document.addEventListener("htmx:after:history:push", follow);
  document.addEventListener("htmx:after:history:replace", follow);

  setInterval(() => {
    if (ended) return;
    const socket = connection && connection.socket;
    if (socket && socket.readyState === WebSocket.OPEN && Date.now() - lastHeard > BEACONS_MISSED_MS) {
      socket.close(CLOSED_BY_SILENCE);
    }
    if (downSince && Date.now() - downSince > FROZEN_MS) {
      show("frozen", `frozen since ${clock(downSince)}`);
    }
  }, 1000);

  // A page kept by the back button shows figures nobody vouches for any more: get it again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
