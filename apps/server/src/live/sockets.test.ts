import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFocal } from 'focal';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type Serving, serve } from '../serve.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const PAGE =
  '<!doctype html><title>Somebody else’s</title><script>new WebSocket("ws://" + location.host + "/ws")</script>';
const MODELS_MS = 60_000;

interface Client {
  readonly socket: WebSocket;
  /** The next message: text as JSON, or bytes. */
  next(): Promise<Record<string, unknown> | Buffer>;
  send(message: object | Uint8Array): void;
}

describe('live sessions over WebSocket', () => {
  let folder = '';
  let serving: Serving;
  const clients: WebSocket[] = [];
  /** Three people at a table, as frames of a camera that pans. */
  let frames: readonly Uint8Array[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'focal-live-'));
    const focal = await createFocal({ home: join(folder, 'home'), device: 'cpu', withoutModels: ['isnet-medium'] });
    const started = await serve({
      focal,
      port: 0,
      page: PAGE,
      uploadsFolder: folder,
      limits: { liveSessions: 1, maxUploadBytes: 400_000 },
      origins: ['https://example.org'],
    });
    if (started.state !== 'listening') throw new Error('Another server was taken for ours.');
    serving = started;
    const photo = await sharp(join(PHOTOS, 'sample1.jpg')).resize(560).toBuffer();
    frames = await Promise.all(
      [0, 6, 12, 18, 24].map((left) =>
        sharp(photo).extract({ left, top: 0, width: 480, height: 360 }).jpeg().toBuffer(),
      ),
    );
  }, MODELS_MS);
  afterAll(async () => {
    for (const socket of clients) socket.terminate();
    await serving?.close(0);
    await rm(folder, { recursive: true, force: true });
  });

  async function connect(path: string, headers: Record<string, string> = {}): Promise<Client> {
    const socket = new WebSocket(`ws://127.0.0.1:${serving.port}${path}`, { headers });
    clients.push(socket);
    const waiting: (Record<string, unknown> | Buffer)[] = [];
    const takers: ((message: Record<string, unknown> | Buffer) => void)[] = [];
    socket.on('message', (data: Buffer, isBinary) => {
      const message = isBinary ? data : (JSON.parse(data.toString()) as Record<string, unknown>);
      const taker = takers.shift();
      if (taker === undefined) waiting.push(message);
      else taker(message);
    });
    await new Promise<void>((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
      socket.on('unexpected-response', (_, response) => reject(new Error(`refused with ${response.statusCode}`)));
    });
    return {
      socket,
      next: async () => waiting.shift() ?? new Promise((resolve) => takers.push(resolve)),
      send: (message) => socket.send(message instanceof Uint8Array ? message : JSON.stringify(message)),
    };
  }

  async function leave({ socket }: Client): Promise<void> {
    const gone = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    socket.close();
    await gone;
    // The server takes notice a moment later.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** Mean step between neighbouring pixels in a corner of a picture: how sharp it is there. */
  async function sharpness(picture: Uint8Array): Promise<number> {
    const { data, info } = await sharp(picture)
      .extract({ left: 0, top: 0, width: 120, height: 90 })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    let sum = 0;
    for (let i = 1; i < data.length; i++) if (i % info.width > 0) sum += Math.abs((data[i] ?? 0) - (data[i - 1] ?? 0));
    return sum / data.length;
  }

  it('keeps the clicked person sharp, frame by frame, and lets go of them', { timeout: MODELS_MS }, async () => {
    const client = await connect('/v1/live');
    expect(await client.next()).toMatchObject({ type: 'ready', tracker: 'correlation' });
    client.send(frames[0] as Uint8Array);
    const first = (await client.next()) as { detections: { label: string; box: Record<string, number> }[] };
    expect(first).toMatchObject({ type: 'frame', frame: 1, state: 'idle', width: 480, height: 360 });
    const plain = (await client.next()) as Buffer;
    const { x = 0, y = 0, width = 0, height = 0 } = first.detections.find(({ label }) => label === 'person')?.box ?? {};

    client.send({ lock: { x: x + width / 2, y: y + height / 2 }, look: { pullMs: 0, radius: 0.03 } });
    client.send(frames[1] as Uint8Array);
    expect(await client.next()).toMatchObject({ type: 'frame', frame: 2, state: 'locked', label: 'person' });
    const focused = (await client.next()) as Buffer;
    expect((await sharp(focused).metadata()).width).toBe(480);
    expect(await sharpness(focused)).toBeLessThan(0.6 * (await sharpness(plain)));

    // What a command leaves out stays: the blur is still as wide, not the usual one.
    client.send({ look: { falloff: 0.5 } });
    client.send(frames[1] as Uint8Array);
    await client.next();
    const wide = await sharpness((await client.next()) as Buffer);
    client.send({ look: { falloff: 0.5, radius: 0.005 } });
    client.send(frames[1] as Uint8Array);
    await client.next();
    expect(await sharpness((await client.next()) as Buffer)).toBeGreaterThan(1.2 * wide);
    client.send({ look: { highlights: 0.4 } });
    client.send(frames[1] as Uint8Array);
    await client.next();
    expect(await sharpness((await client.next()) as Buffer)).toBeGreaterThan(1.2 * wide);

    client.send({ release: true });
    client.send(frames[2] as Uint8Array);
    expect(await client.next()).toMatchObject({ state: 'idle' });
    expect(await sharpness((await client.next()) as Buffer)).toBeGreaterThan(0.9 * (await sharpness(plain)));
    await leave(client);
  });

  it('works on the newest frame where they come too fast, and goes on after what is wrong', {
    timeout: MODELS_MS,
  }, async () => {
    const client = await connect('/v1/live');
    await client.next();
    for (let i = 0; i < 20; i++) client.send(frames[i % 5] as Uint8Array);
    const told: number[] = [];
    let skipped = 0;
    while (told.at(-1) !== 20) {
      const message = await client.next();
      if (Buffer.isBuffer(message)) continue;
      told.push((message as { frame: number }).frame);
      skipped += (message as { skipped: number }).skipped;
    }
    expect(told.length + skipped).toBe(20);
    expect(skipped).toBeGreaterThan(10);
    await client.next();

    client.send(Buffer.from('no picture'));
    expect(await client.next()).toMatchObject({ type: 'error', code: 'unsupported-format', frame: 21 });
    client.send((frames[0] as Uint8Array).subarray(0, 2000));
    expect(await client.next()).toMatchObject({ type: 'error', code: 'corrupt-input', frame: 22 });
    client.socket.send('{"lock": {"x": 3, "y": 0}}');
    expect(await client.next()).toMatchObject({ type: 'error', code: 'invalid-argument' });
    client.socket.send('hello');
    expect(await client.next()).toMatchObject({ type: 'error', code: 'invalid-argument' });
    client.send(frames[0] as Uint8Array);
    expect(await client.next()).toMatchObject({ type: 'frame', frame: 23 });

    const closed = new Promise<number>((resolve) => client.socket.on('close', resolve));
    client.send(new Uint8Array(500_000));
    expect(await closed).toBe(1009);
    await new Promise((resolve) => setTimeout(resolve, 100));
  });

  it('takes no more sessions than it may, and none from pages of other origins but those named', async () => {
    const client = await connect('/v1/live');
    await expect(connect('/v1/live')).rejects.toThrow('refused with 429');
    await expect(connect('/v1/live', { origin: 'https://other.example' })).rejects.toThrow('refused with 403');
    await leave(client);
    await leave(await connect('/v1/live', { origin: 'https://example.org' }));
    await expect(connect('/v1/nothing')).rejects.toThrow('refused with 404');
    const plain = await fetch(`http://127.0.0.1:${serving.port}/v1/live`);
    expect(plain.status).toBe(426);
    expect(await plain.json()).toMatchObject({ code: 'upgrade-required' });
  });

  it('serves the page of somebody else, and speaks as FOCUSR does: one answer a frame', {
    timeout: MODELS_MS,
  }, async () => {
    const page = await fetch(serving.url);
    expect(await page.text()).toBe(PAGE);
    expect(page.headers.get('content-security-policy')).toContain("'unsafe-inline'");
    await expect
      .poll(async () => (await fetch(`http://127.0.0.1:${serving.port}/health`)).json(), { timeout: MODELS_MS })
      .toMatchObject({ name: 'focal', status: 'ok', models_ready: true, startup_error: null, mode: 'cpu' });

    const client = await connect('/ws');
    const base = { cursor_x: null, cursor_y: null, clicked: false, low_light: false, show_box: false, bokeh_k: 31 };
    const send = (i: number, more: object = {}) =>
      client.send({
        ...base,
        detect_every: 20,
        frame: Buffer.from(frames[i] as Uint8Array).toString('base64'),
        ...more,
      });
    send(0);
    const first = await client.next();
    expect(first).toMatchObject({ tracking: false, label: '', frame_id: 1 });
    expect((first as { det_count: number }).det_count).toBeGreaterThan(0);
    const picture = Buffer.from((first as { frame: string }).frame, 'base64');
    expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 480, height: 360 });
    // In pixels of the frame that was sent: somebody sits in its middle.
    send(1, { cursor_x: 240, cursor_y: 200, clicked: true, show_box: true });
    expect(await client.next()).toMatchObject({ tracking: true, label: 'person', frame_id: 2 });
    client.send({ release: true });
    send(2);
    expect(await client.next()).toMatchObject({ tracking: false, frame_id: 3 });

    client.send({ ...base, frame: '!!!' });
    expect(await client.next()).toMatchObject({ error: expect.stringContaining('base64') });
    client.send({ ...base, frame: Buffer.from('no picture').toString('base64') });
    expect(await client.next()).toHaveProperty('error');
    client.socket.send('nonsense');
    expect(await client.next()).toHaveProperty('error');
    send(3);
    expect(await client.next()).toMatchObject({ tracking: false, frame_id: 4 });
    await leave(client);
  });
});
