// Draws every element with data-chart (ECharts options as JSON) in the colours of the site; again after htmx swaps.
"use strict";

(function () {
  const PALETTE = ["#1f6f8b", "#d98a1c", "#5a8f3d", "#a3456b", "#5f5fa8", "#8a6d3b", "#3d8f86"];
  const INK = "#33424d";
  const FAINT = "#dfe6ea";
  const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';

  function axis(given) {
    const one = function (each) {
      return Object.assign(
        { axisLine: { lineStyle: { color: "#9fb1bd" } }, axisTick: { show: false }, splitLine: { lineStyle: { color: FAINT } } },
        each,
        { axisLabel: Object.assign({ color: INK, hideOverlap: true }, each.axisLabel) }
      );
    };
    return Array.isArray(given) ? given.map(one) : given && one(given);
  }

  function dressed(options, width) {
    const narrow = width < 480;
    const made = Object.assign({ color: PALETTE, animationDuration: 300 }, options);
    made.textStyle = Object.assign({ fontFamily: FONT, color: INK, fontSize: narrow ? 11 : 12 }, options.textStyle);
    made.grid = Object.assign({ left: 8, right: narrow ? 12 : 24, top: 40, bottom: 8, containLabel: true }, options.grid);
    made.tooltip = Object.assign({ trigger: "axis" }, options.tooltip, { renderMode: "richText", confine: true });
    made.legend = Object.assign({ type: "scroll", top: 4, left: 4, icon: "roundRect", itemWidth: 12, itemHeight: 8, textStyle: { color: INK } }, options.legend);
    if (options.xAxis) { made.xAxis = axis(options.xAxis); }
    if (options.yAxis) { made.yAxis = axis(options.yAxis); }
    return made;
  }

  function draw(box) {
    if (box.dataset.drawn) { return; }
    box.dataset.drawn = "1";
    const options = JSON.parse(box.dataset.chart);
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    chart.setOption(dressed(options, box.clientWidth));
    new ResizeObserver(function () {
      chart.resize();
      chart.setOption(dressed(options, box.clientWidth), true);
    }).observe(box);
  }

  function drawAll(root) {
    root.querySelectorAll("[data-chart]").forEach(draw);
  }

  document.addEventListener("DOMContentLoaded", function () { drawAll(document); });
  document.addEventListener("htmx:afterSettle", function (event) { drawAll(event.target); });
})();
