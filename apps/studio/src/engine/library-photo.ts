import { send, toError } from './ask-server.ts';

/** The photo that `?asset=` in the page's address names; taken from the address, so that a reload does not open it again. */
export function takeLinkedAsset(): number | undefined {
  const url = new URL(location.href);
  const text = url.searchParams.get('asset');
  if (text === null) return undefined;
  url.searchParams.delete('asset');
  history.replaceState(history.state, '', url);
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/** A file of the library, with its name. Throws what the server gave. */
export async function fetchLibraryPhoto(id: number): Promise<{ readonly file: Blob; readonly name: string }> {
  const response = await send(`/v1/library/assets/${id}/original`, { signal: new AbortController().signal });
  if (!response.ok) throw await toError(response);
  const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return { file: await response.blob(), name: named === undefined ? `photo-${id}` : decodeURIComponent(named) };
}
