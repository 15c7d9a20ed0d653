import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Library, type MediaReader, openEmbeddedStore, openLibrary } from '@focal/library';
import { type BenchContext, type BenchResult, percentile, withinMs } from './bench.ts';

/** What the benches of a large library look at, and what each of its answers may take. */
export const DRAWN_COUNT = 100_000;
const LIMIT_MS = 50;

/** Judges the times of one kind of answer by the 95th percentile. */
export type JudgeTimes = (name: string, times: readonly number[]) => BenchResult;

/** Measures a large drawn library, which is gone afterwards. */
export async function measureDrawn(
  { calibrate, log }: BenchContext,
  measure: (library: Library, judge: JudgeTimes) => Promise<readonly BenchResult[]>,
): Promise<readonly BenchResult[]> {
  const calibration = await calibrate();
  log(`drawing ${DRAWN_COUNT} photos …`);
  await using drawn = await drawLibrary(DRAWN_COUNT);
  // Awaited here: what is returned outlives the library otherwise.
  return await measure(drawn.library, (name, times) => withinMs(name, percentile(times, 0.95), LIMIT_MS, calibration));
}

interface DrawnLibrary extends AsyncDisposable {
  readonly library: Library;
}

/** Answers nothing: the drawn library has no files, and nothing asks for any. */
const refuse = (): Promise<never> => Promise.reject(new Error('There are no files.'));
const NO_MEDIA: MediaReader = {
  inspect: refuse,
  thumbnails: refuse,
  preview: refuse,
  find: refuse,
  facePicture: refuse,
  faceIn: refuse,
  facesOf: refuse,
  renderSmall: refuse,
  coverSmall: refuse,
  renderFile: refuse,
  copyVideo: refuse,
};

/**
 * A library of so many photos that were never taken, in the embedded database: twenty years, 40 things of which each
 * photo shows about two, 500 people, 60 cities, ten cameras. The same for the same count.
 */
