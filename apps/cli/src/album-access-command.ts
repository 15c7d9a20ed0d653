import { FocalError } from '@focal/core';
import type { Album, Key, Share } from '@focal/library';
import type { AccessTask } from './album-access-program.ts';
import type { ExitCode } from './exit-codes.ts';
import { findAlbum } from './find-album.ts';
import { findNamed } from './find-person.ts';
import type { LibraryClient } from './library-client.ts';
import type { LibraryRequest } from './library-program.ts';
import { runLibraryTask, type TaskOutput } from './library-task.ts';
import { toTableLines } from './models-command.ts';
import { readPassword } from './read-password.ts';

interface Sharing {
  readonly isSharing: boolean;
  readonly isListening: boolean;
  readonly origins: readonly string[];
  readonly problem?: string;
}

interface NewShare {
  readonly share: Share;
  readonly path: string;
  readonly links: readonly string[];
  readonly qr?: readonly string[];
}

/** `focal albums share`, `shares`, `unshare`, `sharing`, `private` and `unlock`. */
export async function runAlbumAccess(request: LibraryRequest & { readonly task: AccessTask }): Promise<ExitCode> {
  return runLibraryTask(request, READS, perform);
}

/** What is asked for to be told, `--quiet` or not. */
const READS: ReadonlySet<AccessTask['do']> = new Set(['share', 'shares', 'unlock']);

async function perform(client: LibraryClient, task: AccessTask): Promise<TaskOutput> {
  switch (task.do) {
    case 'share':
      return share(client, task);
    case 'shares':
      return listShares(client, task.album);
    case 'unshare': {
      const ended: Share[] = [];
      for (const id of task.links) ended.push(await client.ask<Share>('DELETE', `/v1/library/shares/${id}`));
      return { values: ended, lines: ended.map(({ id, albumName }) => `Link ${id} to ${albumName} has ended.`) };
    }
    case 'sharing':
      return turnSharing(client, task.isOn);
    case 'private':
      return protect(client, task);
    case 'unlock': {
      if (!client.isServed) {
        throw new FocalError('invalid-argument', 'Albums are unlocked for a Focal that runs, and none does.', {
          hint: 'Start one: focal serve',
        });
      }
      const key = await unlock(client, await findAlbum(client, task.album));
      return { values: [key], lines: [key.token] };
    }
  }
}

async function share(client: LibraryClient, task: Extract<AccessTask, { do: 'share' }>): Promise<TaskOutput> {
  const { id } = await findAlbum(client, task.album);
  const password = task.hasPassword ? await readPassword('Password for guests: ', { twice: true }) : undefined;
  const expiresAt = 'at' in task.expires ? task.expires.at : Date.now() + task.expires.inMs;
  const except: number[] = [];
  for (const person of task.except) except.push((await findNamed(client, person)).id);
  const body = {
    album: id,
    expiresAt,
    ...(password !== undefined && { password }),
    ...(task.isCovered && { cover: { except } }),
  };
  const made = await client.ask<NewShare>('POST', '/v1/library/shares', body);
  const { share: link, links, path, qr } = made;
  const [first, ...others] = links;
  if (first === undefined) {
    const { problem } = await client.ask<Sharing>('GET', '/v1/library/sharing');
    const why = problem ?? 'Nobody listens: start focal serve. Then it is at port 4680 of this machine:';
    return { values: [made], lines: [why, path] };
  }
  const lines = [
    first,
    ...others.map((each) => `  or ${each}`),
    ...(link.cover === undefined ? [] : [`${describeCover(link.cover)}: guests see each photo once that is done.`]),
    `Link ${link.id} to ${link.albumName} ends ${toTime(link.expiresAt)}. It is told this once.`,
  ];
  return { values: [made], lines, drawing: qr !== undefined && process.stdout.isTTY ? drawQr(qr) : [] };
}

