import { LONGEST_PASSWORD, SHORTEST_PASSWORD, STORED_PARTS } from '@focal/library';
import { z } from 'zod';

const id = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);
const ids = z.array(id).min(1).max(10_000);
const count = z.int().min(0);
const fraction = z.number();
const point = z.object({ x: fraction, y: fraction });
const box = z.object({ x: fraction, y: fraction, width: fraction, height: fraction });
const atMs = z.int().min(0).optional().describe('Of a video: in which frame, in milliseconds from its start.');
const milliseconds = z.int().describe('Milliseconds since 1970.');

/** What requests hold. */
export const requests = {
  addFolder: z.strictObject({ path: z.string().min(1).max(4096).describe('A folder of the machine of the server.') }),
  rescan: z.strictObject({ retryBad: z.boolean().optional().describe('Read bad files again, too.') }),
  changeAsset: z.strictObject({
    isFavourite: z.boolean().optional(),
    rating: z.int().min(0).max(5).optional(),
    caption: z.string().max(5000).optional(),
    isTrashed: z.boolean().optional().describe('Thrown away, or brought back. Files stay where they are.'),
  }),
  changeAssets: z.strictObject({
    ids,
    isFavourite: z.boolean().optional(),
    rating: z.int().min(0).max(5).optional(),
    caption: z.string().max(5000).optional(),
    isTrashed: z.boolean().optional().describe('Thrown away, or brought back. Files stay where they are.'),
  }),
  ids: z.strictObject({ ids }),
  changeSettings: z.strictObject({
    isWatching: z.boolean().optional(),
    hasDailyBackups: z.boolean().optional(),
    isSharing: z.boolean().optional().describe('Lets guests reach shared albums, on the local network.'),
  }),
  changePerson: z.strictObject({
    name: z.string().max(200).optional().describe('Empty takes it away.'),
    isFavourite: z.boolean().optional(),
    isHidden: z.boolean().optional(),
    coverFaceId: id.nullable().optional().describe('A face of this person; null takes the best one again.'),
  }),
  mergePeople: z.strictObject({
    into: id.describe('Who goes on.'),
    from: ids,
    allowDoubles: z.boolean().optional().describe('Photos that show two of them are mirrors or collages.'),
  }),
  splitPerson: z.strictObject({ faces: ids, name: z.string().max(200).optional() }),
  peopleApart: z.strictObject({ people: z.array(id).length(2) }),
  faces: z.strictObject({ faces: ids }),
  rejectFaces: z.strictObject({
    faces: ids,
    person: id.optional().describe('Whom they are not; by default whom each was taken for.'),
  }),
  drawFace: z.strictObject({
    box: box.strict().describe('In fractions of the upright photo.'),
    person: id.optional().describe('Who it is.'),
    name: z.string().max(200).optional().describe('Who it is: somebody new.'),
  }),
  setDouble: z.strictObject({ isDouble: z.boolean() }),
  newVersion: z.strictObject({
    recipe: z.record(z.string(), z.unknown()).describe('Focal’s recipe: see the route /v1/render.'),
    name: z.string().max(200).optional(),
    isCurrent: z.boolean().optional().describe('Whether it is shown in place of the original. Default true.'),
  }),
  changeVersion: z.strictObject({
    name: z.string().max(200).optional(),
    recipe: z.record(z.string(), z.unknown()).optional().describe('In place of the one it has.'),
  }),
  showVersion: z.strictObject({ version: id.nullable().describe('Null for the original.') }),
  answerSuggestion: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('same-person'), people: z.array(id).length(2), isSo: z.boolean() }),
    z.strictObject({ kind: z.literal('is-person'), face: id, person: id, isSo: z.boolean() }),
  ]),
  undoPeople: z.strictObject({
    action: id.optional().describe('The action that is meant: it has to be the last one.'),
  }),
  newAlbum: z.strictObject({
    name: z.string().min(1).max(200),
    description: z.string().max(5000).optional(),
    query: z.string().min(1).max(2000).optional().describe('Makes it a smart album: what this search finds.'),
  }),
  changeAlbum: z.strictObject({
    name: z.string().min(1).max(200).optional(),
    description: z.string().max(5000).optional(),
    query: z.string().min(1).max(2000).optional().describe('Of a smart album.'),
    coverId: id.nullable().optional().describe('One of its photos; null takes the newest again.'),
  }),
  albumPassword: z.strictObject({ password: z.string().min(1).max(LONGEST_PASSWORD) }),
  newShare: z.strictObject({
    album: id,
    expiresAt: milliseconds.optional().describe('When the link ends, at most 366 days ahead; in 7 days by default.'),
    password: z
      .string()
      .min(1)
      .max(LONGEST_PASSWORD)
      .optional()
      .describe(`What guests have to know beside the link: at least ${SHORTEST_PASSWORD} characters.`),
    cover: z
      .strictObject({
        except: z.array(id).max(100).optional().describe('Ids of people whose faces stay.'),
      })
      .optional()
      .describe('Faces are covered for guests.'),
  }),
};

