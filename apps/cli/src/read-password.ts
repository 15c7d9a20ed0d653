import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { FocalError } from '@focal/core';

/** For scripts: other users of the machine see arguments, but not this. */
const PASSWORD_VARIABLE = 'FOCAL_ALBUM_PASSWORD';

/**
 * A password: from the environment, else asked for without showing it, else the first line of standard input. With
 * `twice`, a person types it again. Throws `invalid-argument` where none comes.
 */
export async function readPassword(question: string, { twice = false } = {}): Promise<string> {
  const given = process.env[PASSWORD_VARIABLE];
  const password = given || (process.stdin.isTTY ? await askFor(question) : await firstLine());
  if (password === '') {
    throw new FocalError('invalid-argument', 'Expected a password, got nothing.', {
      hint: `Type it, send it to standard input, or set ${PASSWORD_VARIABLE}.`,
    });
  }
  if (twice && !given && process.stdin.isTTY && (await askFor('Once more: ')) !== password) {
    throw new FocalError('invalid-argument', 'The two passwords differ.', { hint: 'Try again.' });
  }
  return password;
}

async function askFor(question: string): Promise<string> {
  process.stderr.write(question);
  // What is typed goes nowhere.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const ended = once(lines, 'close').then(() => '');
  try {
    return await Promise.race([lines.question(''), ended]);
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

async function firstLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}
