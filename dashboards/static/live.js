// Keep the page up with what goes on, while something does and while somebody looks. Without this, it loads itself again.
const look = async () => {
  const live = document.getElementById("live");
  if (live.dataset.busy !== "yes") return;
  setTimeout(look, 2000);
  if (document.visibilityState === "hidden" || live.contains(document.activeElement)) return;
  try {
    const answer = await fetch(window.location.pathname, { redirect: "manual", cache: "no-store" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
    const said = document.getElementById("now")?.textContent;
    const now = fresh.querySelector("#now");
    if (now && said === now.textContent) now.removeAttribute("role"); // nothing new to say aloud
    live.replaceWith(fresh);
  } catch {
    // the line is down: look again in a moment
  }
};
setTimeout(look, 2000);
