// Keys, focus after a swap, drafts that were not sent. Everything works without this file.
(function () {
  "use strict";
  var d = document;
  function typing(at) { return at && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName); }
  function rows() { return Array.prototype.slice.call(d.querySelectorAll(".list tbody tr")); }
  function current() { return d.querySelector(".list tr.cur"); }
  function go(step) {
    var all = rows(), at = all.indexOf(current()), to = all[Math.max(0, Math.min(all.length - 1, at + step))];
    if (!to) { return; }
    all.forEach(function (row) { row.classList.toggle("cur", row === to); });
    var link = to.querySelector("a.name");
    if (link) { link.focus({ preventScroll: false }); }
    var peek = to.querySelector("a[data-peek]");
    if (peek && d.getElementById("peek")) { peek.click(); }
  }
  var places = { d: "/console", m: "/console/monitor", x: "/console/projects", y: "/console/apps" }, waiting = false;
  d.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    var key = event.key.toLowerCase();
    if (waiting && places[key]) { location.href = places[key]; }
    waiting = key === "g";
    if (key === "/") { var q = d.getElementById("q"); if (q) { event.preventDefault(); q.focus(); } }
    var step = d.querySelector('a[data-key="' + (key === "j" || key === "k" ? key : "none") + '"]');
    if (step) { step.click(); return; }
    if (key === "j") { go(1); }
    if (key === "k") { go(-1); }
    if (key === " " && current()) { var box = current().querySelector("input[type=checkbox]"); if (box) { event.preventDefault(); box.click(); } }
  });
  var problem = d.getElementById("problem");
  if (problem) { problem.focus(); }
  d.addEventListener("change", function (event) {
    if (event.target.matches && event.target.matches("[data-all]")) {
      d.querySelectorAll(".list tbody input[type=checkbox]").forEach(function (box) { box.checked = event.target.checked; });
    }
  });
  d.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.method === "post") { form.dataset.dirty = "1"; }
  });
  d.addEventListener("submit", function (event) { delete event.target.dataset.dirty; });
  window.addEventListener("beforeunload", function (event) {
    if (d.querySelector("form[data-dirty]")) { event.preventDefault(); event.returnValue = ""; }
  });
  var counter = d.querySelector("[data-count]"), tag = "";
  function count() {
    if (!counter || d.hidden || !window.fetch) { return; }
    fetch(counter.dataset.count, { headers: tag ? { "If-None-Match": tag } : {} }).then(function (answer) {
      if (answer.status !== 200) { return; }
      tag = answer.headers.get("etag") || "";
      answer.text().then(function (text) { counter.textContent = text; counter.hidden = !text; });
    }, function () { });
  }
  if (counter) { count(); setInterval(count, 45000); d.addEventListener("visibilitychange", count); }
  d.addEventListener("htmx:xhr:progress", function (event) {
    var bar = event.target.querySelector ? event.target.querySelector("progress") : null;
    if (bar && event.detail.total) { bar.hidden = false; bar.value = Math.round(100 * event.detail.loaded / event.detail.total); }
  });
  var help = d.getElementById("help"), asked = null;
  function shut() { help.hidden = true; if (asked) { asked.focus(); asked = null; } }
  d.addEventListener("keydown", function (event) { if (event.key === "Escape" && help && !help.hidden) { shut(); } });
  d.addEventListener("click", function (event) {
    var at = event.target.closest ? event.target : null;
    if (!help || !at) { return; }
    if (at.closest("[data-close-help]")) { shut(); return; }
    var chip = at.closest("a.art");
    if (!chip || !window.htmx || event.button || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    window.htmx.ajax("GET", chip.pathname, { target: "#help-in", select: "#help-body", swap: "innerHTML" }).then(function () {
      asked = chip; help.hidden = false; help.focus();
    });
  });
  // The digest of a document that stays where it is: computed here, typed for the reader, the file is not sent.
  if (window.crypto && crypto.subtle && window.Blob && Blob.prototype.arrayBuffer) {
    d.querySelectorAll(".from-file").forEach(function (label) { label.hidden = false; });
    d.addEventListener("change", function (event) {
      var field = event.target.dataset && d.getElementById(event.target.dataset.digest || ""), file = field && event.target.files[0];
      if (!file) { return; }
      file.arrayBuffer().then(function (bytes) { return crypto.subtle.digest("SHA-256", bytes); }).then(function (made) {
        field.value = Array.prototype.map.call(new Uint8Array(made), function (each) { return ("0" + each.toString(16)).slice(-2); }).join("");
        field.focus();
      });
    });
  }
  d.addEventListener("click", function (event) {
    var more = event.target.closest ? event.target.closest("[data-more]") : null;
    if (!more) { return; }
    event.preventDefault();
    var list = d.getElementById(more.dataset.more), last = list.lastElementChild, copy = last.cloneNode(true);
    var index = list.children.length;
    copy.querySelectorAll("[name]").forEach(function (field) {
      field.name = field.name.replace(/\/(\d+)(?=\/|:|$)(?!.*\/\d+(?=\/|:|$))/, "/" + index);
      field.id = field.id + "-" + index;
      if (/^(INPUT|TEXTAREA)$/.test(field.tagName)) { field.value = ""; }
    });
    list.appendChild(copy);
    var first = copy.querySelector("input,textarea,select");
    if (first) { first.focus(); }
  });
})();
