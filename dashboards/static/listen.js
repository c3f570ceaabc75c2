// Play a recording from the second these words begin, and stop where they end.
for (const player of document.querySelectorAll("audio[data-from]")) {
  const from = Number(player.dataset.from);
  const to = Number(player.dataset.to);
  player.addEventListener("play", () => {
    for (const other of document.querySelectorAll("audio")) if (other !== player) other.pause();
    if (player.currentTime < from || player.currentTime >= to) player.currentTime = from;
  });
  player.addEventListener("timeupdate", () => {
    if (player.currentTime >= to) player.pause();
  });
}
// Put right by ear with the keyboard alone: play or stop the part one is in, and keep what one wrote.
const keys = document.getElementById("keys");
if (keys) {
  keys.hidden = false;
  document.addEventListener("keydown", (event) => {
    const part = document.activeElement?.closest(".part");
    if (!part) return;
    if (event.altKey && event.code === "KeyL") {
      event.preventDefault();
      const player = part.querySelector("audio");
      if (player?.paused) player.play();
      else player?.pause();
    }
    if (event.ctrlKey && event.key === "Enter") {
      event.preventDefault();
      part.querySelector("form").requestSubmit(part.querySelector("button[value=words]"));
    }
  });
}
