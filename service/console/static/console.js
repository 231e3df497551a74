// Keys, focus after a swap, drafts that were not sent. Everything works without this file.
(function () {
  "use strict";
  var d = document;
  function typing(at) { return at && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && !/^(checkbox|radio|file)$/.test(at.type); }
  function rows() { return Array.prototype.slice.call(d.querySelectorAll(".list tbody tr")); }
  function current() { return d.querySelector(".list tr.cur"); }
  function go(step) {
    var all = rows(), at = all.indexOf(current()), to = all[Math.max(0, Math.min(all.length - 1, at + step))];
    if (!to) { return; }
    all.forEach(function (row) { row.classList.toggle("cur", row === to); });
    var link = to.querySelector("a.name");
    if (link) { link.focus({ preventScroll: false }); }
    to.scrollIntoView({ block: "nearest" });
    var peek = to.querySelector("a[data-peek]");
    if (peek && d.getElementById("peek")) { peek.click(); }
  }
  // A deed's own key unfolds its form and puts the cursor there; what is done is done by its button alone.
  function unfold(thing) {
    var form = thing.tagName === "DETAILS" ? thing : thing.closest("details");
    if (form) { form.open = true; }
    var first = (form || thing).querySelector("input:not([type=hidden]),textarea,select") || (form || thing).querySelector("form button");
    if (first) { first.scrollIntoView({ block: "center" }); first.focus(); }
  }
  function main(key) {
    var thing = d.querySelector('[data-key="' + key + '"]');
    if (!thing) { return; }
    if (thing.tagName === "A" || thing.tagName === "BUTTON") { thing.focus(); if (thing.href) { thing.click(); } } else { unfold(thing); }
  }
  function file() {
    var field = d.querySelector("input[type=file]:not([disabled])"), fold = field && field.closest("details");
    if (!field) { return; }
    if (fold) { fold.open = true; }
    field.focus(); field.click();
  }
  var places = { d: "/console", m: "/console/monitor", x: "/console/projects", y: "/console/apps" }, waiting = false;
  d.addEventListener("keydown", function (event) {
    if (d.documentElement.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    var key = event.key.toLowerCase();
    if (waiting && places[key]) { location.href = places[key]; }
    waiting = key === "g";
    if (key === "/") { var q = d.getElementById("q"); if (q) { event.preventDefault(); q.focus(); } }
    if (key === "?") { event.preventDefault(); lay("/console/keys", "#keys-body", d.activeElement); }
    var step = d.querySelector('a[data-key="' + (key === "j" || key === "k" ? key : "none") + '"]');
    if (step) { step.click(); return; }
    if (key === "j") { go(1); }
    if (key === "k") { go(-1); }
    if (key === "p" || key === "r") { event.preventDefault(); main(key); }
    if (key === "u") { event.preventDefault(); file(); }
    if (key === " " && current() && event.target.type !== "checkbox") { var box = current().querySelector("input[type=checkbox]"); if (box) { event.preventDefault(); box.click(); } }
  });
  // A link to a form below unfolds it.
  function opened() {
    var at = location.hash.length > 1 && d.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (at && at.closest("details") && at.tagName === "FORM") { unfold(at); }
  }
  window.addEventListener("hashchange", opened);
  opened();
  // What takes its time says so, and what did not come says that.
  var wait = d.getElementById("wait"), slow = 0;
  function say(words) { clearTimeout(slow); if (wait) { wait.textContent = words; wait.hidden = !words; } }
  d.addEventListener("htmx:beforeRequest", function () { clearTimeout(slow); slow = setTimeout(say, 400, "正在取…"); });
  d.addEventListener("htmx:afterRequest", function (event) { say(event.detail.successful || event.detail.xhr && event.detail.xhr.status < 500 && event.detail.xhr.status ? "" : "没有取到，请再试一次。"); });
  d.addEventListener("submit", function (event) { if (event.target.method === "post") { slow = setTimeout(say, 600, "正在办理，请稍候…"); } });
  window.addEventListener("pageshow", function () { say(""); });
  var problem = d.getElementById("problem");
  if (problem) { problem.focus(); }
  // How many rows are picked stands beside what is done with them.
  var picked = d.querySelector("[data-picked]"), before = picked && picked.textContent;
  function pick() {
    var many = d.querySelectorAll("[name=pick]:checked").length;
    if (picked) { picked.textContent = many ? "已选 " + many + " 件" : before; }
  }
  d.addEventListener("change", function (event) {
    if (event.target.matches && event.target.matches("[data-all]")) {
      d.querySelectorAll(".list tbody input[type=checkbox]").forEach(function (box) { box.checked = event.target.checked; });
    }
    pick();
  });
  d.addEventListener("reset", function (event) { delete event.target.dataset.dirty; setTimeout(pick); });
  window.addEventListener("pageshow", pick);
  d.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.method === "post") { form.dataset.dirty = "1"; }
  });
  d.addEventListener("submit", function (event) { delete event.target.dataset.dirty; });
  window.addEventListener("beforeunload", function (event) {
    if (d.querySelector("form[data-dirty]")) { event.preventDefault(); event.returnValue = ""; }
  });
  // An amount as it is copied or said (3,200,000、３２０万、1.2亿元) becomes yuan where one sees it; its size stands below.
  function yuan(text) {
    var plain = text.replace(/[\uff10-\uff19\uff0e]/g, function (each) { return String.fromCharCode(each.charCodeAt(0) - 65248); });
    var told = /^(\d+)(?:\.(\d*))?(万|亿)?元?$/.exec(plain.replace(/[,，\s]/g, ""));
    if (!told) { return null; }
    var move = { "万": 4, "亿": 8 }[told[3]] || 0, part = told[2] || "";
    if (part.length > move + 2) { return null; }
    part = part.padEnd(move, "0");
    var cents = part.slice(move);
    return (told[1] + part.slice(0, move)).replace(/^0+(?=\d)/, "") + (cents ? "." + cents : "");
  }
  function size(field) {
    var label = field.closest("label"), value = yuan(field.value), wan = value === null ? 0 : Number(value) / 10000;
    if (label && wan >= 1) { label.dataset.size = "合 " + wan.toLocaleString("en-US", { maximumFractionDigits: 6 }) + " 万元"; } else if (label) { delete label.dataset.size; }
  }
  d.addEventListener("change", function (event) {
    var value = event.target.dataset && event.target.dataset.yuan !== undefined ? yuan(event.target.value) : null;
    if (value !== null) { event.target.value = value; size(event.target); }
  });
  d.addEventListener("input", function (event) { if (event.target.dataset && event.target.dataset.yuan !== undefined) { size(event.target); } });
  d.querySelectorAll("[data-yuan]").forEach(size);
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
    var look = at.closest("a[data-peek]");
    if (look) { rows().forEach(function (row) { row.classList.toggle("cur", row === look.closest("tr")); }); }
    var keys = at.closest("a[data-keys-help]"), chip = at.closest("a.art") || keys;
    if (!chip || !window.htmx || event.button || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    lay(chip.pathname, keys ? "#keys-body" : "#help-body", chip);
  });
  function lay(address, part, from) {
    if (!help || !window.htmx) { location.href = address; return; }
    window.htmx.ajax("GET", address, { target: "#help-in", select: part, swap: "innerHTML" }).then(function () {
      asked = from; help.hidden = false; help.focus();
    });
  }
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
    var list = d.getElementById(more.dataset.more), last = list.lastElementChild, copy = last.cloneNode(true), index = list.children.length;
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
