import type { MetadataChoice } from '@focal/core';
import { send, toError } from '../../engine/ask-server.ts';
import type {
  Album,
  AssetChange,
  AssetDetails,
  AssetPage,
  AssetSummary,
  BadFile,
  Bounds,
  Box,
  DeviceReport,
  DuplicateGroup,
  EditsChoice,
  FaceSearch,
  LibraryFolder,
  LibraryPlace,
  LibraryProgress,
  LibrarySettings,
  LibraryUsage,
  MapCell,
  ModelInfo,
  NewShare,
  PeopleAction,
  Person,
  PersonFace,
  SearchHelp,
  SearchPage,
  Share,
  ShareChoice,
  Sharing,
  Suggestion,
  Thing,
  TimelineMonth,
} from './types.ts';

/** Options of a list in its address; a list is given as often as it has members. */
export type ListOptions = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** What was done, for undo. */
interface Acted {
  readonly action: number;
}

/** Who is seen in photos. */
export interface PeopleApi {
  readonly list: (options: ListOptions) => Promise<{ readonly people: readonly Person[]; readonly next?: string }>;
  readonly get: (id: number) => Promise<Person>;
  readonly photos: (id: number, options: ListOptions) => Promise<AssetPage>;
  readonly faces: (
    id: number,
    cursor?: string,
  ) => Promise<{ readonly faces: readonly PersonFace[]; readonly next?: string }>;
  readonly change: (
    id: number,
    change: {
      readonly name?: string;
      readonly isFavourite?: boolean;
      readonly isHidden?: boolean;
      readonly coverFaceId?: number;
    },
  ) => Promise<Acted & { readonly person: Person; readonly sameName: readonly Person[] }>;
  readonly merge: (
    into: number,
    from: readonly number[],
    allowDoubles: boolean,
  ) => Promise<Acted & { readonly person: Person }>;
  readonly split: (faces: readonly number[], name?: string) => Promise<Acted & { readonly person: Person }>;
  readonly move: (faces: readonly number[], person: number) => Promise<Acted & { readonly person: Person }>;
  readonly reject: (faces: readonly number[]) => Promise<Acted>;
  readonly removeFaces: (faces: readonly number[]) => Promise<Acted>;
  readonly draw: (asset: number, box: Box, who: { readonly person?: number; readonly name?: string }) => Promise<Acted>;
  /** Faces of nobody known, the best first: those that make nobody, or the others. */
  readonly unknown: (
    isSmall: boolean,
    cursor?: string,
  ) => Promise<{ readonly faces: readonly PersonFace[]; readonly next?: string }>;
  readonly hideFaces: (faces: readonly number[]) => Promise<Acted>;
  readonly setDouble: (asset: number, isDouble: boolean) => Promise<Acted>;
  /** Who is this? By a picture, and which of its faces, the largest first; or by a face of the library. */
  readonly search: (picture: Blob, face: number) => Promise<FaceSearch>;
  readonly resembling: (face: number) => Promise<FaceSearch>;
  readonly suggest: () => Promise<readonly Suggestion[]>;
  readonly answer: (suggestion: Suggestion, isSo: boolean) => Promise<Acted>;
  readonly undo: (action: number) => Promise<void>;
  /** The newest first. */
  readonly actions: () => Promise<readonly PeopleAction[]>;
}

/** Who may see albums. */
export interface AccessApi {
  readonly sharing: () => Promise<Sharing>;
  readonly shares: (albumId: number) => Promise<readonly Share[]>;
  readonly share: (albumId: number, choice: ShareChoice) => Promise<NewShare>;
  readonly revoke: (id: number) => Promise<void>;
  /** Makes an album private, or gives it another password. */
  readonly protect: (albumId: number, password: string) => Promise<void>;
  readonly unprotect: (albumId: number) => Promise<void>;
  readonly unlock: (albumId: number, password: string) => Promise<void>;
  /** All private albums, for this browser. */
  readonly lock: () => Promise<void>;
}

/** What was made of photos, beside the originals. */
export interface VersionsApi {
  /** In place of the original; with null, the original again. */
  readonly show: (asset: number, version: number | null) => Promise<void>;
  readonly rename: (asset: number, version: number, name: string) => Promise<void>;
  readonly remove: (asset: number, version: number) => Promise<void>;
  readonly restore: (asset: number, version: number) => Promise<void>;
}

