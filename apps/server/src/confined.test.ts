import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The built server in a child process that the system confines: no network but loopback, a disk of 1 MB.
const canConfine = process.platform === 'linux' && tryRun('unshare', ['-rnm', 'true']);
const server = new URL('../dist/index.js', import.meta.url).href;
const focal = new URL('../../../packages/focal/dist/index.js', import.meta.url).href;
const samples = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

/** Runs inside the confined process: serves, asks itself, prints one line of JSON. */
const SCRIPT = `
import { readFile } from 'node:fs/promises';
import { serve } from '${server}';
import { createFocal } from '${focal}';
const defects = [];
const outside = await fetch('http://192.0.2.1/', { signal: AbortSignal.timeout(2000) }).then(() => 'reached', (error) => error.cause?.code ?? error.name);
const serving = await serve({ focal: await createFocal({ threads: 2, home: process.env.HOME_FOLDER }), port: 0, uploadsFolder: process.env.UPLOADS, onDefect: (error) => defects.push(String(error)) });
const photo = await readFile(process.env.PHOTO);
const post = async (body) => {
  const answer = await fetch(serving.url + '/v1/cutout', { method: 'POST', body, headers: { 'content-type': 'image/jpeg' } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, type: answer.headers.get('content-type'), length: bytes.length, problem: answer.ok ? null : JSON.parse(bytes) };
};
const done = await post(photo);
const full = await post(Buffer.alloc(3_000_000, 1));
const after = await post(photo);
const docs = await fetch(serving.url + '/docs');
console.log(JSON.stringify({ outside, done, full, after, docs: docs.status, defects }));
await serving.close();
`;

interface Told {
  readonly outside: string;
  readonly done: { readonly status: number; readonly type: string; readonly length: number };
  readonly full: { readonly status: number; readonly problem: unknown };
  readonly after: { readonly status: number };
  readonly docs: number;
  readonly defects: readonly string[];
}

describe.skipIf(!canConfine)('a server without network and with a disk of 1 MB', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'focal-confined-test-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('edits photos, tells of the full disk, and goes on', async () => {
    const uploads = join(folder, 'uploads');
    const script = join(folder, 'script.mjs');
    await writeFile(script, SCRIPT);
    const commands = [
      'ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || python3 -c "$LOOPBACK_UP"',
      `mkdir -p ${uploads} && mount -t tmpfs -o size=1m tmpfs ${uploads}`,
      `exec node ${script}`,
    ];
    const child = spawn('unshare', ['-rnm', 'sh', '-c', commands.join('\n')], {
      env: {
        ...process.env,
        LOOPBACK_UP,
        UPLOADS: uploads,
        HOME_FOLDER: join(folder, 'home'),
        PHOTO: join(samples, 'sample1.jpg'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const told = JSON.parse(await outputOf(child)) as Told;
    expect(told.defects).toEqual([]);
    expect(told.outside).not.toBe('reached');
    expect(told.done).toMatchObject({ status: 200, type: 'image/png' });
    expect(told.done.length).toBeGreaterThan(10_000);
    expect(told.full).toMatchObject({ status: 507, problem: { code: 'no-space' } });
    expect(told.after.status).toBe(200);
    expect(told.docs).toBe(200);
  }, 120_000);
});

// For systems without ip and ifconfig: SIOCSIFFLAGS on lo with IFF_UP | IFF_RUNNING.
const LOOPBACK_UP = `
import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh14x', b'lo', 0x41))
`;

async function outputOf(child: ChildProcess): Promise<string> {
  let output = '';
  let complaints = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, code === 0 ? '' : complaints]).toEqual([0, '']);
  return output.trim().split('\n').at(-1) ?? '';
}

function tryRun(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
