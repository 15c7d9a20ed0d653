import type { LibraryOrigin } from '../state/types.ts';
import { send, toError } from './ask-server.ts';

/** What `?asset=` and `&version=` in the page's address name. */
export interface LinkedAsset {
  readonly assetId: number;
  readonly versionId?: number;
}

/** A photo of the library, and the version of it to go on with. */
export interface LibraryPhoto {
  readonly file: Blob;
  readonly name: string;
  /** Of the file, which the library knows. */
  readonly sha256: string;
  readonly origin: LibraryOrigin;
  /** Of the version, as JSON. */
  readonly recipe?: string;
}

/** The photo of the library that the page's address names; taken from it, so that a reload does not open it again. */
export function takeLinkedAsset(): LinkedAsset | undefined {
  const url = new URL(location.href);
  const [assetId, versionId] = [toId(url.searchParams.get('asset')), toId(url.searchParams.get('version'))];
  if (!url.searchParams.has('asset')) return undefined;
  url.searchParams.delete('asset');
  url.searchParams.delete('version');
  history.replaceState(history.state, '', url);
  return assetId === undefined ? undefined : { assetId, ...(versionId !== undefined && { versionId }) };
}

/** A file of the library, with its name, and the version's recipe. Throws what the server gave. */
export async function fetchLibraryPhoto({ assetId, versionId }: LinkedAsset): Promise<LibraryPhoto> {
  const root = `/v1/library/assets/${assetId}`;
  const { sha256 } = (await (await ask(root)).json()) as { readonly sha256: string };
  const version =
    versionId === undefined
      ? undefined
      : ((await (await ask(`${root}/versions/${versionId}`)).json()) as { readonly id: number; readonly name: string });
  const recipe = version === undefined ? undefined : await (await ask(`${root}/versions/${version.id}/recipe`)).text();
  const response = await ask(`${root}/original`);
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return {
    file: await response.blob(),
    name: named === undefined ? `photo-${assetId}` : decodeURIComponent(named),
    sha256,
    origin: { assetId, ...(version !== undefined && { version: { id: version.id, name: version.name } }) },
    ...(recipe !== undefined && { recipe }),
  };
}

/** Keeps a recipe as a version beside the original: a new one, or in place of the recipe that one has. */
export async function keepVersion(
  { assetId }: LibraryOrigin,
  recipe: string,
  choice: { readonly name: string } | { readonly versionId: number },
): Promise<{ readonly id: number; readonly name: string }> {
  const root = `/v1/library/assets/${assetId}/versions`;
  const isNew = 'name' in choice;
  const name = isNew && choice.name !== '' ? { name: choice.name } : {};
  const answer = await ask(isNew ? root : `${root}/${choice.versionId}`, {
    method: isNew ? 'POST' : 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ recipe: JSON.parse(recipe), ...name }),
  });
  const { id, name: given } = (await answer.json()) as { readonly id: number; readonly name: string };
  // What was edited is what one wants to see.
  if (!isNew) {
    await ask(`${root}/current`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version: id }),
    });
  }
  return { id, name: given };
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await send(path, { ...init, signal: new AbortController().signal });
  if (!response.ok) throw await toError(response);
  return response;
}

function toId(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}