async function drawLibrary(count: number): Promise<DrawnLibrary> {
  const folder = await mkdtemp(join(tmpdir(), 'focal-drawn-library-'));
  await mkdir(folder, { recursive: true });
  await (await openLibrary({ folder, media: NO_MEDIA, works: false })).close();
  {
    await using store = await openEmbeddedStore(join(folder, 'database'), 1);
    await store.direct.script(toScript(count));
    // What the library does by itself once much has changed.
    for (const table of ['assets', 'places', 'things', 'faces', 'album_assets', 'people', 'cities']) {
      await store.direct.script(`vacuum (analyze) ${table}`);
    }
  }
  const library = await openLibrary({ folder, media: NO_MEDIA, works: false });
  return {
    library,
    async [Symbol.asyncDispose]() {
      await library.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const MAKES = `array['Canon','Nikon','SONY','Apple','samsung','Google','FUJIFILM','Panasonic','OLYMPUS','Xiaomi']`;
const MODELS = `array['EOS R6','Z 6','ILCE-7M3','iPhone 13','SM-G991B','Pixel 7','X-T4','DC-G9','E-M5','Mi 11']`;
const LABELS = `array['person','car','dog','cat','bicycle','boat','bird','bench','bottle','cup','chair','couch','cake','pizza',
  'book','clock','laptop','tv','horse','sheep','cow','train','bus','truck','airplane','umbrella','backpack','tie','suitcase',
  'kite','surfboard','bowl','banana','apple','sandwich','orange','donut','bed','vase','teddy bear']`;

/** Numbers from 0 to 1 that depend on the row and on what they are for. */
const dice = (what: number): string => `((hashint8extended(i, ${what}) & 1073741823) / 1073741824.0)`;

function toScript(count: number): string {
  return `
    set synchronous_commit = off;
    alter table assets disable trigger user;
    alter table places disable trigger user;
    alter table faces disable trigger user;
    insert into folders (path, added_at) values ('/photos', 0);
    insert into cities (id, name, country, latitude, longitude, keys)
      select i, 'City ' || i, 'CH', 40 + i % 15, i % 30, array['city ' || i, 'switzerland', 'ch'] from generate_series(1, 60) i;
    insert into people (id, name, faces, created_at)
      select i, 'Person ' || i, 0, 0 from generate_series(1, 500) i;
    insert into assets (sha256, kind, format, bytes, width, height, added_at, sort_time, month, taken_at,
        latitude, longitude, city_id, city_version, camera_make, camera_model, caption, rating, is_favourite, places,
        search_text, hash, placeholder, palette, colors, thumbnail_version, scene_version, focal_x, focal_y, faces, smile)
      select md5('a' || i) || md5('b' || i), case when ${dice(1)} < 0.05 then 'video' else 'photo' end, 'jpeg',
        (1e6 + ${dice(2)} * 9e6)::bigint, case when ${dice(3)} < 0.7 then 4000 else 3000 end,
        case when ${dice(3)} < 0.7 then 3000 else 4000 end, 1700000000000 + i, t, 
        extract(year from to_timestamp(t / 1000) at time zone 'UTC')::integer * 100
          + extract(month from to_timestamp(t / 1000) at time zone 'UTC')::integer,
        to_char(to_timestamp(t / 1000) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'),
        case when ${dice(4)} < 0.6 then 40 + city % 15 + ${dice(5)} / 10 end,
        case when ${dice(4)} < 0.6 then city % 30 + ${dice(6)} / 10 end,
        case when ${dice(4)} < 0.6 then city end, 2,
        (${MAKES})[1 + floor(${dice(7)} * 10)::integer], (${MODELS})[1 + floor(${dice(7)} * 10)::integer],
        case when ${dice(8)} < 0.03 then 'Sunset at the beach' else '' end,
        greatest(0, floor(${dice(9)} * 12)::integer - 6), ${dice(10)} < 0.04, 1,
        'img_' || lpad(i::text, 6, '0') || '.jpg' || case when ${dice(8)} < 0.03 then ' sunset at the beach' else ' ' end,
        md5('h' || i), repeat(md5('p' || i), 8),
        '[{"rgb":[120,90,60],"share":0.4},{"rgb":[200,200,210],"share":0.3},{"rgb":[30,60,140],"share":0.1}]',
        (${dice(11)} * 2047)::integer, 1, 1, 0.5, 0.5, floor(${dice(12)} * 3)::integer, ${dice(13)}
      from (select i, (1704067200000 - ${dice(14)} * 631152000000)::bigint as t, 1 + floor(${dice(15)} * 60)::integer as city
        from generate_series(1, ${count}) i) drawn;
    insert into places (folder_id, asset_id, path, name, stamp)
      select 1, id, '/photos/' || id || '.jpg', 'IMG_' || lpad(id::text, 6, '0') || '.jpg', '' from assets;
    insert into months (month, assets) select month, count(*) from assets where is_shown group by month;
    insert into things (asset_id, label, score, x, y, width, height)
      select i, (${LABELS})[1 + floor(${dice(20)} * ${dice(21)} * 40)::integer], 0.9, 0, 0, 0.2, 0.2 from generate_series(1, ${count}) i
      union all
      select i, (${LABELS})[1 + floor(${dice(22)} * ${dice(23)} * 40)::integer], 0.8, 0, 0, 0.2, 0.2 from generate_series(1, ${count}) i;
    insert into faces (asset_id, x, y, width, height, score, roll_degrees, quality, person_id)
      select i, 0, 0, 0.1, 0.1, 1, 0, 0.8, 1 + floor(${dice(24)} * ${dice(25)} * ${dice(25)} * 500)::integer
      from generate_series(1, ${count}) i;
    update people set faces = (select count(*) from faces where person_id = people.id);
    insert into albums (name, created_at) values ('Holidays', 0);
    insert into album_assets (album_id, asset_id, position)
      select 1, i, i from generate_series(1, ${count}, 20) i;
    alter table assets enable trigger user;
    alter table places enable trigger user;
    alter table faces enable trigger user;
    set synchronous_commit = on;
    checkpoint;
  `;
}
