// What Chromium's fake devices cannot show, played by stand-ins. A story that uses one of them tests the page's answer to
// what a browser does, not the browser.
const shims = {
  NoMicrophone() {
    const real = { ask: navigator.mediaDevices.getUserMedia, list: navigator.mediaDevices.enumerateDevices };
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      if (constraints.audio) throw new DOMException("Requested device not found", "NotFoundError");
      return real.ask.call(navigator.mediaDevices, constraints);
    };
    navigator.mediaDevices.enumerateDevices = async () =>
      (await real.list.call(navigator.mediaDevices)).filter((device) => device.kind !== "audioinput");
  },

  SilentMicrophone() {
    const ask = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await ask.call(navigator.mediaDevices, constraints);
      if (stream.getAudioTracks().length === 0) return stream;
      for (const track of stream.getAudioTracks()) track.stop();
      const silence = new MediaStreamAudioDestinationNode(new AudioContext());
      return new MediaStream([...silence.stream.getAudioTracks(), ...stream.getVideoTracks()]);
    };
  },

  CameraInUse() {
    const ask = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      if (constraints.video) throw new DOMException("Could not start video source", "NotReadableError");
      return ask.call(navigator.mediaDevices, constraints);
    };
  },

  Talks() {
    const ask = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await ask.call(navigator.mediaDevices, constraints);
      const [microphone] = stream.getAudioTracks();
      if (!microphone) return stream;
      const context = new AudioContext();
      const voice = new OscillatorNode(context, { type: "sawtooth", frequency: 180 });
      const mouth = new MediaStreamAudioDestinationNode(context);
      const loudness = new GainNode(context, { gain: 0.4 });
      voice.connect(loudness).connect(mouth);
      voice.start();
      // Sentences and pauses.
      setInterval(() => {
        loudness.gain.value = loudness.gain.value > 0 ? 0 : 0.4;
      }, 1500);
      return new MediaStream([...mouth.stream.getAudioTracks(), ...stream.getVideoTracks()]);
    };
  },

  Unpluggable() {
    const gone = new Set();
    const real = { ask: navigator.mediaDevices.getUserMedia, list: navigator.mediaDevices.enumerateDevices };
    const wanted = (kind) => (kind === "videoinput" ? "video" : "audio");
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      for (const kind of gone) {
        if (constraints[wanted(kind)]) throw new DOMException("Requested device not found", "NotFoundError");
      }
      return real.ask.call(navigator.mediaDevices, constraints);
    };
    navigator.mediaDevices.enumerateDevices = async () =>
      (await real.list.call(navigator.mediaDevices)).filter((device) => !gone.has(device.kind));
    // Pulls out every "videoinput" or "audioinput". A real track that ends by itself says so; stop() does not.
    tap.unplug = (kind) => {
      gone.add(kind);
      for (const { source, track } of tap.tracks) {
        if (track.readyState !== "live" || source !== (kind === "videoinput" ? "camera" : "microphone")) continue;
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    };
    tap.plugIn = (kind) => {
      gone.delete(kind);
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    };
  },
};
