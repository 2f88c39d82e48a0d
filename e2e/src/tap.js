// Listens in on what the page does, from before its first line: connections, channels, sockets, tracks, violations of
// the content security policy. It changes one thing only: where a story says so, cameras give a small picture.
(() => {
  const tap = {
    connections: [],
    channels: [],
    sockets: [], // { url, sent: [text], received: [text] }
    asked: [], // the constraints of each getUserMedia
    tracks: [], // { source: "camera" | "microphone" | "screen" | "screen sound", track, clone: boolean }
    violations: [],
    times: {},
    timelines: {}, // by selector: { begun, frames: [ms], sound: [ms] }
    moments: [], // [ms, what]: the way to a connection, step by step
  };
  const moment = (what) => tap.moments.push([performance.now(), what]);
  Object.defineProperty(window, "tap", { value: tap });

  document.addEventListener("securitypolicyviolation", (event) => {
    tap.violations.push(`${event.effectiveDirective}: ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`);
  });

  const remoteTracks = new WeakSet();
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) {
      super(...options);
      tap.connections.push(this);
      moment("connection made");
      this.addEventListener("connectionstatechange", () => moment(`connection ${this.connectionState}`));
      this.addEventListener("iceconnectionstatechange", () => moment(`ICE ${this.iceConnectionState}`));
      this.addEventListener("track", (event) => remoteTracks.add(event.track));
      this.addEventListener("datachannel", (event) => tap.channels.push(event.channel));
    }

    addTransceiver(...options) {
      const transceiver = super.addTransceiver(...options);
      remoteTracks.add(transceiver.receiver.track);
      return transceiver;
    }

    async setLocalDescription(...options) {
      moment("local description begun");
      await super.setLocalDescription(...options);
      moment("local description set");
    }

    async setRemoteDescription(...options) {
      moment("remote description begun");
      await super.setRemoteDescription(...options);
      moment("remote description set");
    }

    createDataChannel(...options) {
      const channel = super.createDataChannel(...options);
      tap.channels.push(channel);
      return channel;
    }
  };

  window.WebSocket = class extends WebSocket {
    constructor(...options) {
      super(...options);
      const socket = { url: this.url, sent: [], received: [] };
      tap.sockets.push(socket);
      const note = (list, direction, data) => {
        const text = typeof data === "string" ? data : "(binary)";
        list.push(text);
        moment(`${direction} ${text.slice(0, 30)}`);
      };
      this.note = (data) => note(socket.sent, "sent", data);
      this.addEventListener("message", ({ data }) => note(socket.received, "received", data));
    }

    send(data) {
      this.note(data);
      super.send(data);
    }
  };

  // The tracks of a stream, with what they come from.
  const noted = (stream, nameOf) => {
    for (const track of stream.getTracks()) tap.tracks.push({ source: nameOf(track), track, clone: false });
    return stream;
  };
  const clone = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function () {
    const track = clone.call(this);
    const original = tap.tracks.find((noted) => noted.track === this);
    if (original) tap.tracks.push({ source: original.source, track, clone: true });
    return track;
  };
  const devices = navigator.mediaDevices;
  if (devices) {
    const getUserMedia = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const wanted = { ...constraints };
      tap.asked.push(constraints);
      if (tap.picture && wanted.video) {
        const given = wanted.video === true ? {} : wanted.video;
        wanted.video = { ...given, ...tap.picture };
      }
      return noted(await getUserMedia(wanted), (track) => (track.kind === "video" ? "camera" : "microphone"));
    };
    const getDisplayMedia = devices.getDisplayMedia.bind(devices);
    devices.getDisplayMedia = async (constraints) =>
      noted(await getDisplayMedia(constraints), (track) => (track.kind === "video" ? "screen" : "screen sound"));
  }

  // Where a story says so, what this page looks at is not told to anyone.
  const send = RTCDataChannel.prototype.send;
  RTCDataChannel.prototype.send = function (data) {
    if (!(tap.tellsNoLooks && typeof data === "string" && data.includes('"kind":"view"'))) send.call(this, data);
  };

  // For each connection that is not closed: its state, what comes in and what goes out by m-line.
  tap.stats = () =>
    Promise.all(
      tap.connections
        .filter((connection) => connection.connectionState !== "closed")
        .map(async (connection) => {
          const inbound = [];
          const outbound = [];
          for (const report of (await connection.getStats()).values()) {
            if (report.type === "outbound-rtp") {
              outbound.push({
                mid: report.mid ?? "",
                bytes: report.bytesSent + report.headerBytesSent,
                frames: report.framesEncoded ?? 0,
                width: report.frameWidth ?? 0,
                encodeTime: report.totalEncodeTime ?? 0,
              });
            }
            if (report.type !== "inbound-rtp") continue;
            inbound.push({
              mid: report.mid ?? "",
              kind: report.kind,
              packets: report.packetsReceived ?? 0,
              frames: report.framesDecoded ?? 0,
              energy: report.totalAudioEnergy ?? 0,
            });
          }
          return { state: connection.connectionState, inbound, outbound };
        }),
    );

  // How many pictures a video element shows within `span` ms, at most `enough`.
  tap.countFrames = (video, enough, span) =>
    new Promise((done) => {
      let frames = 0;
      const end = () => {
        clearTimeout(timer);
        video.cancelVideoFrameCallback(handle);
        done(frames);
      };
      const timer = setTimeout(end, span);
      const count = () => {
        frames += 1;
        if (frames >= enough) end();
        else handle = video.requestVideoFrameCallback(count);
      };
      let handle = video.requestVideoFrameCallback(count);
    });

  // Notes when each picture of the videos there is shown, of those too that come later in their place, and when sound was
  // found to have arrived, over any connection; in ms since the epoch.
  tap.follow = (selector) => {
    const timeline = (tap.timelines[selector] = { begun: tap.now(), frames: [], sound: [] });
    const followed = new WeakSet();
    const attach = () => {
      for (const video of document.querySelectorAll(selector)) {
        if (followed.has(video)) continue;
        followed.add(video);
        const look = (now) => {
          if (video.matches(selector)) timeline.frames.push(performance.timeOrigin + now);
          video.requestVideoFrameCallback(look);
        };
        video.requestVideoFrameCallback(look);
      }
    };
    attach();
    new MutationObserver(attach).observe(document, { childList: true, subtree: true, attributeFilter: ["aria-label"] });
    let before = 0;
    setInterval(async () => {
      const streams = (await tap.stats()).flatMap(({ inbound }) => inbound).filter(({ kind }) => kind === "audio");
      const packets = streams.reduce((sum, stream) => sum + stream.packets, 0);
      if (packets > before) timeline.sound.push(tap.now());
      before = packets;
    }, 100);
  };
  tap.now = () => performance.timeOrigin + performance.now();
  tap.timeline = (selector) => ({ ...tap.timelines[selector], asked: tap.now() });

  // The figures: when `tap.times.button` was pressed, and when the first picture of a remote camera was shown.
  addEventListener(
    "click",
    (event) => {
      const label = event.target.closest?.("button")?.innerText.trim();
      if (label) tap.times[label] ??= event.timeStamp;
    },
    true,
  );
  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
    ...source,
    set(stream) {
      source.set.call(this, stream);
      if (!(this instanceof HTMLVideoElement && stream)) return;
      this.requestVideoFrameCallback((now) => {
        const remote = stream.getVideoTracks().some((track) => remoteTracks.has(track));
        if (remote && !tap.times.firstRemoteFrame) {
          tap.times.firstRemoteFrame = now;
          moment("first remote picture");
        }
      });
    },
  });
  new MutationObserver((_, observer) => {
    const field = document.querySelector("input:not([type=checkbox]):not(:disabled)");
    if (!field) return;
    tap.times.readyToType = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
})();
