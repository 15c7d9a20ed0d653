import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Library, openLibrary } from '@focal/library';
import { createFocal, type Focal } from 'focal';
import type { Hono } from 'hono';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { createLibraryDoor, type LibraryDoor } from './door.ts';
import { libraryPaths } from './openapi.ts';

const PHOTOS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');
const PASSWORD = 'open sesame';
const RECIPE = {
  format: 'focal-recipe',
  version: 1,
  look: { steps: [{ effect: 'mono', params: { style: 'sepia' } }] },
};

let folder: string;
let focal: Focal;
let door: LibraryDoor;
let library: Library;
let app: Hono;
/** Of the private photo, and what only it has. */
let secret: {
  id: number;
  sha256: string;
  face: number;
  person: number;
  otherFace: number;
  version: number;
  marks: readonly string[];
};
let [hidden, open, shown] = [0, 0, 0];
let token = '';

/**
 * A photo of three people at a table in Zurich, and once more smaller: both private. It has a caption, a name, a camera
 * and a place of its own, and so has one of its people. Beside them another photo, that everybody may see.
 */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-private-routes-'));
  const photos = join(folder, 'photos');
  await mkdir(photos);
  const exif = {
    IFD0: { Make: 'Zorki', Model: 'Hiddencam' },
    IFD2: { DateTimeOriginal: '1999:02:03 10:00:00' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '47/1 22/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '8/1 32/1 0/1' },
  };
  const table = sharp(join(PHOTOS, 'sample1.jpg'));
  await table.clone().jpeg().withExif(exif).toFile(join(photos, 'xylophone.jpg'));
  await table.clone().resize(700).jpeg().withExif(exif).toFile(join(photos, 'xylophone small.jpg'));
  await sharp(join(PHOTOS, 'sample4.jpg')).resize(900).jpeg().toFile(join(photos, 'open.jpg'));
  focal = await createFocal({ home: join(folder, 'home'), device: 'cpu' });
  door = createLibraryDoor(() => openLibrary({ folder: join(folder, 'library'), media: focal.media }));
  app = createApp({ focal, library: door });
  library = await door.open();
  await library.folders.add(photos);
  await library.idle();
  const assets = await Promise.all((await library.list()).assets.map(({ id }) => library.get(id)));
  const mine = assets.filter(({ places }) => places[0]?.path.includes('xylophone'));
  const [first] = mine;
  shown = assets.find(({ places }) => places[0]?.path.includes('open.jpg'))?.id ?? 0;
  const { faces: otherFaces } = await library.get(shown);
  const [face] = first?.faces ?? [];
  if (first === undefined || face?.person === undefined || otherFaces[0] === undefined) {
    throw new Error('Expected faces in both photos.');
  }
  await library.people.change(face.person.id, { name: 'Quetzalcoatl' });
  await library.change(
    mine.map(({ id }) => id),
    { caption: 'Rumpelstiltskin' },
  );
  const made = await library.versions.create(first.id, { recipe: RECIPE, name: 'Gargantua' });
  secret = {
    id: first.id,
    version: made.id,
    sha256: first.sha256,
    face: face.id,
    person: face.person.id,
    otherFace: otherFaces[0].id,
    marks: [
      'xylophone',
      'Hiddencam',
      'Rumpelstiltskin',
      'Quetzalcoatl',
      'Gargantua',
      'sepia',
      'Zürich',
      'Zurich',
      '1999-02',
      ...mine.map(({ sha256 }) => sha256.slice(0, 12)),
      ...mine.map(({ version }) => version),
    ],
  };
  hidden = (await library.albums.create({ name: 'Hidden', description: 'About xylophone music' })).id;
  open = (await library.albums.create({ name: 'Open' })).id;
  await library.albums.addAssets(
    hidden,
    mine.map(({ id }) => id),
  );
  await library.albums.addAssets(open, [first.id, shown]);
  // What was kept of names is not told afterwards.
  await library.suggest('Q', 1);
  token = (await library.privacy.protect(hidden, PASSWORD)).token;
}, 300_000);
afterAll(async () => {
  await door.close();
  await focal.close();
  await rm(folder, { recursive: true, force: true });
});

interface Asked {
  /** In place of `{id}`; `{version}` is the photo's. */
  readonly id?: number;
  readonly query?: string;
  readonly body?: object;
}

