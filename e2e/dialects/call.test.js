'use strict';

const assert = require('node:assert/strict');
const { story, ANYTHING } = require('./story.js');

story('call: two make a call', async (arrive, room) => {
  const [ann, ben] = [await arrive(), await arrive()];
  assert.deepEqual(await ann.ask('join_room', room), []);
  assert.deepEqual(await ben.ask('join_room', room), []);
  await ann.hears(['welcome']);
  const offer = { type: 'offer', sdp: 'v=0\r\n' };
  ann.tell('offer', offer, room);
  await ben.hears(['offer', offer]);
  const answer = { type: 'answer', sdp: 'v=0\r\n' };
  ben.tell('answer', answer, room);
  await ann.hears(['answer', answer]);
  for (const candidate of [{ candidate: 'candidate:1', sdpMid: '0' }, null, ...ANYTHING]) {
    ann.tell('ice', candidate, room);
    await ben.hears(['ice', candidate]);
  }
  ben.tell('ice', null, room);
  await ann.hears(['ice', null]);
  await ann.hearsNothing(ben);
  await ben.hearsNothing();
});

story('call: one alone', async (arrive, room) => {
  const ann = await arrive();
  assert.deepEqual(await ann.ask('join_room', room), []);
  assert.deepEqual(await ann.ask('offer', 'v=0', room), []);
  await ann.hearsNothing();
});

story('call: a third is welcomed by both, and hears and tells both', async (arrive, room) => {
  const [ann, ben, cem] = [await arrive(), await arrive(), await arrive()];
  for (const person of [ann, ben, cem]) await person.ask('join_room', room);
  await ann.hears(['welcome'], ['welcome']);
  await ben.hears(['welcome']);
  ben.tell('offer', 'v=0', room);
  await ann.hears(['offer', 'v=0']);
  await cem.hears(['offer', 'v=0']);
  cem.tell('answer', 'v=0', room);
  await ann.hears(['answer', 'v=0']);
  await ben.hears(['answer', 'v=0']);
});

story('call: one who joins again is not announced again', async (arrive, room) => {
  const [ann, ben] = [await arrive(), await arrive()];
  await ann.ask('join_room', room);
  await ben.ask('join_room', room);
  assert.deepEqual(await ben.ask('join_room', room), []);
  await ann.hears(['welcome']);
  await ann.hearsNothing();
  ben.tell('ice', 1, room);
  await ann.hears(['ice', 1]);
});

story('call: whoever goes in the middle may come back', async (arrive, room) => {
  const [ann, ben] = [await arrive(), await arrive()];
  await ann.ask('join_room', room);
  await ben.ask('join_room', room);
  await ann.hears(['welcome']);
  await ben.leaves();
  ann.tell('offer', 'v=0', room);
  const again = await arrive();
  await again.ask('join_room', room);
  await ann.hears(['welcome']);
  await again.hearsNothing(ann);
});

story('call: nobody speaks into a room from outside', async (arrive, room) => {
  const [ann, mallory] = [await arrive(), await arrive()];
  await ann.ask('join_room', room);
  for (const event of ['offer', 'answer', 'ice']) {
    assert.deepEqual(await mallory.ask(event, 'v=0', room), [{ error: 'not in a room' }]);
    assert.match((await mallory.ask(event, 'v=0'))[0].error, /malformed payload/);
  }
  await ann.hearsNothing();
});
