// <helio-chart>: a line chart on uPlot, fed by data-points that the server rendered.
//
// Reads its colours from the style sheet, so that light and dark follow the page. Without this
// script the still picture inside the element stays. append() merges points by date, as a push
// brings them; setting data-points anew redraws.
(() => {
  "use strict";

  const DAY = 86400;
  const READOUT = 24;
  const MINUS = "\u2212";

  const seconds = (iso) => Date.parse(`${iso}T00:00:00Z`) / 1000;

  const words = new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC", weekday: "short", day: "numeric", month: "short", year: "numeric",
  });
  const short = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" });
  const month = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "short", year: "2-digit" });

  function grouped(value, places) {
    const text = Math.abs(value).toLocaleString("en-US", {
      minimumFractionDigits: places, maximumFractionDigits: places,
    });
    return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
  }

  /** Decimals that tell two neighbouring ticks apart. */
  const placesFor = (step) => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));

  /** Amounts of one axis in one unit: the largest that its largest tick reaches. */
  function moneyTicks(splits, step) {
    const largest = Math.max(...splits.map(Math.abs));
    const units = [[1e9, " bn"], [1e6, " m"], [1e3, " k"]];
    const [scale, unit] = units.find(([least]) => largest >= least) ?? [1, ""];
    const places = placesFor(step / scale);
    return splits.map((value) => `${grouped(value / scale, places)}${unit}`);
  }

  function percentTicks(splits, step) {
    const places = placesFor(step * 100);
    return splits.map((value) => `${grouped(value * 100, places)}%`);
  }

  function written(value, kind) {
    if (value === null || value === undefined) return "–";
    return kind === "money" ? grouped(value, 0) : `${grouped(value * 100, 2)}%`;
  }

  class HelioChart extends HTMLElement {
    static observedAttributes = ["data-points"];

    connectedCallback() {
      if (typeof uPlot === "undefined") return;
      this.still = this.querySelector(".chart-still");
      this.resize = new ResizeObserver(() => this.fit());
      this.theme = new MutationObserver(() => this.draw());
      this.theme.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
      this.scheme = window.matchMedia("(prefers-color-scheme: dark)");
      this.onScheme = () => this.draw();
      this.scheme.addEventListener("change", this.onScheme);
      this.onKey = (event) => this.step(event);
      this.onBlur = () => {
        this.readout?.removeAttribute("aria-live");
        this.readOut(null);
      };
      this.addEventListener("keydown", this.onKey);
      this.addEventListener("blur", this.onBlur);
      this.read();
      this.draw();
      this.resize.observe(this);
    }

    disconnectedCallback() {
      this.resize?.disconnect();
      this.theme?.disconnect();
      this.scheme?.removeEventListener("change", this.onScheme);
      this.removeEventListener("keydown", this.onKey);
      this.removeEventListener("blur", this.onBlur);
      this.plot?.destroy();
      this.plot = null;
    }

    attributeChangedCallback(name, before, after) {
      if (!this.plot || before === after) return;
      const same = this.chart.series.map((line) => line.key).join();
      this.read();
      if (same === this.chart.series.map((line) => line.key).join()) this.refresh();
      else this.draw();
    }

    /** Merges pushed rows by date: [date, value of each series…] sets a day, [date] drops it. */
    append(rows) {
      const { dates, series } = this.chart ?? JSON.parse(this.dataset.points);
      for (const [date, ...values] of rows) {
        let at = dates.indexOf(date);
        const gone = values.length === 0;
        if (at < 0 && gone) continue;
        if (at < 0) {
          at = dates.findIndex((other) => other > date);
          if (at < 0) at = dates.length;
          dates.splice(at, 0, date);
          for (const line of series) line.values.splice(at, 0, null);
        } else if (gone) {
          dates.splice(at, 1);
        }
        series.forEach((line, nth) => line.values.splice(at, 1, ...(gone ? [] : [values[nth]])));
      }
      this.refresh();
    }

    read() {
      this.chart = JSON.parse(this.dataset.points);
    }

    data() {
      return [this.chart.dates.map(seconds), ...this.chart.series.map((line) => line.values)];
    }

    refresh() {
      if (!this.plot) return;
      this.plot.setData(this.data());
      this.readOut(null);
    }

    fit() {
      const width = Math.floor(this.clientWidth);
      if (this.plot && width > 0 && width !== this.plot.width) {
        this.plot.setSize({ width, height: this.plotHeight() });
      }
    }

    /** The style sheet decides how high a chart is. */
    plotHeight() {
      return Math.max(120, Math.floor(this.clientHeight) - Math.max(READOUT, this.readout.offsetHeight));
    }

    /** A colour of the style sheet as the canvas needs it: with light-dark() resolved. */
    ink(name) {
      this.readout.style.color = `var(${name}, var(--chart-portfolio))`;
      const colour = getComputedStyle(this.readout).color;
      this.readout.style.removeProperty("color");
      return colour;
    }

    font() {
      return `11px ${getComputedStyle(this).fontFamily}`;
    }

    draw() {
      this.plot?.destroy();
      this.readout ??= this.makeReadout();
      this.replaceChildren(this.readout);
      this.readOut(null);
      this.plot = new uPlot(this.options(), this.data(), this);
    }

    makeReadout() {
      const line = document.createElement("p");
      line.className = "chart-readout";
      return line;
    }

    options() {
      const { series } = this.chart;
      const kinds = new Set(series.map((line) => line.kind));
      const axes = [this.dayAxis()];
      if (kinds.has("percent")) axes.push(this.valueAxis("percent", 3));
      if (kinds.has("money")) axes.push(this.valueAxis("money", kinds.has("percent") ? 1 : 3));
      return {
        width: Math.max(200, Math.floor(this.clientWidth)),
        height: this.plotHeight(),
        legend: { show: false },
        padding: [8, kinds.size > 1 ? 0 : 12, 0, 0],
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales: { x: { time: true } },
        tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
        axes,
        series: [{}, ...series.map((line) => this.lineOptions(line, kinds.size > 1))],
        hooks: { setCursor: [(plot) => this.readOut(plot.cursor.idx)] },
      };
    }

    dayAxis() {
      return {
        stroke: this.ink("--chart-text"),
        font: this.font(),
        grid: { show: false },
        ticks: { stroke: this.ink("--chart-grid"), width: 1, size: 4 },
        size: 28,
        space: 64,
        // Whole days at the least: a short course would repeat a day under several ticks.
        incrs: [1, 2, 3, 5, 7, 10, 15, 30, 60, 90, 180, 365, 730, 1825, 3650].map((days) => days * DAY),
        values: (plot, splits, axis, space, step) =>
          splits.map((time) => (step >= 27 * DAY ? month : short).format(new Date(time * 1000))),
      };
    }

    valueAxis(scale, side) {
      return {
        scale,
        side,
        stroke: this.ink("--chart-text"),
        font: this.font(),
        grid: { show: side === 3, stroke: this.ink("--chart-grid"), width: 1 },
        ticks: { show: false },
        size: 56,
        gap: 4,
        space: 28,
        values: (plot, splits, axis, space, step) =>
          (scale === "money" ? moneyTicks : percentTicks)(splits, step),
      };
    }

    lineOptions(line, mixed) {
      const behind = mixed && line.kind === "money";
      return {
        label: line.label,
        scale: line.kind,
        stroke: this.ink(`--chart-${line.key}`),
        width: line.key === "benchmark" || behind ? 1.25 : 2,
        dash: line.key === "benchmark" ? [5, 3] : undefined,
        fill: behind ? this.ink("--chart-fill") : undefined,
        points: { show: false },
        spanGaps: true,
      };
    }

    /** Writes every series at a day; the last one when none is pointed at. */
    readOut(index) {
      const { dates, series } = this.chart;
      const at = index ?? dates.length - 1;
      if (this.shown === `${at}/${dates.length}` && index !== null) return;
      this.shown = `${at}/${dates.length}`;
      const parts = [this.part("chart-day", words.format(new Date(seconds(dates[at]) * 1000)))];
      for (const line of series) {
        const part = this.part(`chart-key chart-key-${line.key}`, `${line.label} `);
        const value = document.createElement("b");
        value.textContent = written(line.values[at], line.kind);
        part.append(value);
        parts.push(part);
      }
      this.readout.replaceChildren(...parts);
    }

    part(name, text) {
      const element = document.createElement("span");
      element.className = name;
      element.textContent = text;
      return element;
    }

    step(event) {
      const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 };
      const last = this.chart.dates.length - 1;
      let at = this.plot?.cursor.idx ?? last;
      if (event.key in moves) at += moves[event.key];
      else if (event.key === "Home") at = 0;
      else if (event.key === "End") at = last;
      else return;
      event.preventDefault();
      // Announced for the keyboard only: a pointer that wanders would never let a reader speak.
      this.readout.setAttribute("aria-live", "polite");
      at = Math.min(last, Math.max(0, at));
      const left = this.plot.valToPos(this.plot.data[0][at], "x");
      this.plot.setCursor({ left, top: 1 });
      this.readOut(at);
    }
  }

  customElements.define("helio-chart", HelioChart);
})();
