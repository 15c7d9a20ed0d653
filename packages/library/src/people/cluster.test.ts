import { afterEach, expect, test } from 'vitest';
import { type Cluster, createCluster } from './cluster.ts';
import { type FaceRow, VECTOR_LENGTH } from './cluster-protocol.ts';

const clusters: Cluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.close();
});

/** A face as `array_send` gives its vector: a header, then the length and value of each number. */
function drawRow(id: number): FaceRow {
  const vector = Buffer.alloc(20 + VECTOR_LENGTH * 8);
  for (let i = 0; i < VECTOR_LENGTH; i++) vector.writeFloatBE(Math.sin(id * 131 + i * i), 24 + i * 8);
  return {
    id,
    asset_id: id,
    at_ms: null,
    quality: 0.8,
    person: id,
    look: id,
    is_pinned: false,
    not_people: [],
    vector,
  };
}

async function load(count: number): Promise<Cluster> {
  const cluster = createCluster();
  clusters.push(cluster);
  await cluster.begin();
  await cluster.load(Array.from({ length: count }, (_, i) => drawRow(i + 1)));
  await cluster.end({ nextPerson: count + 1, nextLook: count + 1, kept: [], apart: [], doubles: [] });
  return cluster;
}

test('an action that needs no neighbours does not wait for faces to be compared', async () => {
  const cluster = await load(5000);
  const told: string[] = [];
  const linked = cluster.link().then(() => told.push('all are compared'));
  const { changes } = await cluster.act({ kind: 'keep', person: 7 });
  told.push('the person is kept');
  await linked;
  expect(told).toEqual(['the person is kept', 'all are compared']);
  expect(changes).toHaveLength(1);
});

test('an action that needs neighbours finds them whenever it comes', async () => {
  const cluster = await load(2000);
  const near = await cluster.ask({ kind: 'nearest', vector: new Float32Array(VECTOR_LENGTH), limit: 5 });
  await cluster.link();
  expect(near).toEqual(await cluster.ask({ kind: 'nearest', vector: new Float32Array(VECTOR_LENGTH), limit: 5 }));
});

test('whoever waits for faces that are forgotten is told', async () => {
  const cluster = await load(5000);
  const linked = cluster.link();
  await cluster.forget();
  await linked;
  await expect(cluster.ask({ kind: 'people', ids: [1] })).rejects.toThrow('not been loaded');
});
