'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { io } = require('socket.io-client');
const moim = require('./moim.js');
const { Person, WAYS, soon } = require('./person.js');
const { story } = require('./story.js');

story('all dialects use the same name for a room and do not meet', async (arrive, room) => {
  const people = [];
  for (let person = 0; person < 8; person += 1) people.push(await arrive());
  const [classic, codelab, call, ann, classic2, codelab2, call2, ben] = people;
  classic.tell('join', room);
  await classic.hears(['room_created', room]);
  codelab.tell('create or join', room);
  await codelab.hears(['created', room, codelab.id]);
  await call.ask('join_room', room);
  classic2.tell('join', room);
  await classic2.hears(['room_joined', room]);
  codelab2.tell('create or join', room);
  await codelab2.hears(['joined', room, codelab2.id], ['ready']);
  await codelab.hears(['join', room], ['ready']);
  await call2.ask('join_room', room);
  await call.hears(['welcome']);
  // They are known to be no chat pages by now.
  await ann.ask('enter_room', room);
  await ben.ask('enter_room', room);
  const list = ['room_change', [room]];
  await ann.hears(list, ['welcome', 'Anon', 2], list);
  await ben.hears(list, list);

  const refused = [{ error: 'not in a room' }];
  assert.deepEqual(await classic.ask('new_message', 'hello', room), refused);
  assert.deepEqual(await ann.ask('offer', 'v=0', room), refused);
  classic.tell('start_call', room);
  await classic2.hears(['start_call']);
  for (const person of people) await person.hearsNothing(...people);
});

story('one socket may speak several dialects', async (arrive, room) => {
  const ann = await arrive();
  ann.tell('join', room);
  ann.tell('create or join', room);
  await ann.ask('join_room', room);
  await ann.hears(['room_created', room], ['created', room, ann.id]);
  await ann.ask('enter_room', room);
  await ann.hears(['room_change', [room]]);
});

function moimPage(url, options) {
  return io(`${url}/moim`, { forceNew: true, reconnection: false, auth: { protocol: 1 }, ...options });
}

test("Moim's own rooms are not disturbed, even under the same name", async (t) => {
  const server = await moim.start();
  t.after(() => server.stop());
  const socket = moimPage(server.url, { transports: ['websocket'] });
  t.after(() => socket.disconnect());
  const heard = [];
  socket.onAny((...event) => heard.push(event));
  const join = { room: 'Lobby', nickname: 'Ann', secret: 'ab'.repeat(32), epoch: 'cd'.repeat(8) };
  const ask = (event, payload) =>
    soon(event, new Promise((resolve) => socket.emit(event, payload, resolve)));
  const joined = await ask('join_room', join);
  assert.equal(joined.Ok.members.length, 1);
  const person = await Person.connect(server.url);
  t.after(() => person.socket.disconnect());
  for (const event of ['join', 'create or join', 'join_room', 'enter_room']) {
    await person.ask(event, 'Lobby');
  }
  await person.ask('offer', 'v=0', 'Lobby');
  await ask('unwatch_rooms', {});
  assert.deepEqual(heard, []);
});

test("Moim's own namespace stays with WebSockets", async (t) => {
  const server = await moim.start();
  t.after(() => server.stop());
  for (const way of Object.values(WAYS).filter(({ transports }) => transports[0] === 'polling')) {
    const socket = moimPage(server.url, way);
    t.after(() => socket.disconnect());
    const refused = new Promise((resolve) => socket.once('connect_error', resolve));
    const { message } = await soon('the refusal', refused);
    assert.equal(message, 'websocket_only');
  }
});

test('a session over long-polling is one of the connections that an address may have', async (t) => {
  const server = await moim.start('--max-connections-per-address', '2');
  t.after(() => server.stop());
  const way = WAYS['over long-polling alone'];
  const ann = await Person.connect(server.url, way);
  const ben = await Person.connect(server.url, WAYS['over long-polling with upgrade']);
  t.after(() => ben.socket.disconnect());
  await assert.rejects(Person.connect(server.url, way), /too_many_connections/);
  await ann.leaves();
  const coming = async () => {
    for (;;) {
      try {
        return await Person.connect(server.url, way);
      } catch (error) {
        // Her place is free as soon as the server has let go of her.
        assert.match(error.message, /too_many_connections/);
      }
    }
  };
  const cem = await soon('a free place', coming());
  t.after(() => cem.socket.disconnect());
});

for (const [name, way] of Object.entries(WAYS)) {
  test(`one who floods is dropped, ${name}`, async (t) => {
    const server = await moim.start('--event-rate', '1', '--event-burst', '10');
    t.after(() => server.stop());
    const mallory = await Person.connect(server.url, way);
    const dropped = new Promise((resolve) => mallory.socket.once('disconnect', resolve));
    for (let event = 0; event < 100; event += 1) mallory.tell('whatever');
    await soon('the end', dropped);
    await soon('the stop', server.stop());
    assert(server.log.some((line) => /WARN.*dropped/.test(line)), server.log.join('\n'));
  });

  test(`what is too large ends the connection, ${name}`, async (t) => {
    const server = await moim.start();
    t.after(() => server.stop());
    const mallory = await Person.connect(server.url, way);
    const ended = new Promise((resolve) => mallory.socket.once('disconnect', resolve));
    mallory.tell('message', 'x'.repeat(128 * 1024));
    await soon('the end', ended);
  });

  test(`a binary attachment ends the connection, ${name}`, async (t) => {
    const server = await moim.start();
    t.after(() => server.stop());
    const mallory = await Person.connect(server.url, way);
    const ended = new Promise((resolve) => mallory.socket.once('disconnect', resolve));
    mallory.tell('message', Buffer.from([1, 2, 3]));
    await soon('the end', ended);
  });

  test(`the server says goodbye when it stops, ${name}`, async () => {
    const server = await moim.start();
    const ann = await Person.connect(server.url, way);
    const ended = new Promise((resolve) => ann.socket.once('disconnect', resolve));
    await soon('the stop', server.stop());
    await soon('the end', ended);
  });
}
