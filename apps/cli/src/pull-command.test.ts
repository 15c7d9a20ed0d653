import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collect, readLines, runFocal, startFocal } from './fixtures/run-focal.ts';

const FILE = 'mobilenet_v2_1.0_224_quant.tflite';
const SIZE = 3610798;

let home: string;
let server: Server;
let from: string;
let requests: string[];
/** What the mirror sends: first so many zeros of the right size, then nothing more. */
let sent: number;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'focal-pull-'));
  requests = [];
  sent = SIZE;
  server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? 'whole'}`);
    response.writeHead(200, { 'content-length': SIZE });
    if (sent === SIZE) response.end(Buffer.alloc(SIZE));
    else response.write(Buffer.alloc(sent));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror/`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(home, { recursive: true, force: true });
});

const env = (): NodeJS.ProcessEnv => ({ FOCAL_HOME: home });
const focalModels = (...args: string[]) => runFocal(['models', ...args], { env: env() });
const folder = (): string => join(home, 'data', 'models');

describe('focal models pull', () => {
  test('shows source, size and licence first, and refuses a file with another hash', async () => {
    const { code, stdout, stderr } = await focalModels('pull', 'mobilenet-v2', '--from', from);
    expect(code).toBe(8);
    expect(stdout.toString()).toBe('');
    expect(requests).toEqual([`/mirror/${FILE} whole`]);
    const [title, ...lines] = stderr.slice(stderr.indexOf('mobilenet-v2:')).split('\n');
    expect(title).toBe('mobilenet-v2: MobileNet v2, ImageNet classes');
    expect(lines[0]).toContain(`${from} (instead of https://`);
    expect(lines[1]).toContain('3.6 MB');
    expect(lines[2]).toContain('Apache-2.0');
    expect(stderr).toContain('expected SHA-256 7aad0c74');
    expect(await readdir(folder())).toEqual([]);
  });

  test('keeps the part when it is interrupted, and says how to go on', async () => {
    sent = 500_000;
    const child = startFocal(['models', 'pull', 'mobilenet-v2', '--from', from], { env: env() });
    const ended = collect(child);
    const part = join(folder(), `${FILE}.part`);
    await expect.poll(() => sizeOf(part), { timeout: 20_000 }).toBe(500_000);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('focal models pull mobilenet-v2 goes on there');
    expect(await readdir(folder())).toEqual([`${FILE}.part`]);
    expect(await sizeOf(part)).toBe(500_000);
    sent = SIZE;
    await focalModels('pull', 'mobilenet-v2', '--from', `${from}again`);
    expect(requests.slice(1)).toContain('/mirror/again bytes=500000-');
  });

  test('prints JSON lines: the model first, then how it ended', async () => {
    const { code, stdout, stderr } = await focalModels('pull', 'mobilenet-v2', 'selfie', '--from', from, '--json');
    expect(code).toBe(1);
    expect(stderr).toBe('');
    expect(readLines(stdout)).toMatchObject([
      { type: 'model', id: 'mobilenet-v2', licence: 'Apache-2.0', bytes: SIZE, source: from, state: 'available' },
      { type: 'pull', ok: false, id: 'mobilenet-v2', error: { code: 'model-invalid' } },
      { type: 'model', id: 'selfie' },
      { type: 'pull', ok: false, id: 'selfie', error: { code: 'invalid-argument' } },
    ]);
  });

  test.each([
    [['pull'], 2, 'missing required argument'],
    [['pull', 'nothing'], 3, 'There is no model nothing.'],
    [['pull', 'selfie'], 2, 'it comes with @mediapipe/selfie_segmentation'],
    [['pull', 'mobilenet-v2', '--from', 'models/'], 2, 'http or https'],
    [['pull', 'mobilenet-v2', '--from', 'http://127.0.0.1:1/x'], 10, 'Could not download'],
    [['rm', 'selfie'], 2, 'it comes with @mediapipe/selfie_segmentation'],
    [['push', 'mobilenet-v2'], 2, 'too many arguments'],
  ])('%j is refused with exit code %i', async (args, code, message) => {
    const ended = await focalModels(...args);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: expect.stringContaining(message) });
  });
});

describe('focal models', () => {
  test('lists what may be downloaded as available, which doctor has nothing against', async () => {
    const listed = (await focalModels()).stdout.toString();
    expect(listed).toMatch(/^mobilenet-v2 .* available \(pull\) /m);
    expect(listed).toContain('focal models pull mobilenet-v2 deeplab-v3');
    const { problems } = JSON.parse((await runFocal(['doctor', '--json'], { env: env() })).stdout.toString()) as {
      problems: { what: string }[];
    };
    expect(problems.filter(({ what }) => what.includes('mobilenet'))).toEqual([]);
  });

  test('rm deletes a downloaded model once', async () => {
    await mkdir(folder(), { recursive: true });
    await writeFile(join(folder(), FILE), 'a model');
    expect((await focalModels('rm', 'mobilenet-v2')).stdout.toString()).toBe('mobilenet-v2 is deleted.\n');
    expect((await focalModels('rm', 'mobilenet-v2')).stdout.toString()).toBe('mobilenet-v2 was not here.\n');
  });
});

async function sizeOf(path: string): Promise<number> {
  const { stat } = await import('node:fs/promises');
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