const size = z.object({ width: count, height: count });

const summary = z.object({
  id,
  kind: z.enum(['photo', 'video']),
  width: count.describe('Upright, in pixels.'),
  height: count,
  durationMs: count.optional(),
  takenAt: z.string().optional().describe('The clock of the place, with its offset where it is known.'),
  sortTime: z.int().describe('What views are sorted by: milliseconds of that clock as if UTC.'),
  isFavourite: z.boolean(),
  rating: z.int().min(0).max(5),
  placeholder: z.string().optional().describe('WebP of a dozen pixels, in base64.'),
  focalPoint: point.optional().describe('Where the eye should rest, in fractions of the upright photo.'),
  isIndexed: z.boolean().describe('Whether there is a thumbnail.'),
  version: z.string().describe('For ?v= of thumbnail and preview, whose answers may then be kept for good.'),
  trashedAt: milliseconds.optional(),
  shown: z
    .object({ versionId: id, size: size.optional() })
    .optional()
    .describe('The version that is shown in place of the original; its size once it was rendered.'),
});

const version = z.object({
  id,
  assetId: id,
  name: z.string(),
  createdAt: milliseconds,
  changedAt: milliseconds.describe('When its recipe was last replaced.'),
  isCurrent: z.boolean().describe('Whether it is shown in place of the original.'),
  tag: z.string().describe('For ?v= of its thumbnail and preview, whose answers may then be kept for good.'),
  size: size.optional().describe('Absent until it was rendered.'),
  warnings: z.array(z.string()).describe('What of the recipe could not be done with the photo as it is now.'),
  problem: z.string().optional().describe('Why it could not be rendered.'),
});

const report = z.object({
  found: count,
  added: count,
  moved: count,
  changed: count,
  unchanged: count,
  removed: count,
  bad: count,
  ignored: count,
  offline: z.boolean(),
});

const jobs = z.object({ waiting: count, running: count });

const album = z.object({
  id,
  name: z.string(),
  description: z.string(),
  coverId: id.optional().describe('The cover that was chosen, else the newest photo.'),
  query: z.string().optional().describe('Of a smart album: what it searches for.'),
  count: count.describe('Photos and videos; of a smart album counted up to 10,000.'),
  isExact: z.boolean().describe('False where there are more than were counted.'),
  problem: z.string().optional().describe('Why a smart album finds nothing.'),
  isPrivate: z.boolean().describe('It has a password.'),
  isLocked: z.boolean().describe('This client has not given it: only the name is told.'),
  createdAt: milliseconds,
});

const bounds = z.object({ south: z.number(), west: z.number(), north: z.number(), east: z.number() });

const page = z.object({
  assets: z.array(summary),
  next: z.string().optional().describe('The cursor of the next page; absent on the last one.'),
  total: z
    .object({ count, isExact: z.boolean().describe('Counting ends at 10,000.') })
    .optional()
    .describe('On the first page only.'),
});

const part = z.object({
  offset: count.describe('Its place in the search.'),
  length: count,
  chip: z.string().describe('As a chip that is read the same again: thing:dog.'),
  kind: z.string().describe('What kind of chip; and, or, not of what is joined; sort.'),
  label: z.string().describe('For people: not dog.'),
});

