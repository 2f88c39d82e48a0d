// Someone at a page that was written after a tutorial: one socket of the official client, and what it hears.
'use strict';

const assert = require('node:assert/strict');
const { io } = require('socket.io-client');

/** How long anything may take; longer than it ever takes. */
const DEADLINE = 20_000;

/** How a page reaches its server. The second is what pages do that say nothing about it. */
const WAYS = {
  'over WebSocket': { transports: ['websocket'] },
  'over long-polling with upgrade': { transports: ['polling', 'websocket'] },
  'over long-polling alone': { transports: ['polling'] },
};

async function soon(what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${DEADLINE} ms`)), DEADLINE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

class Person {
  #heard = [];
  #waiting = null;

  /** What the codelab's `log` event has said. */
  console = [];

  constructor(socket) {
    this.socket = socket;
    socket.onAny((event, ...args) => {
      if (event === 'log') {
        this.console.push(...args);
      } else {
        this.#heard.push([event, ...args]);
        this.#waiting?.();
      }
    });
  }

  static async connect(url, way = WAYS['over WebSocket']) {
    const socket = io(url, { ...way, forceNew: true, reconnection: false });
    const person = new Person(socket);
    const upgraded =
      way.transports.length > 1
        ? new Promise((resolve) => socket.io.engine.once('upgrade', resolve))
        : Promise.resolve();
    await soon('the connection', new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    }));
    await soon('the upgrade', upgraded);
    return person;
  }

  get id() {
    return this.socket.id;
  }

  tell(event, ...args) {
    this.socket.emit(event, ...args);
  }

  /** Tells, and resolves to the arguments of the acknowledgement. */
  ask(event, ...args) {
    const answer = new Promise((resolve) => this.socket.emit(event, ...args, (...answer) => resolve(answer)));
    return soon(`the answer to ${event}`, answer);
  }

  /** Asserts that these events come next, in this order: each an array of name and arguments. */
  async hears(...expected) {
    for (const event of expected) {
      assert.deepEqual(await this.#next(event), event);
    }
  }

  /** Asserts that nothing has come, once all that the others have said so far is dealt with. */
  async hearsNothing(...others) {
    // An answered question proves that nothing is on its way.
    for (const person of [...others, this]) {
      await person.ask('are you there?');
    }
    assert.deepEqual(this.#heard, []);
  }

  async leaves() {
    const gone = new Promise((resolve) => this.socket.once('disconnect', resolve));
    this.socket.disconnect();
    await soon('the disconnection', gone);
  }

  async #next(expected) {
    if (this.#heard.length === 0) {
      const coming = new Promise((resolve) => {
        this.#waiting = resolve;
      });
      await soon(JSON.stringify(expected), coming);
    }
    return this.#heard.shift();
  }
}

module.exports = { Person, WAYS, soon };
