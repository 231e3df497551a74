// What Swagger UI uses and browsers of before 2022 lack (Chromium 86 is on many a domestic desktop): Object.hasOwn
// (Chromium 93), at() of arrays and strings (92). Its syntax is of ES2021, which Chromium 86 reads.
(function () {
  "use strict";
  function at(index) {
    var whole = Math.trunc(index) || 0;
    return this[whole < 0 ? this.length + whole : whole];
  }
  [Array, String].forEach(function (kind) {
    if (!kind.prototype.at) {
      Object.defineProperty(kind.prototype, "at", { value: at, writable: true, configurable: true });
    }
  });
  if (!Object.hasOwn) {
    Object.defineProperty(Object, "hasOwn", {
      value: function (thing, name) {
        return Object.prototype.hasOwnProperty.call(thing, name);
      },
      writable: true,
      configurable: true,
    });
  }
})();