const folder = z.object({
  id,
  path: z.string(),
  isOnline: z.boolean().describe('Whether it was there when it was last looked for.'),
  scannedAt: milliseconds.optional().describe('When it was looked through to the end.'),
  count,
  damaged: count.describe('Of those: whose picture cannot be made, or of which a part is missing.'),
  bad: count.describe('Files beside those that could not be read at all.'),
});

const upload = z.object({
  id: z.string(),
  name: z.string(),
  bytes: count,
  offset: count.describe('Bytes that are here.'),
  createdAt: milliseconds,
  expiresAt: milliseconds,
  state: z.enum(['receiving', 'done', 'failed']),
  isDuplicate: z.boolean().optional().describe('Whether the library had it already.'),
  assetId: id.optional().describe('Where it is in the library, once it was looked at.'),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
});

const share = z.object({
  id,
  albumId: id,
  albumName: z.string(),
  createdAt: milliseconds,
  expiresAt: milliseconds,
  hasPassword: z.boolean(),
  state: z.enum(['open', 'expired', 'revoked']),
  cover: z
    .object({
      except: z.array(
        z.object({
          id,
          name: z.string().describe('When the link was made.'),
          isSpared: z.boolean().describe('False once they are somebody else: then they are covered, too.'),
        }),
      ),
    })
    .optional()
    .describe('Whose faces stay where all others are covered; absent where guests see photos as they are.'),
});

const settings = z.object({
  isWatching: z.boolean().describe('Whether folders are watched for changes while a server runs.'),
  hasDailyBackups: z.boolean().describe('Whether a backup is made each day.'),
  isSharing: z.boolean().describe('Whether albums may be shared by links on the local network; off until turned on.'),
});

const backup = z.object({
  name: z.string(),
  createdAt: milliseconds,
  bytes: count,
  isDaily: z.boolean().describe('Made by the library itself; of those only the newest are kept.'),
});
const person = z.object({
  id,
  name: z.string().describe('Empty where the user gave none.'),
  isFavourite: z.boolean(),
  isHidden: z.boolean(),
  faces: count.describe('In photos that show.'),
  coverFaceId: id.optional().describe('The face that was chosen, else the best one.'),
  coverVersion: z.string().optional().describe('For ?v= of its picture.'),
});

const face = z.object({
  id,
  assetId: id,
  atMs,
  box: box.describe('In fractions of the upright photo.'),
  quality: fraction.describe('0 useless to 1 as good as it gets.'),
  personId: id.optional().describe('Absent where it is nobody known.'),
  isConfirmed: z.boolean().describe('Whether the user said who it is.'),
  isDrawn: z.boolean(),
  version: z.string().describe('For ?v= of its picture, whose answer may then be kept for good.'),
});

const action = id.describe('For undo.');
const distance = z.number().describe('Below about .6 for one person.');

