// Say which words lie under the pointer; a press goes to them.
const map = document.getElementById("map");
const near = document.getElementById("near");
if (map) {
  let shown = null;
  let asking = null;
  let waiting = 0;
  const spot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  spot.setAttribute("class", "spot");
  spot.setAttribute("r", "11");
  const show = (words) => {
    if (!words.text) return;
    shown = words;
    spot.setAttribute("cx", words.x);
    spot.setAttribute("cy", words.y);
    map.append(spot);
    const figure = document.createElement("figure");
    figure.className = "quote";
    const quote = document.createElement("blockquote");
    quote.dir = "auto";
    quote.lang = words.language;
    quote.textContent = words.text;
    const link = document.createElement("a");
    link.href = words.href;
    link.textContent = words.shown + (words.alone ? ", on their own" : "");
    const caption = document.createElement("figcaption");
    caption.append(link);
    figure.append(quote, caption);
    near.replaceChildren(figure);
  };
  const place = (event) => {
    const box = map.getBoundingClientRect();
    const view = map.viewBox.baseVal;
    return {
      x: ((event.clientX - box.left) / box.width) * view.width,
      y: ((event.clientY - box.top) / box.height) * view.height,
    };
  };
  const ask = async ({ x, y }) => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`/map/near?x=${x.toFixed(1)}&y=${y.toFixed(1)}`, { signal: asking.signal });
      if (answer.ok) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  map.addEventListener("pointermove", (event) => {
    clearTimeout(waiting);
    const where = place(event);
    waiting = setTimeout(() => ask(where), 60);
  });
  map.addEventListener("click", (event) => {
    if (!shown) return;
    const { x, y } = place(event);
    if (Math.hypot(x - shown.x, y - shown.y) > 20) return;
    event.preventDefault();
    window.location.href = shown.href;
  });
}