/** How every route is asked for the private photo. One that is new has to get its line. */
const ASKED: Readonly<Record<string, () => Asked | 'nothing of photos'>> = {
  getLibrary: () => ({}),
  listFolders: () => ({}),
  listAssets: () => ({}),
  changeAssets: () => ({ body: { ids: [secret.id], rating: 3 } }),
  getAsset: () => ({ id: secret.id }),
  changeAsset: () => ({ id: secret.id, body: { rating: 3 } }),
  getThumbnail: () => ({ id: secret.id }),
  putThumbnail: () => ({ id: secret.id, query: `sha256=${secret.sha256}`, body: {} }),
  getPreview: () => ({ id: secret.id }),
  putPreview: () => ({ id: secret.id, query: `sha256=${secret.sha256}`, body: {} }),
  getOriginal: () => ({ id: secret.id }),
  exportAssets: () => ({ query: `ids=${secret.id}` }),
  hurry: () => ({ body: { ids: [secret.id] } }),
  search: () => ({ query: 'q=person' }),
  suggest: () => ({ query: 'q=Q' }),
  listPlaces: () => ({}),
  getMap: () => ({ query: 'cell=1' }),
  getTimeline: () => ({}),
  listThings: () => ({}),
  listDuplicates: () => ({}),
  listBadFiles: () => ({}),
  listPeople: () => ({}),
  listPeopleActions: () => ({}),
  suggestPeople: () => ({}),
  answerSuggestion: () => ({ body: { kind: 'is-person', face: secret.face, person: secret.person, isSo: true } }),
  mergePeople: () => ({ body: { into: secret.person, from: [2 ** 30] } }),
  splitPerson: () => ({ body: { faces: [secret.face] } }),
  keepPeopleApart: () => ({ body: { people: [secret.person, 2 ** 30] } }),
  getPerson: () => ({ id: secret.person }),
  changePerson: () => ({ id: secret.person, body: { isFavourite: true } }),
  listFaces: () => ({ id: secret.person }),
  moveFaces: () => ({ id: secret.person, body: { faces: [secret.otherFace] } }),
  listUnknownFaces: () => ({}),
  rejectFaces: () => ({ body: { faces: [secret.face] } }),
  removeFaces: () => ({ body: { faces: [secret.face] } }),
  hideFaces: () => ({ body: { faces: [secret.face] } }),
  resemblingFaces: () => ({ id: secret.face }),
  getFacePicture: () => ({ id: secret.face }),
  drawFace: () => ({ id: secret.id, body: { box: { x: 0.01, y: 0.01, width: 0.05, height: 0.05 } } }),
  setDouble: () => ({ id: secret.id, body: { isDouble: true } }),
  listVersions: () => ({ id: secret.id }),
  createVersion: () => ({ id: secret.id, body: { recipe: RECIPE } }),
  showVersion: () => ({ id: secret.id, body: { version: null } }),
  getVersion: () => ({ id: secret.id }),
  changeVersion: () => ({ id: secret.id, body: { name: 'Mine' } }),
  deleteVersion: () => ({ id: secret.id }),
  restoreVersion: () => ({ id: secret.id }),
  getVersionRecipe: () => ({ id: secret.id }),
  getVersionThumbnail: () => ({ id: secret.id }),
  getVersionPreview: () => ({ id: secret.id }),
  getVersionPicture: () => ({ id: secret.id }),
  listAlbums: () => ({}),
  arrangeAlbums: () => ({ body: { ids: [open, hidden] } }),
  getAlbum: () => ({ id: hidden }),
  changeAlbum: () => ({ id: hidden, body: { coverId: secret.id } }),
  removeAlbum: () => ({ id: hidden }),
  listAlbumAssets: () => ({ id: hidden }),
  addToAlbum: () => ({ id: open, body: { ids: [secret.id] } }),
  removeFromAlbum: () => ({ id: hidden, body: { ids: [secret.id] } }),
  arrangeAlbum: () => ({ id: hidden, body: { ids: [secret.id] } }),
  protectAlbum: () => ({ id: hidden, body: { password: 'my own one' } }),
  unprotectAlbum: () => ({ id: hidden }),
  unlockAlbum: () => ({ id: hidden, body: { password: 'a wrong one' } }),
  shareAlbum: () => ({ body: { album: hidden } }),
  getXmp: () => ({ id: secret.id }),
  writeSidecars: () => ({ body: { ids: [secret.id] } }),
  listShares: () => ({ query: `album=${hidden}` }),
  listUploads: () => ({}),
  searchPeople: () => 'nothing of photos',
  // Tells what getLibrary does, without an end.
  watchLibrary: () => 'nothing of photos',
  pauseLibrary: () => ({}),
  resumeLibrary: () => ({}),
  undoPeople: () => 'nothing of photos',
  addFolder: () => 'nothing of photos',
  rescanAll: () => 'nothing of photos',
  removeFolder: () => 'nothing of photos',
  rescanFolder: () => 'nothing of photos',
  stopScan: () => 'nothing of photos',
  retryBad: () => 'nothing of photos',
  createAlbum: () => 'nothing of photos',
  lockAlbums: () => 'nothing of photos',
  getSharing: () => 'nothing of photos',
  revokeShare: () => 'nothing of photos',
  getLibrarySettings: () => 'nothing of photos',
  changeLibrarySettings: () => 'nothing of photos',
  getStorage: () => ({}),
  freeStorage: () => 'nothing of photos',
  createUpload: () => 'nothing of photos',
  getUpload: () => 'nothing of photos',
  appendToUpload: () => 'nothing of photos',
  removeUpload: () => 'nothing of photos',
  // A backup holds the whole library and is as private as its folder: docs/sharing.md says so.
  listBackups: () => 'nothing of photos',
  createBackup: () => 'nothing of photos',
  getBackup: () => 'nothing of photos',
  removeBackup: () => 'nothing of photos',
};

