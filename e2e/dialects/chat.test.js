'use strict';

const assert = require('node:assert/strict');
const { story, ANYTHING } = require('./story.js');

story('chat: three people in a room hear each other come, speak and go', async (arrive, room) => {
  const [ann, ben, cem] = [await arrive(), await arrive(), await arrive()];
  const list = ['room_change', [room]];
  assert.deepEqual(await ann.ask('enter_room', { roomName: room, nickName: 'Ann' }), []);
  for (const person of [ann, ben, cem]) await person.hears(list);

  assert.deepEqual(await ben.ask('enter_room', { roomName: room, nickName: 'Ben' }), []);
  await ann.hears(['welcome', 'Ben', 2], list);
  for (const person of [ben, cem]) await person.hears(list);

  assert.deepEqual(await cem.ask('enter_room', { roomName: room, nickName: 'Cem' }), []);
  for (const person of [ann, ben]) await person.hears(['welcome', 'Cem', 3], list);
  await cem.hears(list);

  assert.deepEqual(await ann.ask('new_message', 'hello', room), []);
  for (const person of [ben, cem]) await person.hears(['toMessage', 'hello']);
  await ann.hearsNothing(ben, cem);

  await ben.leaves();
  for (const person of [ann, cem]) await person.hears(['bye', 'Ben', 2], list);
  await ann.leaves();
  await cem.hears(['bye', 'Ann', 1], list);
  await cem.hearsNothing();
});

story('chat: everyone hears which rooms there are, those outside too', async (arrive, room) => {
  const [ann, ben, visitor] = [await arrive(), await arrive(), await arrive()];
  const other = `${room}, next door`;
  await ann.ask('enter_room', { roomName: room, nickName: 'Ann' });
  await ben.ask('enter_room', { roomName: other, nickName: 'Ben' });
  await visitor.hears(['room_change', [room]], ['room_change', [room, other]]);
  await ann.leaves();
  await visitor.hears(['room_change', [other]]);
  await ben.leaves();
  await visitor.hears(['room_change', []]);
});

story('chat: the earlier stages enter with a bare name or a payload', async (arrive, room) => {
  const [ann, ben, cem] = [await arrive(), await arrive(), await arrive()];
  const list = ['room_change', [room]];
  assert.deepEqual(await ann.ask('enter_room', room), []);
  assert.deepEqual(await ben.ask('enter_room', { payload: room }), []);
  await ann.hears(list, ['welcome', 'Anon', 2], list);
  cem.tell('enter_room', room);
  await ann.hears(['welcome', 'Anon', 3], list);
});

story('chat: messages may be anything', async (arrive, room) => {
  const [ann, ben] = [await arrive(), await arrive()];
  await ann.ask('enter_room', room);
  await ben.ask('enter_room', room);
  await ben.hears(['room_change', [room]], ['room_change', [room]]);
  for (const message of ANYTHING) {
    ann.tell('new_message', message, room);
    await ben.hears(['toMessage', message]);
  }
});

story('chat: one who enters again is not counted twice', async (arrive, room) => {
  const [ann, ben] = [await arrive(), await arrive()];
  await ann.ask('enter_room', room);
  assert.deepEqual(await ann.ask('enter_room', room), []);
  await ben.ask('enter_room', { roomName: room, nickName: 'Ben' });
  const list = ['room_change', [room]];
  await ann.hears(list, ['welcome', 'Ben', 2], list);
  assert.deepEqual(await ben.ask('enter_room', { roomName: room, nickName: 'Benno' }), []);
  await ben.leaves();
  await ann.hears(['bye', 'Benno', 1], list);
  await ann.hearsNothing();
});

story('chat: what is refused is acknowledged with an error', async (arrive, room) => {
  const [ann, mallory] = [await arrive(), await arrive()];
  await ann.ask('enter_room', room);
  await ann.hears(['room_change', [room]]);
  await mallory.hears(['room_change', [room]]);
  const refusals = [
    [/not in a room/, 'new_message', 'boo', room],
    [/malformed payload/, 'new_message', 'boo'],
    [/malformed payload/, 'enter_room', 7],
    [/malformed payload/, 'enter_room', null],
    [/invalid room name/, 'enter_room', ''],
    [/invalid nickname/, 'enter_room', { roomName: room, nickName: 'x'.repeat(41) }],
    [/unknown event/, 'make_me_host', room],
  ];
  for (const [words, event, ...args] of refusals) {
    const answer = await mallory.ask(event, ...args);
    assert.equal(answer.length, 1);
    assert.match(answer[0].error, words);
  }
  await ann.hearsNothing();
  await mallory.hearsNothing();
});
