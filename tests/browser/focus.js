// Where the focus is, whether it can be seen, and whether anything of it is on the screen and uncovered
// (WCAG 2.4.7 and 2.4.11). `group`: a radio button beside the one that is looked for, which arrows reach.
() => {
  const at = document.activeElement, goal = document.querySelector("[data-story-goal]");
  if (!at || at === document.body) return { name: "", goal: false, group: false, seen: true, clear: true };
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]];
  const clear = points.some(([x, y]) => {
    const hit = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    return hit && (hit === at || at.contains(hit) || (hit.tagName === "LABEL" && hit.contains(at)));
  });
  return {
    name: `${at.tagName} ${(at.innerText || at.name || "").trim().slice(0, 30)}`, goal: at === goal, clear: at.tabIndex < 0 || clear,
    group: !!goal && at.type === "radio" && goal.type === "radio" && at.name === goal.name,
    seen: at.tabIndex < 0 || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}
