// Record in pieces of two seconds. Each is kept on this device until the server says that it is safe there.
const SLICE = 2000;
const box = document.getElementById("recorder");

// What is not acknowledged yet: in the browser's own store, or in memory where there is none.
const shelf = {
  base: null,
  memory: new Map(),
  open: () =>
    new Promise((done) => {
      try {
        const asked = indexedDB.open("listening", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("pieces", { keyPath: ["recording", "take", "offset"] });
        asked.onsuccess = () => done((shelf.base = asked.result));
        asked.onerror = () => done(null);
      } catch {
        done(null);
      }
    }),
  run: (mode, what) =>
    new Promise((done, failed) => {
      const act = shelf.base.transaction("pieces", mode, { durability: "strict" });
      const asked = what(act.objectStore("pieces"));
      act.oncomplete = () => done(asked.result);
      act.onerror = act.onabort = () => failed(act.error);
    }),
  async put(piece) {
    try {
      if (shelf.base) await shelf.run("readwrite", (pieces) => pieces.put(piece));
    } catch {
      shelf.base = null; // no room on this device: what is in memory is still sent
    }
  },
  async drop(piece) {
    if (!shelf.base) return;
    await shelf.run("readwrite", (pieces) => pieces.delete([piece.recording, piece.take, piece.offset])).catch(() => {});
  },
  async all() {
    return shelf.base ? shelf.run("readonly", (pieces) => pieces.getAll()).catch(() => []) : [];
  },
};

// Pieces of recordings that were finished or thrown away elsewhere are let go.
async function tidy(pieces) {
  const others = new Set(pieces.map((one) => one.recording).filter((one) => one !== box?.dataset.id));
  for (const other of others) {
    try {
      const answer = await sending.once("GET", `/arriving/${other}`);
      if (answer.status === 404 || answer.finished) {
        for (const one of pieces) if (one.recording === other) await shelf.drop(one);
      }
    } catch {
      return; // later
    }
  }
}

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:${two(Math.floor(seconds / 60) % 60)}` : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

async function recordHere() {
  const at = (name) => document.getElementById(name);
  const id = box.dataset.id;
  const queue = [];
  const takes = new Map(); // take -> how long it lasts
  let safe = 0;
  let recorder = null;
  let stream = null;
  let since = 0;
  let spoken = 0; // of this take, before the last pause
  let pumping = null;
  let keeping = Promise.resolve();
  let lock = null;
  let leaving = false;

  const say = (text) => {
    if (at("state").textContent !== text) at("state").textContent = text;
  };
  const running = () => recorder?.state === "recording";
  const now = () => spoken + (running() ? performance.now() - since : 0);
  const earlier = () => [...takes.values()].reduce((sum, ms) => sum + ms, 0);
  const show = () => {
    at("time").textContent = clock(recorder ? earlier() - (takes.get(recorder.take) ?? 0) + now() : earlier());
    at("safe").textContent = queue.length
      ? `${clock(safe)} is safe. The rest is on this device, and on its way.`
      : safe ? `All of it is safe, up to ${clock(safe)}.` : "";
    at("finish").hidden = earlier() === 0;
  };
  const tell = () => {
    at("record").hidden = running();
    at("pause").hidden = !running();
    at("record").textContent = earlier() || recorder ? "Go on" : "Record";
    box.classList.toggle("on", running());
    show();
  };
  const count = () => {
    safe = Math.max(0, earlier() - queue.reduce((sum, one) => sum + one.lasts, 0));
    show();
  };

  sending.trouble = (why) =>
    say(why || "The line is down. Go on: what is said is kept on this device, and sent when the line is back.");
  sending.well = () => {
    if (running()) say("Recording.");
    else if (recorder?.state === "paused") say("Paused.");
    else say("");
  };

  // Send what waits, in order; a piece is let go when the server says it is safe.
  const pump = () => {
    pumping ??= (async () => {
      while (queue.length) {
        const piece = queue[0];
        const query = `take=${piece.take}&offset=${piece.offset}&ms=${piece.ms}`;
        const answer = await sending.ask("PATCH", `/arriving/${id}?${query}`, piece.bytes);
        if (answer.status !== 200) {
          say(answer.problem ?? "This recording is not here any more.");
          if (running()) stop();
          return;
        }
        const over = answer.length - piece.offset;
        if (over > 0 && over < piece.bytes.byteLength) {
          queue[0] = { ...piece, offset: answer.length, bytes: piece.bytes.slice(over) };
          continue;
        }
        if (over <= 0 && answer.length !== piece.offset) {
          say("A part is missing on the server. Finish this recording, and begin a new one.");
          return;
        }
        if (over <= 0) continue;
        await shelf.drop(piece);
        queue.shift();
        count();
      }
    })().finally(() => {
      pumping = null;
    });
    return pumping;
  };

  const keep = async (blob, ms, of) => {
    const bytes = await blob.arrayBuffer();
    const piece = { recording: id, take: of.take, offset: of.length, ms, lasts: ms - of.ms, bytes };
    of.length += bytes.byteLength;
    of.ms = ms;
    await shelf.put(piece);
    takes.set(of.take, ms);
    queue.push(piece);
    count();
    pump();
  };

  const meter = () => {
    const context = new AudioContext();
    const ear = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(ear);
    const samples = new Float32Array(ear.fftSize);
    let heard = performance.now();
    const timer = setInterval(() => {
      if (!stream?.active) {
        clearInterval(timer);
        context.close();
        return;
      }
      ear.getFloatTimeDomainData(samples);
      const loud = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
      at("level").value = Math.min(1, 4 * loud);
      if (loud > 0.003 || !running()) heard = performance.now();
      at("quiet").hidden = performance.now() - heard < 8000;
      show();
    }, 150);
  };

  const awake = async () => {
    try {
      if (running() && document.visibilityState === "visible") lock = await navigator.wakeLock?.request("screen");
    } catch {
      lock = null; // it may go dark: recording goes on where the browser lets it
    }
  };

  const begin = async () => {
    at("record").disabled = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: true },
      });
    } catch (error) {
      say(
        error.name === "NotAllowedError"
          ? "This page may not use the microphone. Allow it in the settings of your browser, then press again."
          : "No microphone was found. Connect one and press again, or hand in a file below.",
      );
      at("otherwise").hidden = false;
      return;
    } finally {
      at("record").disabled = false;
    }
    const type = ["audio/webm;codecs=opus", "audio/mp4"].find((one) => MediaRecorder.isTypeSupported(one));
    const random = Array.from(crypto.getRandomValues(new Uint8Array(4)), (one) => (one % 36).toString(36)).join("");
    const of = { take: Date.now().toString(36).padStart(9, "0") + random, length: 0, ms: 0 };
    recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 64000 });
    recorder.take = of.take;
    spoken = 0;
    recorder.addEventListener("dataavailable", (event) => {
      const ms = Math.round(now());
      if (event.data.size) keeping = keeping.then(() => keep(event.data, ms, of));
    });
    recorder.addEventListener("error", stop);
    stream.getAudioTracks()[0].addEventListener("ended", () => {
      stop();
      say("The microphone was taken away. What was said before is kept. Press “Go on” when it is back.");
    });
    recorder.start(SLICE);
    since = performance.now();
    say("Recording.");
    meter();
    awake();
    tell();
  };

  const pause = () => {
    recorder.requestData();
    spoken = now();
    recorder.pause();
    lock?.release();
    say("Paused.");
    tell();
  };

  const goOn = () => {
    if (recorder?.state !== "paused") return begin();
    recorder.resume();
    since = performance.now();
    say("Recording.");
    awake();
    return tell();
  };

  async function stop() {
    if (recorder && recorder.state !== "inactive") {
      spoken = now();
      since = performance.now();
      const over = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));
      recorder.stop();
      await over;
    }
    for (const track of stream?.getTracks() ?? []) track.stop();
    await keeping;
    recorder = null;
    lock?.release();
    tell();
  }

  at("finish").addEventListener("submit", async (event) => {
    event.preventDefault();
    at("finish").querySelector("button").disabled = true;
    at("record").disabled = true;
    await stop();
    say("Sending the last of it.");
    await pump();
    if (queue.length) return;
    leaving = true;
    at("finish").submit();
  });
  at("record").addEventListener("click", goOn);
  at("pause").addEventListener("click", pause);
  document.addEventListener("visibilitychange", () => {
    if (running() && document.visibilityState === "hidden") recorder.requestData();
    awake();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (running() || queue.length)) event.preventDefault();
  });

  for (const one of JSON.parse(box.dataset.takes)) takes.set(one.name, one.ms);
  queue.push(...(await shelf.all()).filter((one) => one.recording === id));
  for (const one of queue) takes.set(one.take, Math.max(one.ms, takes.get(one.take) ?? 0));
  box.hidden = false;
  at("otherwise").hidden = true;
  count();
  tell();
  await pump();
}

(async () => {
  await shelf.open();
  if (box && navigator.mediaDevices?.getUserMedia && window.MediaRecorder) await recordHere();
  else if (box && !window.isSecureContext) document.getElementById("insecure").hidden = false;
  await tidy(await shelf.all());
})();
