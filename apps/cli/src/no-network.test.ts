import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { expect, test, vi } from 'vitest';
import { collect, launcher, samplePhoto } from './fixtures/run-focal.ts';

// The whole product with no network at all: in a network namespace that has nothing but its own loopback.

vi.setConfig({ testTimeout: 240_000 });

const [launcherPath, photo] = [launcher, samplePhoto(1)].map((path) => JSON.stringify(path));

/** Runs inside the namespace and prints what it found as JSON. */
const SCRIPT = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
const start = (...args) =>
  spawn(process.execPath, [${launcherPath}, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
const outside = await fetch('http://192.0.2.1/', { signal: AbortSignal.timeout(3000) }).then(() => 'reached', () => 'none');
const [cutout] = await once(start('cutout', ${photo}, '-o', process.argv[1]), 'close');
const server = start('serve', '--port', '0', '--json');
const [line] = await once(server.stdout, 'data');
const { url } = JSON.parse(line);
const answer = await fetch(new URL('/v1/cutout', url), {
  method: 'POST',
  headers: { 'content-type': 'image/jpeg' },
  body: await readFile(${photo}),
});
const body = new Uint8Array(await answer.arrayBuffer());
const docs = await fetch(new URL('/openapi.json', url));
server.kill('SIGINT');
const [served] = await once(server, 'close');
console.log(JSON.stringify({
  outside, cutout, status: answer.status, type: answer.headers.get('content-type'),
  png: body[1] === 0x50, bytes: body.length, docs: docs.status, served,
}));
`;

test('cutting out by command and by API works with the network denied', async (context) => {
  const denied = denyNetwork();
  if (denied === undefined) {
    return context.skip('this system does not let us make a network namespace (Linux with unshare and ip is needed)');
  }
  const folder = await mkdtemp(join(tmpdir(), 'focal-offline-'));
  try {
    const [program, ...args] = [...denied, process.execPath, '--input-type=module', '-e', SCRIPT];
    const home = join(folder, 'home');
    await mkdir(home);
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: home };
    for (const name of Object.keys(env)) if (name.startsWith('XDG_') || name.startsWith('FOCAL_')) delete env[name];
    const child = spawn(program, [...args, join(folder, 'cut.png')], { stdio: ['ignore', 'pipe', 'pipe'], env });
    const { code, stdout, stderr } = await collect(child);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const found = JSON.parse(stdout.toString()) as { bytes: number };
    expect(found).toEqual({
      outside: 'none',
      cutout: 0,
      status: 200,
      type: 'image/png',
      png: true,
      bytes: expect.any(Number),
      docs: 200,
      served: 0,
    });
    expect(found.bytes).toBeGreaterThan(10_000);
    // Libraries that report what is done with them keep it for later where they reach nobody.
    expect(await listFolders(home)).toEqual(['.cache', '.cache/focal']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The folders two levels deep, in order. */
async function listFolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((path) => path.split(sep).length <= 2).sort();
}

/** What to put before a program so that it has loopback and nothing else; undefined where the system refuses. */
function denyNetwork(): readonly string[] | undefined {
  const inside = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  const ways = [
    ['unshare', '-n', ...inside],
    ['unshare', '-rn', ...inside],
  ];
  return ways.find(([program = '', ...args]) => {
    try {
      execFileSync(program, [...args, 'true'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
