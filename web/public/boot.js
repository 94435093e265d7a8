/*
 * The first script of a screen's page, for any engine, however old: it chooses the build that the engine can run,
 * and keeps an eye on it. What a reader would get wrong: nothing here may be newer than 2015, and nothing leaves the
 * page unless the server has just answered.
 */
(function () {
  "use strict";
  var root = document.documentElement;
  /** Nothing drawn within this time after the start, or since the last time: it has crashed. */
  var START_MS = 25000;
  var SILENT_MS = 40000;
  var LOOK_MS = 2500;
  /** Tries to start anew within this time count together. */
  var MEMORY_MS = 10 * 60000;
  var TRIES = "smartreise.tries";
  var begun = Date.now();
  var painted = 0;
  var looked = begun;
  var broken = false;
  var leaving = false;
  var asking = false;

  window.smartreise = {
    paint: function () {
      painted = Date.now();
      broken = false;
    },
  };

  /** What the modern build needs: Chromium 93, Firefox 101, Safari 16.4. */
  function isModern() {
    return (
      "noModule" in document.createElement("script") &&
      !!(window.CSS && CSS.supports && CSS.supports("width", "min(1px, 2px)") && CSS.supports("inset", "0")) &&
      "adoptedStyleSheets" in document &&
      typeof Object.hasOwn === "function" &&
      typeof window.ResizeObserver === "function"
    );
  }

  function load(address) {
    var script = document.createElement("script");
    script.src = address;
    script.onerror = function () {
      broken = true;
    };
    document.head.appendChild(script);
  }

  function tries() {
    var kept = [];
    try {
      kept = JSON.parse(sessionStorage.getItem(TRIES) || "[]");
    } catch (error) {
      return [Date.now()]; // no storage to count in: do not start the same again and again
    }
    return kept.filter(function (at) {
      return at <= Date.now() && Date.now() - at < MEMORY_MS;
    });
  }

  function note(list) {
    try {
      sessionStorage.setItem(TRIES, JSON.stringify(list.concat([Date.now()])));
    } catch (error) {
      // Counted as one try by `tries`.
    }
  }

  /** The page made by the server, which goes back to this one by itself after a while. */
  function plainAddress() {
    var path = location.pathname;
    var display = /^\/display\/([^/]+)/.exec(path);
    var query = location.search.replace(/^\?/, "").replace(/(^|&)(plain|again|display)=[^&]*/g, "");
    var more = "plain=1&again=20" + (query ? "&" + query.replace(/^&/, "") : "");
    if (/^\/office\//.test(path)) return path + "?" + more;
    if (!display) return null;
    try {
      var office = JSON.parse(localStorage.getItem("smartreise.display") || "{}").office;
      return office ? "/office/" + encodeURIComponent(office) + "?" + more + "&display=" + display[1] : null;
    } catch (error) {
      return null;
    }
  }

  /** Once more from the start; where that has not helped, the page without scripts. */
  function recover() {
    if (asking || leaving) return;
    asking = true;
    var request = new XMLHttpRequest();
    request.open("GET", "/healthz?" + Date.now());
    request.timeout = 8000;
    request.onloadend = function () {
      asking = false;
      if (request.status !== 200) return; // the next look asks again
      leaving = true;
      var before = tries();
      note(before);
      var plain = plainAddress();
      if (before.length === 0 || plain === null) location.reload();
      else location.replace(plain);
    };
    request.send();
  }

  function look() {
    var now = Date.now();
    var slept = now - looked > 4 * LOOK_MS;
    looked = now;
    // Hidden, or just woken with a device that slept: nothing could be drawn, and nothing is wrong.
    if (document.visibilityState === "hidden" || slept) {
      begun = now;
      painted = painted && now;
      return;
    }
    var silent = painted ? now - painted > SILENT_MS : now - begun > START_MS;
    if (silent || (broken && !painted)) recover();
  }

  var modern = isModern();
  root.setAttribute("data-build", modern ? "modern" : "legacy");
  // A script of ours that cannot be loaded or read; what fails later shows itself by silence.
  window.addEventListener(
    "error",
    function (event) {
      var source = event.target && event.target.src ? event.target.src : event.filename;
      if (modern && !painted && source && source.indexOf(location.origin) === 0) broken = true;
    },
    true
  );
  if (!modern) {
    var style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = "/legacy.css";
    document.head.appendChild(style);
    load("/legacy.js");
  }
  setInterval(look, LOOK_MS);
})();
