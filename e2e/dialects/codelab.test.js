'use strict';

const assert = require('node:assert/strict');
const { networkInterfaces } = require('node:os');
const { story, ANYTHING } = require('./story.js');

async function created(person, room) {
  person.tell('create or join', room);
  await person.hears(['created', room, person.id]);
}

async function joined(person, room, first) {
  person.tell('create or join', room);
  await first.hears(['join', room], ['ready']);
  await person.hears(['joined', room, person.id], ['ready']);
}

story('codelab: one creates, one joins, both are ready, a third finds it full', async (arrive, room) => {
  const [ann, ben, cem] = [await arrive(), await arrive(), await arrive()];
  await created(ann, room);
  await joined(ben, room, ann);
  cem.tell('create or join', room);
  await cem.hears(['full', room]);
  for (const person of [ann, ben, cem]) {
    await person.hearsNothing();
    assert.equal(person.console[0][0], 'Message from server:');
    assert(person.console.length >= 2);
    assert(person.console.every((line) => Array.isArray(line) && line.length > 1));
  }
});

story('codelab: messages of any kind and number go to the other one unchanged', async (arrive, room) => {
  const [ann, ben, cem] = [await arrive(), await arrive(), await arrive()];
  await created(ann, room);
  await joined(ben, room, ann);
  await created(cem, `${room}, next door`);
  for (const message of ANYTHING) {
    ann.tell('message', message);
    await ben.hears(['message', message]);
  }
  ben.tell('message', ...ANYTHING);
  await ann.hears(['message', ...ANYTHING]);
  ben.tell('message');
  await ann.hears(['message']);
  assert.deepEqual(await ann.ask('message', 'with an acknowledgement'), []);
  await ben.hears(['message', 'with an acknowledgement']);
  await cem.hearsNothing(ann, ben);
  await ann.hearsNothing();
});

story('codelab: messages arrive in their order', async (arrive, room) => {
  const [ann, ben] = [await arrive(), await arrive()];
  await created(ann, room);
  await joined(ben, room, ann);
  for (let number = 0; number < 100; number += 1) ann.tell('message', number);
  for (let number = 0; number < 100; number += 1) await ben.hears(['message', number]);
});

story('codelab: the addresses of the server, one event for each', async (arrive) => {
  const ann = await arrive();
  const own = Object.values(networkInterfaces())
    .flat()
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => ['ipaddr', address]);
  ann.tell('ipaddr');
  await ann.hears(...own);
  await ann.hearsNothing();
  assert.equal(ann.console.length, 1);
});

story('codelab: one who asks again gets the same answer, and only they', async (arrive, room) => {
  const [ann, ben] = [await arrive(), await arrive()];
  await created(ann, room);
  await created(ann, room);
  await joined(ben, room, ann);
  await created(ann, room);
  ben.tell('create or join', room);
  await ben.hears(['joined', room, ben.id]);
  await ann.hearsNothing(ben);
  await ben.hearsNothing();
});

story('codelab: whoever goes makes room', async (arrive, room) => {
  const [ann, ben, cem] = [await arrive(), await arrive(), await arrive()];
  await created(ann, room);
  await joined(ben, room, ann);
  await ann.leaves();
  ben.tell('message', 'bye');
  await ben.hearsNothing();
  await joined(cem, room, ben);
});

story('codelab: one in no room speaks to nobody', async (arrive, room) => {
  const [ann, mallory] = [await arrive(), await arrive()];
  await created(ann, room);
  assert.deepEqual(await mallory.ask('message', 'hello?'), [{ error: 'not in a room' }]);
  await ann.hearsNothing();
});
