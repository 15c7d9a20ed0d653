const VIEWS = ['photos', 'people', 'map', 'albums', 'duplicates', 'trash', 'settings'] as const;
export type ViewName = (typeof VIEWS)[number];

const PEOPLE_PAGES = ['find', 'unknown'] as const;
export type PeoplePage = (typeof PEOPLE_PAGES)[number];

/** Where in the library one is; all of it stands in the address. */
export interface Place {
  readonly view: ViewName;
  /** An album that is open. */
  readonly albumId?: number | undefined;
  /** A person whose page is open. */
  readonly personId?: number | undefined;
  /** A page under People: who a face is, or faces of nobody known. */
  readonly page?: PeoplePage | undefined;
  /** The face that is looked for on that page. */
  readonly faceId?: number | undefined;
  /** What is searched for, as it was written; empty for everything. */
  readonly search: string;
  /** A photo or video that is open. */
  readonly assetId?: number | undefined;
}

/** From the query of the page's address; what makes no sense is left out. */
export function parsePlace(query: string): Place {
  const params = new URLSearchParams(query);
  const view = VIEWS.find((each) => each === params.get('view')) ?? 'photos';
  const albumId = view === 'albums' ? toId(params.get('album')) : undefined;
  const personId = view === 'people' ? toId(params.get('person')) : undefined;
  const page =
    view === 'people' && personId === undefined ? PEOPLE_PAGES.find((each) => each === params.get('page')) : undefined;
  const faceId = page === 'find' ? toId(params.get('face')) : undefined;
  const assetId = toId(params.get('photo'));
  return {
    view,
    ...(albumId !== undefined && { albumId }),
    ...(personId !== undefined && { personId }),
    ...(page !== undefined && { page }),
    ...(faceId !== undefined && { faceId }),
    search: view === 'photos' || view === 'map' ? (params.get('q') ?? '').trim() : '',
    ...(assetId !== undefined && { assetId }),
  };
}

/** The page's address of a place: what {@link parsePlace} reads. */
export function toAddress({ view, albumId, personId, page, faceId, search, assetId }: Place): string {
  const params = new URLSearchParams();
  if (view !== 'photos') params.set('view', view);
  if (albumId !== undefined) params.set('album', String(albumId));
  if (personId !== undefined) params.set('person', String(personId));
  else if (page !== undefined && view === 'people') params.set('page', page);
  if (faceId !== undefined && page === 'find' && view === 'people') params.set('face', String(faceId));
  if (search.trim() !== '') params.set('q', search.trim());
  if (assetId !== undefined) params.set('photo', String(assetId));
  const query = params.toString();
  return query === '' ? '/library' : `/library?${query}`;
}

function toId(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}
