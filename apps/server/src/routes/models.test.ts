import { FocalError } from '@focal/core';
import type { Focal } from 'focal';
import { describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { createFakeFocal } from '../fixtures/fake-focal.ts';

/** A server whose catalogue holds the tracker; what it downloads is told. */
async function setUp(pull: (id: string) => Promise<void> = async () => undefined) {
  const fake = createFakeFocal();
  const [model] = await fake.models();
  if (model === undefined) throw new Error('The fake has no model.');
  const pulled: string[] = [];
  const focal: Focal = {
    ...fake,
    models: async () => [model, { ...model, id: 'nanotrack-v2', state: 'available' }],
    async pullModel(id) {
      pulled.push(id);
      await pull(id);
      return { id, outcome: 'pulled', bytes: 7, resumedBytes: 0 };
    },
  };
  const app = createApp({ focal });
  const ask = (id: string, headers: Record<string, string> = {}) =>
    app.request(`/v1/models/${id}/pull`, { method: 'POST', headers });
  return { ask, pulled };
}

describe('GET /v1/device', () => {
  it('tells what models run on', async () => {
    const report = {
      device: 'cpu',
      threads: 2,
      profile: 'fast',
      tried: [{ device: 'cuda', reason: 'There is none.' }],
    };
    const app = createApp({ focal: { ...createFakeFocal(), device: async () => report as never } });
    const answer = await app.request('/v1/device');
    expect([answer.headers.get('cache-control'), await answer.json()]).toEqual(['no-store', report]);
  });
});

describe('POST /v1/models/:id/pull', () => {
  it('downloads the tracker', async () => {
    const { ask, pulled } = await setUp();
    const answer = await ask('nanotrack-v2');
    expect([answer.status, await answer.json()]).toEqual([200, { id: 'nanotrack-v2', outcome: 'pulled', bytes: 7 }]);
    expect(pulled).toEqual(['nanotrack-v2']);
  });

  it('downloads nothing else, and nothing for pages of other sites', async () => {
    const { ask, pulled } = await setUp();
    expect((await ask('fake')).status).toBe(400);
    expect((await ask('nobody')).status).toBe(404);
    expect((await ask('nanotrack-v2', { origin: 'https://elsewhere.example' })).status).toBe(403);
    expect(pulled).toEqual([]);
  });

  it('says why it did not come', async () => {
    const { ask } = await setUp(async () => {
      throw new FocalError('network', 'github.com does not answer.', {
        hint: 'Try again when this machine is online.',
      });
    });
    const answer = await ask('nanotrack-v2');
    expect(answer.ok).toBe(false);
    expect(await answer.json()).toMatchObject({ detail: 'github.com does not answer.', hint: expect.any(String) });
  });
});
