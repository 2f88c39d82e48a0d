'use strict';

const assert = require('node:assert/strict');
const { story, ANYTHING } = require('./story.js');

story('classic: two make a call and a third finds the room full', async (arrive, room) => {
  const [ann, ben, cem] = [await arrive(), await arrive(), await arrive()];
  ann.tell('join', room);
  await ann.hears(['room_created', room]);
  ben.tell('join', room);
  await ben.hears(['room_joined', room]);
  cem.tell('join', room);
  await cem.hears(['full_room', room]);

  ben.tell('start_call', room);
  await ann.hears(['start_call']);
  const offer = { type: 'offer', sdp: 'v=0\r\n' };
  ann.tell('webrtc_offer', { type: 'webrtc_offer', sdp: offer, roomId: room });
  await ben.hears(['webrtc_offer', offer]);
  ben.tell('webrtc_answer', { type: 'webrtc_answer', sdp: 'v=0', roomId: room });
  await ann.hears(['webrtc_answer', 'v=0']);
  const candidate = { roomId: room, label: 0, candidate: 'candidate:1', extra: ANYTHING };
  ann.tell('webrtc_ice_candidate', candidate);
  await ben.hears(['webrtc_ice_candidate', candidate]);

  await ann.hearsNothing(ben, cem);
  await ben.hearsNothing();
  await cem.hearsNothing();
});

story('classic: one alone', async (arrive, room) => {
  const ann = await arrive();
  ann.tell('join', room);
  await ann.hears(['room_created', room]);
  ann.tell('start_call', room);
  ann.tell('join', room);
  await ann.hears(['room_created', room]);
  await ann.hearsNothing();
});

story('classic: one who joins again is not counted twice', async (arrive, room) => {
  const [ann, ben] = [await arrive(), await arrive()];
  ann.tell('join', room);
  ann.tell('join', room);
  await ann.hears(['room_created', room], ['room_created', room]);
  ben.tell('join', room);
  ben.tell('join', room);
  await ben.hears(['room_joined', room], ['room_joined', room]);
  await ann.hearsNothing(ben);
});

story('classic: whoever goes in the middle of a call makes room', async (arrive, room) => {
  const [ann, ben, cem] = [await arrive(), await arrive(), await arrive()];
  ann.tell('join', room);
  await ann.hears(['room_created', room]);
  ben.tell('join', room);
  await ben.hears(['room_joined', room]);
  await ann.leaves();
  // What she was about to be told goes nowhere, and does no harm.
  ben.tell('webrtc_offer', { sdp: 'v=0', roomId: room });
  await ben.hearsNothing();
  cem.tell('join', room);
  await cem.hears(['room_joined', room]);
  cem.tell('start_call', room);
  await ben.hears(['start_call']);
  await ben.leaves();
  await cem.leaves();
  const dan = await arrive();
  dan.tell('join', room);
  await dan.hears(['room_created', room]);
});

story('classic: nobody speaks into a room from outside', async (arrive, room) => {
  const [ann, mallory] = [await arrive(), await arrive()];
  ann.tell('join', room);
  await ann.hears(['room_created', room]);
  const refused = [{ error: 'not in a room' }];
  assert.deepEqual(await mallory.ask('start_call', room), refused);
  assert.deepEqual(await mallory.ask('webrtc_offer', { sdp: 1, roomId: room }), refused);
  assert.deepEqual(await mallory.ask('webrtc_answer', { sdp: 1, roomId: room }), refused);
  assert.deepEqual(await mallory.ask('webrtc_ice_candidate', { roomId: room }), refused);
  await ann.hearsNothing();
});

story('classic: what makes no sense is refused', async (arrive) => {
  const mallory = await arrive();
  for (const event of ['join', 'start_call', 'webrtc_offer', 'webrtc_answer', 'webrtc_ice_candidate']) {
    for (const args of [[], ...ANYTHING.filter((value) => typeof value !== 'string').map((value) => [value])]) {
      const [{ error }] = await mallory.ask(event, ...args);
      assert.match(error, /^malformed payload/);
    }
  }
  const [{ error }] = await mallory.ask('join', 'x'.repeat(65));
  assert.match(error, /^invalid room name/);
  await mallory.hearsNothing();
});
