// The yardstick of `cargo xtask bench join`: the shortest plain page that does what Moim does between `Join now` and the
// first picture of the other one. A preview with camera and microphone; a WebSocket to a relay, open before the click; the
// newcomer offers to everyone; candidates trickle. No reconnecting, no chat, no mute, no errors.
const room = new URLSearchParams(location.search).get("room");
const socket = new WebSocket(`ws://${location.host}/relay`);
const connections = new Map();

const camera = navigator.mediaDevices.getUserMedia({
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: {
    width: { ideal: 1280, max: 1280 },
    height: { ideal: 720, max: 720 },
    frameRate: { ideal: 30, max: 30 },
    facingMode: { ideal: "user" },
  },
});
camera.then((stream) => {
  document.querySelector("#preview").srcObject = stream;
});

const send = (message) => socket.send(JSON.stringify(message));

const connect = (peer, stream) => {
  const connection = new RTCPeerConnection();
  connections.set(peer, connection);
  for (const track of stream.getTracks()) connection.addTrack(track, stream);
  const video = Object.assign(document.createElement("video"), { autoplay: true, playsInline: true });
  document.querySelector("main").append(video);
  connection.ontrack = ({ streams }) => {
    if (video.srcObject !== streams[0]) video.srcObject = streams[0];
  };
  connection.onicecandidate = ({ candidate }) => {
    if (candidate) send({ to: peer, candidate });
  };
  return connection;
};

socket.onmessage = async ({ data }) => {
  const message = JSON.parse(data);
  if (message.members) {
    document.body.append("joined");
    const stream = await camera;
    for (const peer of message.members) {
      const connection = connect(peer, stream);
      await connection.setLocalDescription();
      send({ to: peer, offer: connection.localDescription });
    }
  } else if (message.offer) {
    const connection = connect(message.from, await camera);
    await connection.setRemoteDescription(message.offer);
    await connection.setLocalDescription();
    send({ to: message.from, answer: connection.localDescription });
  } else if (message.answer) {
    await connections.get(message.from).setRemoteDescription(message.answer);
  } else if (message.candidate) {
    const connection = connections.get(message.from);
    // Candidates may come while the offer is still being set: the browser queues them after it.
    await connection?.addIceCandidate(message.candidate);
  }
};

document.querySelector("#join").onclick = () => send({ join: room });
