// How the conversations are told: each over every way to the server, with a server for each file.
'use strict';

const { after, before, test } = require('node:test');
const moim = require('./moim.js');
const { Person, WAYS } = require('./person.js');

let server;
before(async () => {
  server = await moim.start();
});
after(() => server.stop());

/** Tells one story for each way. `arrive()` connects someone; all are gone when it ends. */
function story(title, tell) {
  for (const [name, way] of Object.entries(WAYS)) {
    test(`${title}, ${name}`, async () => {
      const people = [];
      const arrive = async () => {
        const person = await Person.connect(server.url, way);
        people.push(person);
        return person;
      };
      try {
        await tell(arrive, room());
      } finally {
        people.forEach((person) => person.socket.disconnect());
      }
    });
  }
}

let rooms = 0;

/** A room that nobody has been in. */
function room() {
  rooms += 1;
  return `Room ${rooms}`;
}

/** Every kind of JSON there is, and what is easily broken on the way. */
const ANYTHING = [
  null,
  true,
  false,
  0,
  -1.5,
  1e21,
  '',
  'text with "quotes", \\, \u0000, \u2028, 한글 and 🙂',
  [],
  [1, ['two', { three: [3] }], null],
  {},
  { z: 1, a: { '': null }, _placeholder: true, num: 0 },
];

module.exports = { story, ANYTHING };
