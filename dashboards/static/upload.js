// Send files in pieces: what has arrived stays there, so a lost line costs nothing. Without this, the form works all the same.
const form = document.getElementById("upload");
const PIECE = 1048576;
form?.addEventListener("submit", async (event) => {
  const files = [...document.getElementById("files").files];
  if (!files.length) return;
  event.preventDefault();
  const going = document.getElementById("going");
  const far = document.getElementById("far");
  const said = document.getElementById("said");
  const total = files.reduce((sum, file) => sum + file.size, 0) || 1;
  let before = 0;
  let shown = "";
  const say = (text) => {
    if (text !== shown) said.textContent = shown = text;
  };
  going.hidden = false;
  form.querySelector("button").disabled = true;
  const leave = (event) => event.preventDefault();
  window.addEventListener("beforeunload", leave);
  sending.trouble = (why) =>
    say(why || "The line is down. What is sent stays; the rest goes on by itself when the line is back.");
  const step = (file, number, length) => {
    const share = Math.min(100, Math.round((100 * (before + length)) / total));
    far.value = share;
    say(`File ${number + 1} of ${files.length}. ${share} per cent is safely here.`);
  };
  const send = async (file, number) => {
    const about = JSON.stringify({ name: file.name, size: file.size, modified: file.lastModified });
    const begun = await sending.ask("POST", "/arriving", about);
    if (!begun.id) return null;
    let { length, finished } = begun;
    while (!finished && length < file.size) {
      step(file, number, length);
      const piece = await file.slice(length, length + PIECE).arrayBuffer();
      const answer = await sending.ask("PATCH", `/arriving/${begun.id}?offset=${length}`, piece);
      if (answer.status !== 200) break;
      ({ length, finished } = answer);
    }
    step(file, number, file.size);
    if (!finished) await sending.ask("POST", `/arriving/${begun.id}/finish?named=${form.named.value}`);
    return begun.id;
  };
  const sent = [];
  for (const [number, file] of files.entries()) {
    try {
      sent.push(await send(file, number));
    } catch {
      say(`${file.name} cannot be read on this device. The other files go on.`);
    }
    before += file.size;
  }
  window.removeEventListener("beforeunload", leave);
  window.location.href = `/brought?${sent.filter(Boolean).map((one) => `one=${one}`).join("&")}`;
});