interface Answered {
  readonly id: string;
  readonly status: number;
  /** What the answer gives away; a picture or a change that was made count as such. */
  readonly given: readonly string[];
}

async function send(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  return app.request(path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Asks a route for the private photo. */
async function look(id: string, method: string, path: string, headers?: Record<string, string>): Promise<Answered> {
  const asked = ASKED[id]?.();
  if (asked === undefined || asked === 'nothing of photos') return { id, status: 0, given: [] };
  const filled = path.replace('{id}', String(asked.id)).replace('{version}', String(secret.version));
  const address = filled + (asked.query === undefined ? '' : `?${asked.query}`);
  const answer = await send(method, address, asked.body, headers);
  const type = answer.headers.get('content-type') ?? '';
  if (answer.ok && /^(?:image|video)/.test(type)) {
    await answer.body?.cancel();
    return { id, status: answer.status, given: ['a picture'] };
  }
  const text = await answer.text();
  return { id, status: answer.status, given: secret.marks.filter((mark) => text.includes(mark)) };
}

const operations = () =>
  Object.entries(libraryPaths()).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      id: String((operation as unknown as { operationId: string }).operationId),
    })),
  );

/** Routes that change nothing, so that they can be asked again and again. */
const reading = () => operations().filter(({ method }) => method === 'GET');