/** Whose faces guests see. */
function describeCover({ except }: NonNullable<Share['cover']>): string {
  const seen = except.filter(({ isSpared }) => isSpared).map(({ id, name }) => (name === '' ? `person ${id}` : name));
  return seen.length === 0 ? 'all faces covered' : `all faces covered but of ${seen.join(', ')}`;
}

async function listShares(client: LibraryClient, album: string | undefined): Promise<TaskOutput> {
  const query = album === undefined ? '' : `?album=${(await findAlbum(client, album)).id}`;
  const { shares } = await client.ask<{ shares: readonly Share[] }>('GET', `/v1/library/shares${query}`);
  if (shares.length === 0) return { values: [], lines: ['Nothing is shared.'] };
  const rows = shares.map(({ id, albumName, state, expiresAt, hasPassword, cover }) => [
    String(id),
    albumName,
    state,
    toTime(expiresAt),
    [...(hasPassword ? ['password'] : []), ...(cover === undefined ? [] : [describeCover(cover)])].join(', '),
  ]);
  return {
    values: shares,
    lines: toTableLines([['id', 'album', 'state', 'ends', ''], ...rows]),
  };
}

async function turnSharing(client: LibraryClient, isOn: boolean | undefined): Promise<TaskOutput> {
  if (isOn !== undefined) await client.ask('PATCH', '/v1/library/settings', { isSharing: isOn });
  const state = await client.ask<Sharing>('GET', '/v1/library/sharing');
  const where = state.isListening
    ? [
        `Guests reach this machine at ${state.origins.join(', ')}.`,
        ...(state.problem === undefined ? [] : [state.problem]),
      ]
    : state.isSharing
      ? [state.problem ?? 'Guests reach it while focal serve runs.']
      : [];
  return { values: [state], lines: [`Sharing is ${state.isSharing ? 'on' : 'off'}.`, ...where] };
}

async function protect(client: LibraryClient, task: Extract<AccessTask, { do: 'private' }>): Promise<TaskOutput> {
  const album = await findAlbum(client, task.album);
  const path = `/v1/library/albums/${album.id}/password`;
  if (task.isOff) {
    if (!album.isPrivate) throw new FocalError('invalid-argument', `The album ${album.name} is not private.`);
    const { token } = await unlock(client, album);
    await client.ask('DELETE', path, undefined, { 'focal-unlock': token });
    return said(album, false, `${album.name} is no longer private.`);
  }
  if (album.isPrivate) {
    const { token } = await unlock(client, album);
    const password = await readPassword('New password: ', { twice: true });
    await client.ask('PUT', path, { password }, { 'focal-unlock': token });
    return said(album, true, `${album.name} has a new password.`);
  }
  await client.ask('PUT', path, { password: await readPassword(`Password for ${album.name}: `, { twice: true }) });
  return said(album, true, `${album.name} is private: its photos are seen there only, by who has the password.`);
}

async function unlock(client: LibraryClient, { id, name }: Album): Promise<Key> {
  const password = await readPassword(`Password of ${name}: `);
  return client.ask<Key>('POST', `/v1/library/albums/${id}/unlock`, { password });
}

function said({ id, name }: Album, isPrivate: boolean, line: string): TaskOutput {
  return { values: [{ id, name, isPrivate }], lines: [line] };
}

/** Two rows a line; dark on light, whatever the terminal's colours are. */
function drawQr(rows: readonly string[]): readonly string[] {
  return Array.from({ length: Math.ceil(rows.length / 2) }, (_, line) => {
    const [upper = '', lower = ''] = [rows[2 * line], rows[2 * line + 1]];
    const cells = Array.from(upper, (cell, at) => {
      const below = lower[at] ?? '0';
      return cell === '1' ? (below === '1' ? '█' : '▀') : below === '1' ? '▄' : ' ';
    });
    return `\u001b[30;107m${cells.join('')}\u001b[0m`;
  });
}

function toTime(ms: number): string {
  return new Date(ms).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}
