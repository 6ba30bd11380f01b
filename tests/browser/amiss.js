// What is cut, beyond the window, or over something else.
() => {
  const found = [], wide = document.documentElement.clientWidth;
  const say = (what, at) =>
    found.push(what + ": " + (at.textContent || at.value || "").trim().slice(0, 80));
  const shown = (at) => at.getClientRects().length && getComputedStyle(at).visibility !== "hidden";
  const scrolls = (at) => {
    for (let up = at; up; up = up.parentElement)
      if (["auto", "scroll"].includes(getComputedStyle(up).overflowX)) return up;
    return null;
  };
  if (document.documentElement.scrollWidth > wide) found.push("the page is wider than the window");
  // What is longer than a box to type in is scrolled there, as everywhere.
  const leaves = [...document.querySelectorAll(".said *, .modal *")].filter(
    (at) => shown(at) && !["OPTION", "BR", "INPUT", "SELECT"].includes(at.tagName));
  for (const at of leaves) {
    const box = at.getBoundingClientRect();
    if ((box.left < -1 || box.right > wide + 1) && !scrolls(at)) say("beyond the window", at);
    const style = getComputedStyle(at), cuts = ["hidden", "clip"].includes(style.overflowX);
    if (cuts && at.scrollWidth > at.clientWidth + 1) say("cut", at);
    if (style.textOverflow === "ellipsis") say("cut with an ellipsis", at);
    if (at.matches("button") && at.scrollWidth > at.clientWidth + 1) say("a label is too wide", at);
  }
  const apart = [".said > *", ".section > *", ".actions > *", ".inside > *", ".input > *", "footer > *",
    ".tick > *"];
  const blocks = [...document.querySelectorAll(apart.join(","))].filter(shown);
  for (const [n, one] of blocks.entries())
    for (const other of blocks.slice(n + 1)) {
      if (one.parentElement !== other.parentElement) continue;
      const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 2 && down > 2) say("lies over another", other);
    }
  return found;
}