/** The library of the server that this page came from. Everything throws FocalErrors as the server gave them. */
export interface LibraryApi {
  readonly people: PeopleApi;
  readonly access: AccessApi;
  readonly progress: () => Promise<LibraryProgress>;
  readonly pause: () => Promise<LibraryProgress>;
  readonly resume: () => Promise<LibraryProgress>;
  readonly folders: () => Promise<readonly LibraryFolder[]>;
  readonly addFolder: (path: string) => Promise<LibraryFolder>;
  readonly removeFolder: (id: number) => Promise<void>;
  readonly rescan: (id: number) => Promise<void>;
  readonly storage: () => Promise<LibraryUsage>;
  /** Gives how many bytes that freed. */
  readonly freeStorage: () => Promise<number>;
  readonly device: () => Promise<DeviceReport>;
  readonly models: () => Promise<readonly ModelInfo[]>;
  readonly settings: () => Promise<LibrarySettings>;
  readonly changeSettings: (change: Partial<LibrarySettings>) => Promise<LibrarySettings>;
  readonly badFiles: () => Promise<{ readonly files: readonly BadFile[]; readonly total: number }>;
  readonly retryBad: () => Promise<void>;
  readonly timeline: () => Promise<readonly TimelineMonth[]>;
  readonly things: () => Promise<readonly Thing[]>;
  readonly search: (options: ListOptions) => Promise<SearchPage>;
  /** What could stand at a place in a search, and whether it can be understood. */
  readonly suggest: (search: string, at: number) => Promise<SearchHelp>;
  /** Cities with how much was taken near each, the most frequent first. */
  readonly places: () => Promise<readonly LibraryPlace[]>;
  /** What was taken where. */
  readonly map: (search: string, cellDeg: number, within: Bounds) => Promise<readonly MapCell[]>;
  readonly get: (id: number) => Promise<AssetDetails>;
  /** As many as there are. */
  readonly change: (ids: readonly number[], change: AssetChange) => Promise<void>;
  readonly hurry: (ids: readonly number[]) => Promise<void>;
  readonly versions: VersionsApi;
  readonly duplicates: (
    offset: number,
  ) => Promise<{ readonly groups: readonly DuplicateGroup[]; readonly total: number }>;
  readonly albums: () => Promise<readonly Album[]>;
  readonly album: (id: number) => Promise<Album>;
  /** With a search, a smart one. */
  readonly createAlbum: (name: string, query?: string) => Promise<Album>;
  readonly changeAlbum: (
    id: number,
    change: {
      readonly name?: string;
      readonly description?: string;
      readonly query?: string;
      readonly coverId?: number;
    },
  ) => Promise<Album>;
  readonly removeAlbum: (id: number) => Promise<void>;
  readonly albumAssets: (
    id: number,
    offset: number,
  ) => Promise<{ readonly assets: readonly AssetSummary[]; readonly nextOffset?: number }>;
  readonly addToAlbum: (id: number, ids: readonly number[]) => Promise<number>;
  readonly removeFromAlbum: (id: number, ids: readonly number[]) => Promise<void>;
  /** Puts these first, in this order. */
  readonly arrangeAlbum: (id: number, ids: readonly number[]) => Promise<void>;
  /** The same with albums themselves. */
  readonly arrangeAlbums: (ids: readonly number[]) => Promise<void>;
}

const ROOT = '/v1/library';
/** Changes only what is done first. */
const HURRY = '/hurry';
/** Ids in one request. */
const MOST_IDS = 10_000;
const PAGE_SIZE = 500;