describe('a private photo', () => {
  test('is asked for at every route that the document has', () => {
    expect(
      operations()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(Object.keys(ASKED).sort());
  });

  test('is given away by none of them', async () => {
    const answered: Answered[] = [];
    for (const { id, method, path } of operations()) answered.push(await look(id, method, path));
    expect(answered.filter(({ given }) => given.length > 0)).toEqual([]);
    const statusOf = Object.fromEntries(answered.map(({ id, status }) => [id, status]));
    for (const id of [
      'getAsset',
      'changeAsset',
      'getThumbnail',
      'putThumbnail',
      'getPreview',
      'getOriginal',
      'getXmp',
      'exportAssets',
    ]) {
      expect([id, statusOf[id]]).toEqual([id, 404]);
    }
    for (const id of [
      'getPerson',
      'listFaces',
      'getFacePicture',
      'splitPerson',
      'rejectFaces',
      'drawFace',
      'setDouble',
      'hideFaces',
      'resemblingFaces',
      'listVersions',
      'createVersion',
      'showVersion',
      'getVersion',
      'changeVersion',
      'deleteVersion',
      'restoreVersion',
      'getVersionRecipe',
      'getVersionThumbnail',
      'getVersionPreview',
      'getVersionPicture',
    ]) {
      expect([id, statusOf[id]]).toEqual([id, 404]);
    }
    for (const id of ['changeAlbum', 'removeAlbum', 'listAlbumAssets', 'removeFromAlbum', 'arrangeAlbum']) {
      expect([id, statusOf[id]]).toEqual([id, 403]);
    }
    for (const id of ['protectAlbum', 'unprotectAlbum', 'unlockAlbum']) expect([id, statusOf[id]]).toEqual([id, 403]);
    // Nothing of all that was done.
    const key = { 'focal-unlock': token };
    expect(await (await send('GET', `/v1/library/assets/${secret.id}`, undefined, key)).json()).toMatchObject({
      rating: 0,
      isDouble: false,
    });
    const assets = await send('GET', `/v1/library/albums/${hidden}/assets`, undefined, key);
    expect(((await assets.json()) as { assets: unknown[] }).assets).toHaveLength(2);
  }, 60_000);

  test('counts nowhere', async () => {
    const json = async (path: string): Promise<unknown> => (await send('GET', `/v1/library${path}`)).json();
    expect(await json('')).toMatchObject({ assets: 1, photos: 1, trashed: 0, bad: 0 });
    expect(await json('/folders')).toMatchObject({ folders: [{ count: 1 }] });
    expect(await json('/assets')).toMatchObject({ total: { count: 1 } });
    expect(await json('/timeline')).toMatchObject({ months: [{ count: 1 }] });
    expect(await json('/duplicates')).toEqual({ groups: [], total: 0 });
    expect(await json(`/albums/${open}`)).toMatchObject({ count: 1, coverId: shown });
    const { things } = (await json('/things')) as { things: readonly { count: number }[] };
    expect(Math.max(...things.map(({ count }) => count))).toBe(1);
    expect(await json(`/assets?album=${hidden}`)).toMatchObject({ assets: [] });
    expect(await json(`/assets?person=${secret.person}`)).toMatchObject({ assets: [] });
    expect(await json('/search?q=album:Hidden')).toMatchObject({ assets: [] });
    expect(await json('/assets?trashed=true')).toMatchObject({ assets: [] });
  });

  test('opens to the cookie and to the header, never to be kept', async () => {
    const answer = await send('POST', `/v1/library/albums/${hidden}/unlock`, { password: PASSWORD });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^focal-unlock=[\w-]{32}; Path=\/v1\/library; HttpOnly; SameSite=Strict$/);
    const { token: fresh } = (await answer.json()) as { token: string };
    for (const headers of [{ cookie: `focal-unlock=${fresh}` }, { 'focal-unlock': fresh }]) {
      const version = `/versions/${secret.version}`;
      const ofVersion = [version, `${version}/recipe`, `${version}/thumbnail?v=1`, `${version}/picture`];
      for (const path of ['', '/thumbnail?v=1', '/preview', '/original', '/xmp', '/versions', ...ofVersion]) {
        const given = await send('GET', `/v1/library/assets/${secret.id}${path}`, undefined, headers);
        expect([path, given.status, given.headers.get('cache-control')]).toEqual([path, 200, 'no-store']);
        await given.body?.cancel();
      }
      const album = await send('GET', `/v1/library/albums/${hidden}`, undefined, headers);
      expect(album.headers.get('cache-control')).toBe('no-store');
      expect(await album.json()).toMatchObject({ count: 2, isLocked: false });
      // People stay untold.
      const asset = await send('GET', `/v1/library/assets/${secret.id}`, undefined, headers);
      expect(await asset.json()).toMatchObject({ isPrivate: true, faces: [] });
    }
    expect((await send('POST', '/v1/library/lock', undefined, { 'focal-unlock': fresh })).status).toBe(204);
    expect((await send('GET', `/v1/library/assets/${secret.id}`, undefined, { 'focal-unlock': fresh })).status).toBe(
      404,
    );
  });

  test('is slow to open by trying, and says how long to wait', async () => {
    const unlock = (password: string) => send('POST', `/v1/library/albums/${hidden}/unlock`, { password });
    let answer = await unlock('wrong 0');
    for (let tries = 1; answer.status === 403 && tries < 10; tries++) answer = await unlock(`wrong ${tries}`);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(200);
    expect((await unlock(PASSWORD)).status).toBe(429);
  });

  /** The other side of the test: where nothing is private, all of these show the very marks that were looked for. */
  test('would be given away by all of these, were it not private', async () => {
    await library.privacy.unprotect(hidden, token);
    const answered: Answered[] = [];
    for (const { id, method, path } of reading()) answered.push(await look(id, method, path));
    const giving = answered.filter(({ given }) => given.length > 0).map(({ id }) => id);
    expect(giving.sort()).toEqual(
      [
        'exportAssets',
        'getAlbum',
        'getAsset',
        'getFacePicture',
        'getOriginal',
        'getPerson',
        'getPreview',
        'getThumbnail',
        'getTimeline',
        'getVersion',
        'getVersionPicture',
        'getVersionPreview',
        'getVersionRecipe',
        'getVersionThumbnail',
        'getXmp',
        'listAlbumAssets',
        'listAlbums',
        'listAssets',
        'listDuplicates',
        'listPeople',
        'listPeopleActions',
        'listPlaces',
        'listVersions',
        'resemblingFaces',
        'search',
        'suggest',
      ].sort(),
    );
  }, 60_000);
});
