// The server under test, as a process of its own on a free port.
'use strict';

const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');

/** Starts it with these options on top; resolves once it says where it is. */
async function start(...options) {
  const binary = process.env.MOIM;
  if (!binary) {
    throw new Error('MOIM does not say where the server is: run `cargo xtask test dialects`');
  }
  const child = spawn(binary, ['--tutorials', '--bind', '127.0.0.1', ...options], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const log = [];
  const url = await new Promise((resolve, reject) => {
    ended.then((code) => reject(new Error(`the server ended (${code}): ${log.join('\n')}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.push(line);
      const at = /http:\/\/localhost:(\d+)/.exec(line);
      if (at) resolve(`http://127.0.0.1:${at[1]}`);
    });
  });
  return {
    url,
    log,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

module.exports = { start };