/** @param onChanged told after each request that may have changed something */
export function createLibraryApi(onChanged: () => void): LibraryApi {
  const askAt = async (address: string, init: RequestInit = {}): Promise<Response> => {
    const response = await send(address, { ...init, signal: new AbortController().signal });
    if (!response.ok) throw await toError(response);
    return response;
  };
  const ask = (path: string, init?: RequestInit): Promise<Response> => askAt(ROOT + path, init);
  const get = async <T>(path: string): Promise<T> => (await ask(path)).json() as Promise<T>;
  const write = async (method: string, path: string, body?: object): Promise<Response> => {
    const response = await ask(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (path !== HURRY) onChanged();
    return response;
  };
  const writeAndRead = async <T>(method: string, path: string, body?: object): Promise<T> =>
    (await write(method, path, body)).json() as Promise<T>;
  /** One request after the other, for more ids than one may hold. */
  const inParts = async <T>(ids: readonly number[], work: (part: readonly number[]) => Promise<T>): Promise<T[]> => {
    const results: T[] = [];
    for (let at = 0; at < ids.length; at += MOST_IDS) results.push(await work(ids.slice(at, at + MOST_IDS)));
    return results;
  };
  return {
    people: createPeopleApi(ask, get, writeAndRead),
    access: createAccessApi(get, write),
    progress: () => get(''),
    pause: () => writeAndRead('POST', '/pause'),
    resume: () => writeAndRead('POST', '/resume'),
    folders: async () => (await get<{ folders: readonly LibraryFolder[] }>('/folders')).folders,
    addFolder: (path) => writeAndRead('POST', '/folders', { path }),
    removeFolder: async (id) => void (await write('DELETE', `/folders/${id}`)),
    rescan: async (id) => void (await write('POST', `/folders/${id}/rescan`, {})),
    storage: () => get('/storage'),
    freeStorage: async () => (await writeAndRead<{ freedBytes: number }>('POST', '/storage/free')).freedBytes,
    device: async () => (await askAt('/v1/device')).json() as Promise<DeviceReport>,
    models: async () => ((await (await askAt('/v1/models')).json()) as { models: readonly ModelInfo[] }).models,
    settings: () => get('/settings'),
    changeSettings: (change) => writeAndRead('PATCH', '/settings', change),
    badFiles: () => get('/bad'),
    retryBad: async () => void (await write('POST', '/bad/retry')),
    timeline: async () => (await get<{ months: readonly TimelineMonth[] }>('/timeline')).months,
    things: async () => (await get<{ things: readonly Thing[] }>('/things')).things,
    search: (options) => get(`/search?${toQuery({ limit: PAGE_SIZE, ...options })}`),
    suggest: (q, at) => get(`/search/suggest?${toQuery({ q, at })}`),
    places: async () => (await get<{ places: readonly LibraryPlace[] }>('/places')).places,
    async map(q, cellDeg, { south, west, north, east }) {
      const within = [south, west, north, east].join(',');
      const options = { cell: cellDeg, within, ...(q !== '' && { q }) };
      return (await get<{ cells: readonly MapCell[] }>(`/map?${toQuery(options)}`)).cells;
    },
    get: (id) => get(`/assets/${id}`),
    change: async (ids, change) =>
      void (await inParts(ids, (part) => write('PATCH', '/assets', { ids: part, ...change }))),
    versions: {
      show: async (asset, version) => void (await write('PUT', `/assets/${asset}/versions/current`, { version })),
      rename: async (asset, version, name) =>
        void (await write('PATCH', `/assets/${asset}/versions/${version}`, { name })),
      remove: async (asset, version) => void (await write('DELETE', `/assets/${asset}/versions/${version}`)),
      restore: async (asset, version) => void (await write('POST', `/assets/${asset}/versions/${version}/restore`)),
    },
    hurry: async (ids) => void (await write('POST', HURRY, { ids })),
    duplicates: (offset) => get(`/duplicates?${toQuery({ offset })}`),
    albums: async () => (await get<{ albums: readonly Album[] }>('/albums')).albums,
    album: (id) => get(`/albums/${id}`),
    createAlbum: (name, query) => writeAndRead('POST', '/albums', { name, ...(query !== undefined && { query }) }),
    changeAlbum: (id, change) => writeAndRead('PATCH', `/albums/${id}`, change),
    removeAlbum: async (id) => void (await write('DELETE', `/albums/${id}`)),
    albumAssets: (id, offset) => get(`/albums/${id}/assets?${toQuery({ offset, limit: PAGE_SIZE })}`),
    async addToAlbum(id, ids) {
      const counts = await inParts(ids, (part) =>
        writeAndRead<{ changed: number }>('POST', `/albums/${id}/assets`, { ids: part }),
      );
      return counts.reduce((sum, { changed }) => sum + changed, 0);
    },
    removeFromAlbum: async (id, ids) =>
      void (await inParts(ids, (part) => write('DELETE', `/albums/${id}/assets`, { ids: part }))),
    arrangeAlbum: async (id, ids) => void (await write('PUT', `/albums/${id}/order`, { ids })),
    arrangeAlbums: async (ids) => void (await write('PUT', '/albums/order', { ids })),
  };
}

function createAccessApi(
  get: <T>(path: string) => Promise<T>,
  write: (method: string, path: string, body?: object) => Promise<Response>,
): AccessApi {
  return {
    sharing: () => get('/sharing'),
    shares: async (album) => (await get<{ shares: readonly Share[] }>(`/shares?${toQuery({ album })}`)).shares,
    async share(album, { expiresAt, password, cover }) {
      const body = { album, expiresAt, ...(password !== '' && { password }), ...(cover !== undefined && { cover }) };
      return (await write('POST', '/shares', body)).json() as Promise<NewShare>;
    },
    revoke: async (id) => void (await write('DELETE', `/shares/${id}`)),
    protect: async (id, password) => void (await write('PUT', `/albums/${id}/password`, { password })),
    unprotect: async (id) => void (await write('DELETE', `/albums/${id}/password`)),
    unlock: async (id, password) => void (await write('POST', `/albums/${id}/unlock`, { password })),
    lock: async () => void (await write('POST', '/lock')),
  };
}

function createPeopleApi(
  ask: (path: string, init?: RequestInit) => Promise<Response>,
  get: <T>(path: string) => Promise<T>,
  write: <T>(method: string, path: string, body?: object) => Promise<T>,
): PeopleApi {
  return {
    list: (options) => get(`/people?${toQuery({ limit: 200, ...options })}`),
    get: (id) => get(`/people/${id}`),
    photos: (id, options) => get(`/assets?${toQuery({ limit: PAGE_SIZE, person: [String(id)], ...options })}`),
    faces: (id, cursor) => get(`/people/${id}/faces?${toQuery({ limit: 200, cursor })}`),
    change: (id, change) => write('PATCH', `/people/${id}`, change),
    merge: (into, from, allowDoubles) => write('POST', '/people/merge', { into, from, allowDoubles }),
    split: (faces, name) => write('POST', '/people/split', { faces, ...(name !== undefined && { name }) }),
    move: (faces, person) => write('POST', `/people/${person}/faces`, { faces }),
    reject: (faces) => write('POST', '/faces/reject', { faces }),
    removeFaces: (faces) => write('POST', '/faces/remove', { faces }),
    draw: (asset, box, who) => write('POST', `/assets/${asset}/faces`, { box, ...who }),
    unknown: (isSmall, cursor) => get(`/faces/unknown?${toQuery({ limit: 200, small: String(isSmall), cursor })}`),
    hideFaces: (faces) => write('POST', '/faces/hide', { faces }),
    setDouble: (asset, isDouble) => write('PUT', `/assets/${asset}/double`, { isDouble }),
    search: async (picture, face) => {
      const headers = { 'content-type': picture.type.startsWith('image/') ? picture.type : 'application/octet-stream' };
      return (await ask(`/people/search?${toQuery({ face })}`, { method: 'POST', body: picture, headers })).json();
    },
    resembling: (face) => get(`/faces/${face}/resembling`),
    suggest: async () =>
      (await get<{ suggestions: readonly Suggestion[] }>('/people/suggestions?limit=20')).suggestions,
    answer: (each, isSo) =>
      write(
        'POST',
        '/people/suggestions/answer',
        each.kind === 'same-person'
          ? { kind: each.kind, people: each.people.map(({ id }) => id), isSo }
          : { kind: each.kind, face: each.face.id, person: each.person.id, isSo },
      ),
    actions: async () => (await get<{ actions: readonly PeopleAction[] }>('/people/actions?limit=20')).actions,
    undo: async (action) => void (await write('POST', '/people/undo', { action })),
  };
}

function toQuery(options: ListOptions): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'object') for (const each of value) query.append(name, each);
    else if (value !== undefined) query.set(name, String(value));
  }
  return query.toString();
}

