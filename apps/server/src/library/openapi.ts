import { METADATA_CHOICES } from '@focal/core';
import { EDITS_CHOICES, RENDER_FORMATS, SORTS } from '@focal/library';
import { z } from 'zod';
import { EDIT_PROBLEMS, jsonContent, problems } from '../openapi/answers.ts';
import type { Json, JsonObject } from '../openapi/json.ts';
import { file, pictureBody } from '../openapi/paths.ts';
import type { ProblemCode } from '../problems.ts';
import { answers, requests } from './schemas.ts';

type Answer = keyof typeof answers;

interface Route {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Options of the query. */
  readonly query?: Readonly<Record<string, JsonObject>>;
  readonly body?: keyof typeof requests;
  /** A picture comes with it. */
  readonly takesPicture?: boolean;
  /** Default 200; 204 and 202 have no content. */
  readonly status?: 200 | 201 | 202 | 204;
  readonly answer?: Answer;
  /** What is answered in place of JSON. */
  readonly content?: JsonObject;
  readonly problems?: readonly (readonly [ProblemCode, string])[];
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

const NOT_FOUND = ['not-found', 'There is nothing with this id.'] as const;
const NO_FILE = ['not-found', 'There is nothing with this id, or its file is not where it was.'] as const;
const NO_UPLOAD = ['not-found', 'There is no such upload, or it is too old.'] as const;
const NO_BACKUP = ['not-found', 'There is no backup of this name.'] as const;
const LOCKED = ['forbidden', 'The album is private: unlock it first.'] as const;
const INVALID = ['invalid-argument', 'An option or the body is not as expected.'] as const;
/** Of routes that take a picture. */
const PICTURE_PROBLEMS = EDIT_PROBLEMS.filter(([code]) => code !== 'not-acceptable');
/** Of every route. */
const HELD = ['busy', 'Another process uses the library: the message names it.'] as const;

const text = (description: string): JsonObject => ({ type: 'string', description });
const whole = (description: string, minimum: number, maximum: number): JsonObject => ({
  type: 'integer',
  minimum,
  maximum,
  description,
});
const toggle = (description: string): JsonObject => ({ type: 'boolean', description });
const many = (description: string): JsonObject => ({ type: 'array', items: { type: 'string' }, description });

const PAGE: Readonly<Record<string, JsonObject>> = {
  cursor: text('`next` of the page before.'),
  limit: { ...whole('Most on one page.', 1, 1000), default: 100 },
  sort: {
    type: 'string',
    enum: [...SORTS],
    default: 'newest',
    description: 'The order; a search may name another one itself, which holds where this is absent.',
  },
  count: toggle('Whether the first page tells how many there are; on by default.'),
};
const PART: Readonly<Record<string, JsonObject>> = {
  offset: whole('Left out at the start.', 0, 10_000_000),
  limit: whole('Most in one answer.', 1, 1000),
};
const FILTERS: Readonly<Record<string, JsonObject>> = {
  thing: many('A thing that is seen, such as dog; all of them.'),
  word: many('Part of names or caption; all of them.'),
  person: many('The id of a person who is seen; all of them.'),
  anyPerson: many('The id of a person; one of them at least is seen.'),
  kind: { type: 'string', enum: ['photo', 'video'], description: 'Photos or videos only.' },
  favourite: toggle('Favourites, or all others.'),
  rating: whole('At least so many stars.', 1, 5),
  from: text('Taken then or later, by the clock of the place: 2023, 2023-07, 2023-07-14 or 2023-07-14T18:30.'),
  to: text('Taken by the end of then.'),
  camera: text('Part of its maker or model.'),
  album: whole('In this album.', 1, 2 ** 31 - 1),
  folder: whole('In this folder.', 1, 2 ** 31 - 1),
  smiling: toggle('Somebody smiles, or nobody of those who are seen.'),
  minFaces: whole('At least so many faces.', 0, 1000),
  maxFaces: whole('At most so many faces.', 0, 1000),
  bounds: text('Taken within south,west,north,east in degrees; west may be greater across the date line.'),
  color: text('A good part is of about this colour: #3366cc.'),
  trashed: toggle('What was thrown away, in place of what is shown.'),
};

const SEARCH = text('A search in words and chips: dogs last summer -car place:Zurich.');
const MISREAD = [
  'invalid-argument',
  'An option is not as expected, or the search cannot be understood: offset and length point at the part.',
] as const;

const WEBP: JsonObject = { 'image/webp': { schema: {} } };
const VERSION: Readonly<Record<string, JsonObject>> = {
  v: text("The asset's version: the answer may then be kept for good."),
  of: {
    type: 'string',
    enum: ['shown', 'original'],
    default: 'shown',
    description: 'The version that is shown in place of the original, where there is one, or always the original.',
  },
};

/** For workers on other machines. */
const PUT_PICTURE: Omit<Route, 'id'> = {
  summary: 'Keep a small picture that a worker made elsewhere',
  description: 'The body is a picture in WebP of at most 4 MB.',
  query: { sha256: text('Of the original that it was made of.') },
  status: 204,
  problems: [INVALID, NOT_FOUND, ['too-large', 'The picture is larger than that.']],
};

const ROUTES: Readonly<Record<string, Partial<Record<Method, Route>>>> = {
  '': { get: { id: 'getLibrary', summary: 'How much is in the library, and what waits', answer: 'LibraryState' } },
  '/events': {
    get: {
      id: 'watchLibrary',
      summary: 'The state now and whenever it changes',
      description: 'Server-sent events: `state` with the JSON of `GET /v1/library`, and `ping` where nothing is new.',
      content: { 'text/event-stream': { schema: {} } },
    },
  },
  '/pause': { post: { id: 'pauseLibrary', summary: 'Look at no further photos for now', answer: 'LibraryState' } },
  '/resume': { post: { id: 'resumeLibrary', summary: 'Go on', answer: 'LibraryState' } },
  '/folders': {
    get: { id: 'listFolders', summary: 'The folders of the library', answer: 'LibraryFolders' },
    post: {
      id: 'addFolder',
      summary: 'Add a folder with all that is in it',
      description: 'The only place where a path is taken. It is looked through in the background. Files are only read.',
      body: 'addFolder',
      status: 201,
      answer: 'LibraryFolder',
      problems: [INVALID, ['not-found', 'There is no such folder.'], ['exists', 'It is in the library already.']],
    },
  },
  '/folders/rescan': {
    post: {
      id: 'rescanAll',
      summary: 'Look through all folders again',
      body: 'rescan',
      status: 202,
      problems: [INVALID],
    },
  },
  '/folders/{id}': {
    delete: {
      id: 'removeFolder',
      summary: 'Take a folder out of the library',
      description: 'No file is touched. What is nowhere else goes from views, and is as before when it comes back.',
      status: 204,
      problems: [NOT_FOUND],
    },
  },
  '/folders/{id}/rescan': {
    post: {
      id: 'rescanFolder',
      summary: 'Look through a folder again',
      body: 'rescan',
      status: 202,
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/folders/{id}/stop': { post: { id: 'stopScan', summary: 'Stop looking through a folder', status: 204 } },
  '/assets': {
    get: {
      id: 'listAssets',
      summary: 'Photos and videos, a page at a time',
      query: { ...PAGE, ...FILTERS },
      answer: 'AssetPage',
      problems: [INVALID],
    },
    patch: {
      id: 'changeAssets',
      summary: 'Favourite, rate, describe, throw away or bring back several at once',
      body: 'changeAssets',
      answer: 'Changed',
      problems: [INVALID],
    },
  },
  '/assets/{id}': {
    get: { id: 'getAsset', summary: 'All that is known of a photo or video', answer: 'Asset', problems: [NOT_FOUND] },
    patch: {
      id: 'changeAsset',
      summary: 'Favourite, rate, describe, throw away or bring back one',
      body: 'changeAsset',
      answer: 'Asset',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/assets/{id}/thumbnail': {
    get: {
      id: 'getThumbnail',
      summary: 'Upright, at most 480 pixels a side',
      query: VERSION,
      content: WEBP,
      problems: [NO_FILE, ['corrupt-input', 'The file is broken.']],
    },
    put: { id: 'putThumbnail', ...PUT_PICTURE },
  },
  '/assets/{id}/preview': {
    get: {
      id: 'getPreview',
      summary: 'Upright, at most 1440 pixels a side',
      query: VERSION,
      content: WEBP,
      problems: [NO_FILE, ['corrupt-input', 'The file is broken.']],
    },
    put: { id: 'putPreview', ...PUT_PICTURE },
  },
  '/assets/{id}/original': {
    get: {
      id: 'getOriginal',
      summary: 'The file as it is',
      description: 'Parts of it by `Range`.',
      content: { 'image/*': { schema: {} }, 'video/*': { schema: {} } },
      problems: [NO_FILE],
    },
  },
  '/export': {
    get: {
      id: 'exportAssets',
      summary: 'Photos and videos as one ZIP file',
      description:
        'Made while it is sent. What cannot be read is told in the file `Not saved.txt` within. Originals are as they are.',
      query: {
        ids: text('Of up to 1000, parted by commas.'),
        edits: {
          type: 'string',
          enum: [...EDITS_CHOICES],
          default: 'none',
          description:
            'Whether photos that are shown edited go out as they were, with the edited one beside, or edited only.',
        },
        metadata: {
          type: 'string',
          enum: [...METADATA_CHOICES],
          default: 'none',
          description: 'What edited photos keep of the metadata of their originals.',
        },
        sidecars: toggle('XMP beside each original: rating, caption, keywords, names of people. Off by default.'),
      },
      content: { 'application/zip': { schema: {} } },
      problems: [INVALID, NOT_FOUND, ['too-large', 'Too many at a time.']],
    },
  },
  '/hurry': {
    post: {
      id: 'hurry',
      summary: 'Look at these first: they are on the screen',
      body: 'ids',
      status: 204,
      problems: [INVALID],
    },
  },
  '/search': {
    get: {
      id: 'search',
      summary: 'Find photos and videos',
      description: 'The language of searches is described in docs/search.md. Filters narrow down what it finds.',
      query: { q: SEARCH, ...PAGE, ...FILTERS },
      answer: 'SearchPage',
      problems: [MISREAD],
    },
  },
  '/search/suggest': {
    get: {
      id: 'suggest',
      summary: 'What could stand at a place in a search, and whether it can be understood',
      query: {
        q: SEARCH,
        at: whole('Where in it one is writing; its end by default.', 0, 2000),
        limit: { ...whole('Most in one answer.', 1, 50), default: 8 },
      },
      answer: 'SearchHelp',
      problems: [INVALID],
    },
  },
  '/places': {
    get: { id: 'listPlaces', summary: 'Cities near which photos were taken, with counts', answer: 'LibraryPlaces' },
  },
  '/map': {
    get: {
      id: 'getMap',
      summary: 'What was taken where, in cells',
      query: {
        q: SEARCH,
        cell: {
          type: 'number',
          minimum: 0.00001,
          maximum: 90,
          description: 'Degrees of longitude that a cell is wide.',
        },
        within: text('What the map shows: south,west,north,east in degrees; all of the earth by default.'),
        ...FILTERS,
      },
      answer: 'LibraryMap',
      problems: [MISREAD],
    },
  },
  '/timeline': { get: { id: 'getTimeline', summary: 'Months with how many each has', answer: 'Timeline' } },
  '/things': { get: { id: 'listThings', summary: 'Things that are seen, the most frequent first', answer: 'Things' } },
  '/duplicates': {
    get: {
      id: 'listDuplicates',
      summary: 'Photos that look the same, and files of one content',
      query: PART,
      answer: 'Duplicates',
      problems: [INVALID],
    },
  },
  '/bad': {
    get: {
      id: 'listBadFiles',
      summary: 'Files that could not be read, and why',
      query: PART,
      answer: 'BadFiles',
      problems: [INVALID],
    },
  },
  '/bad/retry': { post: { id: 'retryBad', summary: 'Try all of them again', status: 202 } },
  '/people': {
    get: {
      id: 'listPeople',
      summary: 'People who are seen',
      description: 'Favourites first, then people with a name, then the others, each by the number of their faces.',
      query: {
        cursor: text('`next` of the page before.'),
        limit: { ...whole('Most on one page.', 1, 1000), default: 100 },
        minFaces: whole('So many faces at least, of people without a name.', 1, 1_000_000),
        hidden: toggle('Hidden people in place of all others.'),
        named: toggle('Only people who have a name, or none.'),
        name: text('Part of the name.'),
        sort: { type: 'string', enum: ['size', 'name'], default: 'size', description: 'By size, or by name.' },
      },
      answer: 'People',
      problems: [INVALID],
    },
  },
  '/people/suggestions': {
    get: {
      id: 'suggestPeople',
      summary: 'Questions whose answers help to tell people apart, the surest first',
      query: {
        limit: { ...whole('Most in one answer.', 1, 200), default: 20 },
        person: whole('Only about this person.', 1, 2 ** 31 - 1),
      },
      answer: 'Suggestions',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/people/suggestions/answer': {
    post: {
      id: 'answerSuggestion',
      summary: 'Answer a question',
      body: 'answerSuggestion',
      answer: 'PeopleActed',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/people/merge': {
    post: {
      id: 'mergePeople',
      summary: 'These are all one person',
      description: 'Refused where a photo shows two of them, unless it is said to be a mirror or a collage.',
      body: 'mergePeople',
      answer: 'PersonActed',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/people/split': {
    post: {
      id: 'splitPerson',
      summary: 'These faces are one person, and another than they were thought to be',
      body: 'splitPerson',
      status: 201,
      answer: 'PersonActed',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/people/apart': {
    post: {
      id: 'keepPeopleApart',
      summary: 'These are two people, however alike',
      body: 'peopleApart',
      answer: 'PeopleActed',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/storage': {
    get: {
      id: 'getStorage',
      summary: 'What the library keeps beside the files of folders, and how much room there is',
      answer: 'LibraryStorage',
    },
  },
  '/storage/free': {
    post: {
      id: 'freeStorage',
      summary: 'Delete pictures that are made again when they are asked for',
      answer: 'LibraryFreed',
    },
  },
  '/people/actions': {
    get: {
      id: 'listPeopleActions',
      summary: 'What was done with people, the newest first: the first can be taken back',
      query: { limit: { ...whole('Most in one answer.', 1, 500), default: 50 } },
      answer: 'PeopleActions',
      problems: [INVALID],
    },
  },
  '/people/undo': {
    post: {
      id: 'undoPeople',
      summary: 'Take the last action with people back',
      body: 'undoPeople',
      answer: 'PeopleUndone',
      problems: [
        INVALID,
        ['not-found', 'There is nothing to undo.'],
        ['exists', 'Something else was done since the action that is meant.'],
      ],
    },
  },
  '/people/search': {
    post: {
      id: 'searchPeople',
      summary: 'Who is this? People and faces that are nearest to a face of a picture',
      query: {
        limit: { ...whole('Most of each.', 1, 60), default: 20 },
        face: { ...whole('Which of its faces, 0 the largest.', 0, 1000), default: 0 },
      },
      takesPicture: true,
      answer: 'FaceSearch',
      problems: [...PICTURE_PROBLEMS, ['not-found', 'No face is seen in the picture.']],
    },
  },
  '/people/{id}': {
    get: { id: 'getPerson', summary: 'A person', answer: 'Person', problems: [NOT_FOUND] },
    patch: {
      id: 'changePerson',
      summary: 'Name, favourite, hide, choose the cover',
      body: 'changePerson',
      answer: 'PersonChanged',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/people/{id}/faces': {
    get: {
      id: 'listFaces',
      summary: 'The faces of a person, the best first',
      description: 'Their photos: `GET /v1/library/assets?person=ID`.',
      query: { cursor: text('`next` of the page before.'), limit: whole('Most on one page.', 1, 1000) },
      answer: 'Faces',
      problems: [INVALID, NOT_FOUND],
    },
    post: {
      id: 'moveFaces',
      summary: 'These faces are this person',
      body: 'faces',
      answer: 'PersonActed',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/faces/unknown': {
    get: {
      id: 'listUnknownFaces',
      summary: 'Faces of nobody known, the best first',
      query: {
        small: toggle('Only those that are too small or too blurred to make somebody, or only the others.'),
        cursor: text('`next` of the page before.'),
        limit: whole('Most on one page.', 1, 1000),
      },
      answer: 'Faces',
      problems: [INVALID],
    },
  },
  '/faces/reject': {
    post: {
      id: 'rejectFaces',
      summary: 'These faces are not this person',
      body: 'rejectFaces',
      answer: 'PeopleActed',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/faces/remove': {
    post: {
      id: 'removeFaces',
      summary: 'These are no faces',
      body: 'faces',
      answer: 'PeopleActed',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/faces/hide': {
    post: {
      id: 'hideFaces',
      summary: 'Each of these is somebody who is not to be listed',
      body: 'faces',
      answer: 'PeopleActed',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/faces/{id}/resembling': {
    get: {
      id: 'resemblingFaces',
      summary: 'Who a face of the library is like, itself left out',
      query: { limit: whole('Most people and most faces.', 1, 60) },
      answer: 'FaceSearch',
      problems: [INVALID, ['not-found', 'There is no such face, or it cannot be compared.']],
    },
  },
  '/faces/{id}/picture': {
    get: {
      id: 'getFacePicture',
      summary: 'A face with what is around it: square, upright, at most 256 pixels a side',
      query: { v: text("The face's version: the answer may then be kept for good.") },
      content: WEBP,
      problems: [NO_FILE, ['corrupt-input', 'The file is broken.']],
    },
  },
  '/assets/{id}/faces': {
    post: {
      id: 'drawFace',
      summary: 'There is a face in this part of a photo',
      description: 'Of this person, of somebody new by this name, or of whom it resembles.',
      body: 'drawFace',
      status: 201,
      answer: 'FaceDrawn',
      problems: [INVALID, NOT_FOUND, ['exists', 'There is a face there already.']],
    },
  },
  '/assets/{id}/double': {
    put: {
      id: 'setDouble',
      summary: 'Whether one person may be seen twice in this photo: a mirror, a collage',
      body: 'setDouble',
      answer: 'PeopleActed',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/albums': {
    get: { id: 'listAlbums', summary: 'All albums, in their order', answer: 'Albums' },
    post: {
      id: 'createAlbum',
      summary: 'A new album',
      body: 'newAlbum',
      status: 201,
      answer: 'Album',
      problems: [INVALID],
    },
  },
  '/albums/order': {
    put: {
      id: 'arrangeAlbums',
      summary: 'Put albums first, in this order',
      body: 'ids',
      answer: 'Albums',
      problems: [INVALID],
    },
  },
  '/albums/{id}': {
    get: { id: 'getAlbum', summary: 'An album', answer: 'Album', problems: [NOT_FOUND] },
    patch: {
      id: 'changeAlbum',
      summary: 'Rename, describe, choose the cover',
      body: 'changeAlbum',
      answer: 'Album',
      problems: [INVALID, NOT_FOUND, LOCKED],
    },
    delete: {
      id: 'removeAlbum',
      summary: 'Delete an album; its photos stay in the library',
      status: 204,
      problems: [NOT_FOUND, LOCKED],
    },
  },
  '/albums/{id}/assets': {
    get: {
      id: 'listAlbumAssets',
      summary: "What is in it, in the album's own order",
      description: 'Of a smart album, what its search finds, in the order that it names.',
      query: PART,
      answer: 'AlbumAssets',
      problems: [INVALID, NOT_FOUND, LOCKED],
    },
    post: {
      id: 'addToAlbum',
      summary: 'Add several at its end',
      body: 'ids',
      answer: 'Changed',
      problems: [INVALID, NOT_FOUND, LOCKED],
    },
    delete: {
      id: 'removeFromAlbum',
      summary: 'Take several out',
      body: 'ids',
      answer: 'Changed',
      problems: [INVALID, NOT_FOUND, LOCKED],
    },
  },
  '/albums/{id}/order': {
    put: {
      id: 'arrangeAlbum',
      summary: 'Put these first, in this order',
      body: 'ids',
      status: 204,
      problems: [INVALID, NOT_FOUND, LOCKED],
    },
  },
};

/** Who may see what. */
const SHARE_ROUTES: typeof ROUTES = {
  '/albums/{id}/password': {
    put: {
      id: 'protectAlbum',
      summary: 'Make an album private, or give it another password',
      description:
        'Its photos go from every other view, and are told by their ids only to who has unlocked it. Its links end. ' +
        'Nobody can bring a forgotten password back: see docs/sharing.md.',
      body: 'albumPassword',
      answer: 'AlbumKey',
      problems: [INVALID, NOT_FOUND, LOCKED],
    },
    delete: {
      id: 'unprotectAlbum',
      summary: 'Take the password of an album away: its photos are seen everywhere again',
      status: 204,
      problems: [NOT_FOUND, LOCKED],
    },
  },
  '/albums/{id}/unlock': {
    post: {
      id: 'unlockAlbum',
      summary: 'Open a private album for this client',
      description:
        'The token goes with each request as the header `focal-unlock`, or as a cookie. It is kept in memory only, ' +
        'and ends when it is not used for a while.',
      body: 'albumPassword',
      answer: 'AlbumKey',
      problems: [
        INVALID,
        NOT_FOUND,
        ['forbidden', 'That is not the password.'],
        ['busy', 'Too many wrong passwords: Retry-After tells how long to wait.'],
      ],
    },
  },
  '/lock': { post: { id: 'lockAlbums', summary: 'Lock all private albums for this client', status: 204 } },
  '/sharing': {
    get: { id: 'getSharing', summary: 'Whether guests can reach shared albums, and where', answer: 'Sharing' },
  },
  '/shares': {
    get: {
      id: 'listShares',
      summary: 'Links to albums, the newest first; those that ended are listed for 30 days',
      query: { album: whole('Of this album only.', 1, 2 ** 31 - 1) },
      answer: 'Shares',
      problems: [INVALID, NOT_FOUND],
    },
    post: {
      id: 'shareAlbum',
      summary: 'A link by which guests on the local network see the photos of an album',
      description:
        'They get small pictures without metadata, names or places; of a video, a still. With `cover`, faces are covered but for those of the people named; a photo is shown once that is done, and videos are left out.',
      body: 'newShare',
      status: 201,
      answer: 'NewShare',
      problems: [INVALID, NOT_FOUND, ['forbidden', 'Sharing is off for this library.']],
    },
  },
  '/shares/{id}': {
    delete: { id: 'revokeShare', summary: 'End a link at once', answer: 'Share', problems: [NOT_FOUND] },
  },
};

/** What keeps the library safe, and brings files to it. */
/** Edits of photos, kept beside the originals. */
const VERSION_ROUTES: typeof ROUTES = {
  '/assets/{id}/versions': {
    get: {
      id: 'listVersions',
      summary: 'What was made of a photo, the oldest first',
      answer: 'Versions',
      problems: [INVALID, NOT_FOUND],
    },
    post: {
      id: 'createVersion',
      summary: 'Keep a recipe as a version beside the original',
      description: 'The original is not touched. Corrections by hand are bound to the content of its file.',
      body: 'newVersion',
      status: 201,
      answer: 'Version',
      problems: [INVALID, NOT_FOUND, ['too-large', 'The photo has too many versions, or the body is too large.']],
    },
  },
  '/assets/{id}/versions/current': {
    put: {
      id: 'showVersion',
      summary: 'Show a version in place of the original, or the original again',
      body: 'showVersion',
      answer: 'Versions',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/assets/{id}/versions/{version}': {
    get: { id: 'getVersion', summary: 'A version of a photo', answer: 'Version', problems: [NOT_FOUND] },
    patch: {
      id: 'changeVersion',
      summary: 'Rename a version, or replace its recipe',
      body: 'changeVersion',
      answer: 'Version',
      problems: [INVALID, NOT_FOUND, ['too-large', 'The body is too large.']],
    },
    delete: {
      id: 'deleteVersion',
      summary: 'Delete a version',
      description: 'For 30 days it can be brought back. Where it was shown, the original is.',
      status: 204,
      problems: [NOT_FOUND],
    },
  },
  '/assets/{id}/versions/{version}/restore': {
    post: { id: 'restoreVersion', summary: 'Bring a deleted version back', answer: 'Version', problems: [NOT_FOUND] },
  },
  '/assets/{id}/versions/{version}/recipe': {
    get: {
      id: 'getVersionRecipe',
      summary: 'The recipe of a version, for /v1/render and the studio',
      content: { 'application/json': { schema: { type: 'object' } } },
      problems: [NOT_FOUND],
    },
  },
  '/assets/{id}/versions/{version}/thumbnail': {
    get: {
      id: 'getVersionThumbnail',
      summary: 'A version, upright, at most 480 pixels a side; rendered where it is missing',
      query: { v: text("The version's tag: the answer may then be kept for good.") },
      content: WEBP,
      problems: [NO_FILE, ['corrupt-input', 'The file is broken.']],
    },
  },
  '/assets/{id}/versions/{version}/preview': {
    get: {
      id: 'getVersionPreview',
      summary: 'A version, upright, at most 1440 pixels a side; rendered where it is missing',
      query: { v: text("The version's tag: the answer may then be kept for good.") },
      content: WEBP,
      problems: [NO_FILE, ['corrupt-input', 'The file is broken.']],
    },
  },
  '/assets/{id}/versions/{version}/picture': {
    get: {
      id: 'getVersionPicture',
      summary: 'A version in full size',
      query: {
        format: {
          type: 'string',
          enum: [...RENDER_FORMATS],
          description: 'Default: as the photo, or PNG where parts may be transparent.',
        },
        quality: whole('Of formats that lose something.', 1, 100),
        metadata: {
          type: 'string',
          enum: [...METADATA_CHOICES],
          default: 'none',
          description: "What of the photo's EXIF goes into it.",
        },
      },
      content: { 'image/*': { schema: {} } },
      problems: [INVALID, NO_FILE, ['corrupt-input', 'The file is broken.'], ['timeout', 'It took too long.']],
    },
  },
};

const STORE_ROUTES: typeof ROUTES = {
  '/settings': {
    get: { id: 'getLibrarySettings', summary: 'What was chosen for the library', answer: 'LibrarySettings' },
    patch: {
      id: 'changeLibrarySettings',
      summary: 'Watch folders, make daily backups, share albums: or not',
      body: 'changeSettings',
      answer: 'LibrarySettings',
      problems: [INVALID],
    },
  },
  '/assets/{id}/xmp': {
    get: {
      id: 'getXmp',
      summary: 'What a sidecar of it would hold: rating, caption, keywords, who is where',
      content: { 'application/rdf+xml': { schema: {} } },
      problems: [NOT_FOUND],
    },
  },
  '/sidecars': {
    post: {
      id: 'writeSidecars',
      summary: 'Write XMP files beside the originals of these',
      description: 'What other programs wrote into them stays. Originals are not touched.',
      body: 'ids',
      answer: 'Sidecars',
      problems: [INVALID, NOT_FOUND],
    },
  },
  '/uploads': {
    get: { id: 'listUploads', summary: 'Uploads under way, and those that ended lately', answer: 'Uploads' },
    post: {
      id: 'createUpload',
      summary: 'Begin an upload, by the tus protocol 1.0',
      description:
        'Headers: `Tus-Resumable: 1.0.0`, `Upload-Length` in bytes, `Upload-Metadata` with `filename`, and where they are known `sha256` in hex and `modified` in milliseconds since 1970. A body is its first part. Extensions: creation, creation-with-upload, checksum, termination, expiration. The answer has its address as `Location`.',
      status: 201,
      problems: [INVALID, ['too-large', 'The file is over the limit.'], ['no-space', 'The disk is full.']],
    },
  },
  '/uploads/{upload}': {
    get: {
      id: 'getUpload',
      summary: 'How far it is and what came of it; with HEAD `Upload-Offset` alone',
      answer: 'Upload',
      problems: [NO_UPLOAD],
    },
    patch: {
      id: 'appendToUpload',
      summary: 'Send a part',
      description:
        'Body: `application/offset+octet-stream`, from `Upload-Offset` on, with `Upload-Checksum` as you like (460 where it differs). What came before a connection broke is kept.',
      status: 204,
      problems: [INVALID, NO_UPLOAD, ['exists', 'It does not go on there.'], ['no-space', 'The disk is full.']],
    },
    delete: { id: 'removeUpload', summary: 'Cancel an upload', status: 204, problems: [NO_UPLOAD] },
  },
  '/backups': {
    get: { id: 'listBackups', summary: "Backups in the library's own folder, the newest first", answer: 'Backups' },
    post: {
      id: 'createBackup',
      summary: 'Make a backup of everything that cannot be made again',
      description: 'It stays in the folder of the library until it is deleted. Photos and videos are not in it.',
      status: 201,
      answer: 'Backup',
      problems: [['no-space', 'The disk is full.']],
    },
  },
  '/backups/{name}': {
    get: {
      id: 'getBackup',
      summary: 'The file of a backup',
      content: { 'application/gzip': { schema: {} } },
      problems: [NO_BACKUP],
    },
    delete: { id: 'removeBackup', summary: 'Delete a backup', status: 204, problems: [NO_BACKUP] },
  },
};

/** The paths of `/v1/library`. */
export function libraryPaths(): Record<string, JsonObject> {
  return Object.fromEntries(
    Object.entries({ ...ROUTES, ...VERSION_ROUTES, ...SHARE_ROUTES, ...STORE_ROUTES }).map(([path, methods]) => [
      `/v1/library${path}`,
      Object.fromEntries(Object.entries(methods).map(([method, route]) => [method, toOperation(path, route)])),
    ]),
  );
}

/** What they refer to by name. */
export function libraryComponents(): Record<string, JsonObject> {
  return Object.fromEntries(Object.entries(answers).map(([name, schema]) => [name, toSchema(schema)]));
}

function toOperation(path: string, route: Route): JsonObject {
  const { id, summary, description, query = {}, body, takesPicture = false, status = 200, answer, content } = route;
  const parameters: JsonObject[] = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
      name,
      in: 'path',
      required: true,
      schema:
        name === 'id' || name === 'version'
          ? ({ type: 'integer', minimum: 1 } as const)
          : ({ type: 'string' } as const),
    })),
    ...Object.entries(query).map(([name, { description: what = '', ...schema }]) => ({
      name,
      in: 'query',
      required: false,
      description: what,
      schema,
    })),
  ];
  const given = answer === undefined ? content : jsonContent(answer);
  return {
    tags: ['library'],
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: toSchema(requests[body]) } } },
    }),
    ...(takesPicture && { requestBody: pictureBody({ image: file('The picture.') }) }),
    responses: {
      [String(status)]: { description: summary, ...(given !== undefined && { content: given }) },
      ...problems([...(route.problems ?? []), HELD]),
    },
  };
}

function toSchema(schema: z.ZodType): JsonObject {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema) as Record<string, Json>;
  return json;
}