/** What answers hold, by the names of the components in the API's description. */
export const answers = {
  LibraryState: z.object({
    assets: count,
    photos: count,
    videos: count,
    trashed: count,
    damaged: count.describe('Of the photos and videos: whose picture cannot be made, or of which a part is missing.'),
    bad: count.describe('Files beside those that could not be read at all.'),
    isPaused: z.boolean(),
    watching: z
      .array(
        z.object({
          folderId: id,
          mode: z.enum(['events', 'polling', 'offline']),
          reason: z.string().optional().describe('Why it is not events.'),
        }),
      )
      .describe('Folders that are watched for changes, and how.'),
    scans: z.array(z.object({ folderId: id, isRunning: z.boolean(), report: report.optional() })),
    jobs: z.object({ thumbnails: jobs, scene: jobs }),
    faces: z.object({ waiting: count.describe('Of whom it is not yet known who they are like.') }),
    versions: z.object({ waiting: count.describe('Being rendered, or waiting for it.') }),
  }),
  LibraryFolder: folder,
  LibraryFolders: z.object({ folders: z.array(folder) }),
  AssetPage: page,
  SearchPage: page.extend({
    parts: z.array(part).optional().describe('What the search was understood as. On the first page only.'),
  }),
  SearchHelp: z.object({
    suggestions: z.array(
      z.object({
        kind: z.enum(['person', 'thing', 'place', 'album', 'camera', 'word', 'date', 'key']),
        label: z.string(),
        text: z.string().describe('What to write in place of the letters from offset on, length of them.'),
        offset: count,
        length: count,
        count: count.optional(),
      }),
    ),
    parts: z.array(part).describe('What the search was understood as; none where there is a problem.'),
    problem: z
      .object({ detail: z.string(), hint: z.string().optional(), offset: count, length: count })
      .optional()
      .describe('Why it cannot be understood, and by which part.'),
    meant: z.string().optional().describe('The search as it was probably meant, where words of it are spelled wrong.'),
  }),
  LibraryPlaces: z.object({
    places: z.array(
      z.object({
        id: id.describe('Of GeoNames.'),
        name: z.string(),
        country: z.string().describe('ISO 3166-1, two letters.'),
        countryName: z.string(),
        latitude: z.number(),
        longitude: z.number(),
        count,
        coverId: id.describe('The newest photo.'),
      }),
    ),
  }),
  LibraryMap: z.object({
    cells: z.array(
      z.object({
        count,
        latitude: z.number().describe('The middle of where they were taken.'),
        longitude: z.number(),
        bounds,
        coverId: id.describe('One of them.'),
      }),
    ),
  }),
  Asset: summary.extend({
    sha256: z.string(),
    format: z.string(),
    bytes: count,
    addedAt: milliseconds,
    takenFrom: z.enum(['exif', 'sidecar', 'name']).optional().describe('What the date rests on.'),
    caption: z.string(),
    keywords: z.array(z.string()),
    regions: z
      .array(z.object({ name: z.string(), type: z.string(), box }))
      .describe('Who and what XMP says is where, in fractions of the upright photo.'),
    location: z.object({ latitude: z.number(), longitude: z.number(), altitude: z.number().optional() }).optional(),
    city: z
      .object({ id, name: z.string(), country: z.string(), countryName: z.string() })
      .optional()
      .describe('That it was taken near.'),
    camera: z.object({
      make: z.string().optional(),
      model: z.string().optional(),
      lens: z.string().optional(),
      exposureSeconds: z.number().optional(),
      aperture: z.number().optional(),
      iso: z.number().optional(),
      focalLengthMm: z.number().optional(),
    }),
    palette: z.array(z.object({ rgb: z.array(z.int().min(0).max(255)).length(3), share: fraction })),
    isAnalysed: z.boolean().describe('Whether who and what is seen has been looked for.'),
    problem: z
      .string()
      .optional()
      .describe('Why its small pictures, or what is seen, could not be made, or what of a video is missing.'),
    things: z.array(z.object({ label: z.string(), score: fraction, atMs, box })),
    faces: z.array(
      z.object({
        id,
        atMs,
        score: fraction,
        quality: fraction,
        smile: fraction.optional(),
        expression: z.string().optional(),
        box,
        person: z.object({ id, name: z.string() }).optional(),
        isConfirmed: z.boolean().describe('Whether the user said who it is.'),
        isDrawn: z.boolean(),
        version: z.string().describe('For ?v= of its picture.'),
      }),
    ),
    isDouble: z.boolean().describe('Whether one person may be seen twice: a mirror, a collage.'),
    isPrivate: z.boolean().describe('In a private album: told to who has unlocked it, without faces.'),
    places: z.array(
      z.object({
        folderId: id,
        path: z.string(),
        isOnline: z.boolean().describe('Whether its folder was there when it was last looked for.'),
        isThere: z.boolean().describe('Whether the file itself is there now.'),
      }),
    ),
    albums: z.array(z.object({ id, name: z.string() })),
    versions: z.array(version).describe('What was made of it, the oldest first.'),
    deletedVersions: z
      .array(version.extend({ deletedAt: milliseconds }))
      .describe('Which can be brought back for 30 days, the last deleted first.'),
  }),
  Version: version,
  Versions: z.object({ versions: z.array(version) }),
  AlbumAssets: z.object({
    assets: z.array(summary),
    nextOffset: count.optional().describe('Where the next part begins; absent of the last one.'),
  }),
  Changed: z.object({ changed: count }),
  Timeline: z.object({ months: z.array(z.object({ month: z.string().describe('2023-07'), count })) }),
  Things: z.object({ things: z.array(z.object({ label: z.string(), count })) }),
  Duplicates: z.object({
    total: count,
    groups: z.array(
      z.object({
        isExact: z.boolean().describe('One content in several files, in place of photos that look the same.'),
        assets: z.array(summary.extend({ bytes: count, places: count, paths: z.array(z.string()) })),
      }),
    ),
  }),
  BadFiles: z.object({
    total: count,
    files: z.array(
      z.object({
        path: z.string(),
        folderId: id,
        assetId: id.optional().describe('Where it is in the library all the same.'),
        code: z.string(),
        message: z.string(),
        hint: z.string().optional(),
        failedAt: milliseconds,
        tries: count,
      }),
    ),
  }),
  Person: person,
  People: z.object({ people: z.array(person), next: z.string().optional() }),
  PersonActed: z.object({ action, person }),
  PersonChanged: z.object({
    action,
    person,
    sameName: z.array(person).describe('Others who have that name already: perhaps they are one person.'),
  }),
  PeopleActed: z.object({ action }),
  PeopleActions: z.object({
    actions: z.array(
      z.object({
        action,
        kind: z.string(),
        actedAt: milliseconds,
        people: count.describe('How many it touched.'),
        names: z.array(z.string()).describe('What those of them are called now who have a name.'),
      }),
    ),
  }),
  PeopleUndone: z.object({ undone: z.string(), action }),
  Faces: z.object({ faces: z.array(face), next: z.string().optional() }),
  FaceDrawn: z.object({ action, face }),
  Suggestions: z.object({
    suggestions: z.array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('same-person'), people: z.array(person).length(2), distance }),
        z.object({ kind: z.literal('is-person'), face, person, distance }),
      ]),
    ),
  }),
  FaceSearch: z.object({
    box: box.describe('The face that was searched for, in fractions of the picture.'),
    boxes: z.array(box).describe('All faces of the picture, the largest first.'),
    people: z.array(z.object({ person, distance })),
    faces: z.array(z.object({ face, distance })),
  }),
  Album: album,
  Albums: z.object({ albums: z.array(album) }),
  AlbumKey: z.object({
    token: z.string().describe('For the header focal-unlock; browsers get it as a cookie.'),
    albums: z.array(id).describe('What it opens.'),
    idleMs: count.describe('It opens nothing any more when it was not used for so long.'),
  }),
  Share: share,
  Shares: z.object({ shares: z.array(share) }),
  NewShare: z.object({
    share,
    path: z
      .string()
      .describe('What follows the address of the listener for guests. Told this once: only a hash is kept.'),
    links: z.array(z.string()).describe('Whole links, the likeliest first; none where nobody listens.'),
    qr: z.array(z.string()).optional().describe('The first link as a QR code: rows of 0 and 1, 1 is dark.'),
  }),
  Sharing: z.object({
    isSharing: z.boolean().describe('Whether sharing is on.'),
    isListening: z.boolean().describe('Whether guests can reach it.'),
    origins: z.array(z.string()).describe('Where, the likeliest first.'),
    problem: z.string().optional().describe('Why nobody listens although sharing is on, or no guest can reach it.'),
  }),
  LibraryStorage: z.object({
    folder: z.string().describe('Where the library lies.'),
    parts: z.array(
      z.object({
        part: z
          .enum(STORED_PARTS)
          .describe(
            'thumbnails: of grids, and what cannot be made again now; pictures: larger ones, of faces and versions; covered: for guests of links that cover faces; shared: videos as guests get them; uploads: photos and videos themselves; incoming: what is being uploaded.',
          ),
        bytes: count,
        files: count.describe('0 where it lies on a database server.'),
        isSpare: z.boolean().describe('Whether it is made again when it is asked for.'),
      }),
    ),
    freeBytes: count.describe('Of the disk that it lies on.'),
    totalBytes: count,
  }),
  LibraryFreed: z.object({ freedBytes: count }),
  LibrarySettings: settings,
  Sidecars: z.object({
    written: count,
    unchanged: count,
    failed: z.array(
      z.object({
        path: z.string(),
        error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
      }),
    ),
  }),
  Upload: upload,
  Uploads: z.object({ uploads: z.array(upload) }),
  Backup: backup,
  Backups: z.object({ backups: z.array(backup) }),
} as const;