type Shown = Pick<AssetSummary, 'id'> & { readonly version?: string };

const toPictureUrl = (kind: string, { id, version }: Shown): string =>
  `${ROOT}/assets/${id}/${kind}${version === undefined ? '' : `?v=${version}`}`;

/** With a version the browser keeps it for good. */
export const thumbnailUrl = (asset: Shown): string => toPictureUrl('thumbnail', asset);
export const previewUrl = (asset: Shown): string => toPictureUrl('preview', asset);
/** Of the original, whatever is shown in its place. */
export const originalPreviewUrl = ({ id, version }: Shown): string =>
  `${ROOT}/assets/${id}/preview?of=original${version === undefined ? '' : `&v=${version}`}`;
/** The version that is shown, in full size. */
export const shownPictureUrl = (id: number, versionId: number): string =>
  `${ROOT}/assets/${id}/versions/${versionId}/picture?format=webp`;
/** Of a version, in full size, as the kind of file that suits it. */
export const versionUrl = (id: number, versionId: number): string =>
  `${ROOT}/assets/${id}/versions/${versionId}/picture`;
/** As many as the server takes at a time. */
export const MOST_EXPORTED = 1000;

export const exportUrl = (
  ids: readonly number[],
  { edits, metadata, hasSidecars }: { edits: EditsChoice; metadata: MetadataChoice; hasSidecars: boolean },
): string => `${ROOT}/export?${toQuery({ ids: ids.join(','), edits, metadata, sidecars: String(hasSidecars) })}`;
export const originalUrl = (id: number): string => `${ROOT}/assets/${id}/original`;
export const faceUrl = (id: number, version: string): string => `${ROOT}/faces/${id}/picture?v=${version}`;
export const EVENTS_URL = `${ROOT}/events`;
