// What a page is made of, for axe and the eye: one number for each chain of elements from its root, with whatever
// decides how an element is drawn or announced (class, role, kind, state, a name or none). Two pages with the same
// numbers differ in words only. Ids that stand twice are told apart from that, since they depend on what is listed.
() => {
  const marks = ["role", "type", "hidden", "disabled", "open", "required", "readonly", "multiple", "scope", "tabindex",
    "aria-current", "aria-expanded", "aria-pressed", "aria-selected", "aria-sort", "aria-invalid", "aria-hidden"];
  const named = ["A", "BUTTON", "LABEL", "SUMMARY", "TH", "H1", "H2", "H3", "H4", "LEGEND", "CAPTION", "OPTION", "TITLE"];
  const told = ["aria-label", "aria-labelledby", "aria-describedby", "title", "alt", "for", "name", "id", "href", "lang"];
  const met = new Set(), ids = new Map();
  const sum = (text, seed) => {
    let one = 0xdeadbeef ^ seed, two = 0x41c6ce57 ^ seed;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 2654435761); two = Math.imul(two ^ code, 1597334677);
    }
    one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
    return one >>> 0;
  };
  const walk = (at, above) => {
    const said = [at.tagName, ...[...at.classList].sort()];
    for (const mark of marks) if (at.hasAttribute(mark)) said.push(`${mark}=${at.getAttribute(mark)}`);
    for (const mark of told) if (at.hasAttribute(mark)) said.push(at.getAttribute(mark).trim() ? mark : `${mark}!`);
    if (named.includes(at.tagName.toUpperCase()) && !at.textContent.trim()) said.push("!");
    if (at.id) ids.set(at.id, (ids.get(at.id) || 0) + 1);
    const here = sum(said.join(" "), above);
    met.add(here);
    for (const each of at.children) walk(each, here);
  };
  walk(document.documentElement, 0);
  return [[...met], [...ids].filter(([, times]) => times > 1).map(([id]) => id)];
}
