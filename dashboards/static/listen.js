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
