import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The built server in a process of its own, with an edit that takes half a second.
const SCRIPT = `
import { closeOnSignals, serve } from '${new URL('../dist/index.js', import.meta.url).href}';
const edit = async () => {
  process.send('working');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const bytes = new Uint8Array([1, 2, 3]);
  const told = { provenance: { models: [] }, warnings: [], reports: [], device: 'cpu', timings: {} };
  return { bytes, format: 'png', width: 1, height: 1, ...told };
};
const focal = { edit, close: async () => process.send('closed') };
const serving = await serve({ focal, port: 0, uploadsFolder: process.env.UPLOADS });
closeOnSignals(serving);
process.send(serving.url);
await serving.closed;
process.disconnect();
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-signals-test-'));
  await writeFile(join(folder, 'script.mjs'), SCRIPT);
});
afterAll(() => rm(folder, { recursive: true }));

describe.skipIf(process.platform === 'win32')('a signal', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s lets running work finish, then ends the process well', async (signal) => {
    const child = spawn(process.execPath, [join(folder, 'script.mjs')], {
      env: { ...process.env, UPLOADS: folder },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const told: unknown[] = [];
    child.on('message', (message) => told.push(message));
    const [url] = await once(child, 'message');
    const headers = { 'content-type': 'image/png' };
    const answer = fetch(`${url}/v1/cutout`, { method: 'POST', body: 'picture', headers });
    await once(child, 'message');
    child.kill(signal);
    const [code] = await once(child, 'exit');
    expect((await answer).status).toBe(200);
    expect(code).toBe(0);
    expect(told).toEqual([url, 'working', 'closed']);
    expect(await readdir(folder)).toEqual(['script.mjs']);
  });
});
