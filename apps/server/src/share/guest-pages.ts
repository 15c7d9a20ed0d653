import type { SharedPhoto } from '@focal/library';

/** Where a page's own files are. */
export const STYLE_PATH = '/look.css';
export const SCRIPT_PATH = '/photos.js';
export const ICON_PATH = '/icon.svg';

/** Photos of one page; further ones come as they are come to. */
export const PAGE_PHOTOS = 120;

export interface AlbumPage {
  /** `/s/TOKEN` */
  readonly path: string;
  readonly name: string;
  readonly photos: readonly SharedPhoto[];
  /** Photos and videos. */
  readonly total: number;
  /** Of them. */
  readonly videos: number;
  /** Videos that are not shown. */
  readonly leftOut: number;
  /** Photos before this page's. */
  readonly offset: number;
  readonly expiresAt: number;
}

/** The photos of an album, as a whole page. */
export function renderAlbum({ path, name, photos, total, videos, leftOut, offset, expiresAt }: AlbumPage): string {
  const items = photos.map(({ key, width, height, state, isVideo }, index) => {
    const ratio = Math.min(4, Math.max(0.25, width / height)).toFixed(3);
    const name = `${isVideo ? 'Video' : 'Photo'} ${offset + index + 1}`;
    const alt = `${name}${state === 'ready' ? '' : `: ${WORDS[state].join(' ')}`}`;
    // The picture says so already to those who do not see it.
    const words = state === 'ready' ? '' : `<span class="words" aria-hidden="true">${TILE_WORDS[state]}</span>`;
    return `<li data-ratio="${ratio}" data-key="${key}" data-state="${state}"${isVideo ? ` data-still="${path}/photo/${key}"` : ''}><a href="${path}/${isVideo ? 'video' : 'photo'}/${key}"><img src="${path}/small/${key}" alt="${alt}" loading="lazy" decoding="async">${words}${isVideo ? '<span class="film" aria-hidden="true">Video</span>' : ''}</a></li>`;
  });
  const isWaiting = photos.some(({ state }) => state === 'waiting');
  const next = offset + photos.length;
  const counts = [countOf(total - videos, 'photo'), countOf(videos, 'video')].filter((words) => words !== '');
  const count = counts.length === 0 ? 'Nothing' : counts.join(' and ');
  const missing =
    leftOut === 0
      ? ''
      : ` ${leftOut === 1 ? 'A video is' : `${leftOut} videos are`} not shown: only faces in photos are covered.`;
  return page(
    name,
    `<header><h1>${escape(name)}</h1><p>${count}.${missing} This link ends ${toDay(expiresAt)}.</p></header>
${total === 0 ? '<header><p>There is nothing in this album now.</p></header>' : ''}
<ul class="photos" data-total="${total}" data-from="${offset}">${items.join('')}<li class="rest"></li></ul>
${next < total ? `<a class="more" href="${path}?from=${next}">More photos</a>` : ''}
<dialog aria-label="Photo" tabindex="-1" autofocus><img alt=""><video controls playsinline hidden></video><p class="gone" hidden>This photo cannot be shown now.</p><p class="waits" hidden>${WORDS.waiting.join(' ')}</p><p class="place" aria-live="polite"></p><button class="back" aria-label="Photo before">‹</button><button class="on" aria-label="Next photo">›</button><button class="close" aria-label="Close">×</button></dialog>
<script src="${SCRIPT_PATH}"></script>`,
    isWaiting ? '<noscript><meta http-equiv="refresh" content="10"></noscript>' : '',
  );
}

/** Empty where there are none. */
function countOf(count: number, what: string): string {
  return count === 0 ? '' : count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

const WORDS = {
  waiting: ['Faces are being covered.', 'This takes a moment.'],
  failed: ['Faces could not be covered,', 'so this photo is not shown.'],
} as const;
/** The same on tiles, which are small. */
const TILE_WORDS = {
  waiting: 'Faces are being covered …',
  failed: WORDS.failed.join(' '),
} as const;

/** A picture in place of one that is being made, or cannot be. */
export function renderStandIn(state: 'waiting' | 'failed'): string {
  const lines = WORDS[state].map((line, i) => `<text x="240" y="${168 + 34 * i}">${line}</text>`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" width="480" height="320"><rect width="480" height="320" fill="#77736c"/><g fill="#fff" font-family="system-ui, sans-serif" font-size="24" text-anchor="middle">${lines}</g></svg>`;
}

/** Asks for the password; nothing is told of the album. */
export function renderPasswordForm(path: string, problem?: string): string {
  return page(
    'Shared photos',
    `<main class="card"><h1>These photos have a password</h1><p>Whoever sent you the link knows it.</p>
<form method="post" action="${path}"><label>Password<input type="password" name="password" required autofocus autocomplete="off" maxlength="200"></label>
${problem === undefined ? '' : `<p class="wrong" role="alert">${escape(problem)}</p>`}<button>Show the photos</button></form></main>`,
  );
}

/** A few words in place of photos. */
export function renderWords(title: string, text: string): string {
  return page(title, `<main class="card"><h1>${escape(title)}</h1><p>${escape(text)}</p></main>`);
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escape(title)}</title><link rel="icon" href="${ICON_PATH}" type="image/svg+xml"><link rel="stylesheet" href="${STYLE_PATH}">${head}</head>
<body>${body}</body></html>
`;
}

function toDay(ms: number): string {
  return `on ${new Date(ms).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}`;
}

function escape(text: string): string {
  const named: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (each) => named[each] as string);
}
