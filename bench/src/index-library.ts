import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Library, type LibraryOptions, openLibrary } from '@focal/library';
import { createFocal, type Focal } from 'focal';
import sharp from 'sharp';
import { atLeast, atMost, atRate, type Bench, type BenchContext, type BenchResult, withinMs } from './bench.ts';
import type { BenchInput } from './inputs.ts';

/** Fewer, by these variables, for a quick look. */
const PHOTOS = Number(process.env.FOCAL_BENCH_INDEX ?? 2000);
const FILES = Number(process.env.FOCAL_BENCH_RESCAN ?? 50_000);
/** Of those that are looked at whole. */
const WHOLE = Math.min(PHOTOS, 100);
const DIFFERENT = 12;

const FAST = 'photos a second, thumbnails and metadata only';
const FULL = 'photos a second, with who and what is seen';
const EVERYDAY = 'everyday photos a second, with who and what is seen';
const MEMORY = 'memory at the end beside that at the half';
const RESCAN = `rescan of ${FILES} unchanged files`;
const WORKERS = 'two workers of one processor each beside one';
const TWICE = 'steps done other than once, where one of two workers is killed';
const LEFT = 'steps left over then';

/** What the library does with many files. */
export const indexBench: Bench = {
  name: 'index',
  title: `a library of ${PHOTOS} photos of 2 MP, and one of ${FILES} small ones`,
  rows: [FAST, FULL, EVERYDAY, MEMORY, RESCAN, WORKERS, TWICE, LEFT],
  async run(context) {
    const folder = await mkdtemp(join(tmpdir(), 'focal-bench-index-'));
    try {
      return [
        ...(await measureImport(context, folder)),
        ...(await measureRescan(context, folder)),
        ...(await measureWorkers(context, folder)),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Photos of groups: three or four faces each. They differ in what follows their end, which no decoder reads. */
async function makePhotos({ inputs }: BenchContext, folder: string, count: number): Promise<string> {
  return writePhotos(await inputs.photos2mp(DIFFERENT), folder, count);
}

/** Photos of all that people take photos of, by their ids the first of `coco_val128`, brought to 2 MP by Lanczos. */
async function makeEverydayPhotos({ inputs }: BenchContext, data: string, folder: string): Promise<string> {
  const images = join(data, 'coco_val128', 'images');
  const names = (await readdir(images)).sort().slice(0, WHOLE);
  const photos: BenchInput[] = [];
  for (const name of names) {
    photos.push(await inputs.file(`everyday-2mp-${name}`, () => bringTo2mp(join(images, name))));
  }
  return writePhotos(photos, folder, WHOLE);
}

async function bringTo2mp(path: string): Promise<Uint8Array> {
  const { width, height } = await sharp(path).metadata();
  const scale = Math.sqrt(2e6 / (width * height));
  return sharp(path)
    .resize(Math.round(width * scale), Math.round(height * scale), { fit: 'fill', kernel: 'lanczos3' })
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function writePhotos(photos: readonly BenchInput[], folder: string, count: number): Promise<string> {
  const contents = await Promise.all(photos.map(({ path }) => readFile(path)));
  await mkdir(folder, { recursive: true });
  for (let n = 0; n < count; n++) {
    const content = contents[n % contents.length] ?? Buffer.alloc(0);
    await writeFile(join(folder, `${n}.jpg`), Buffer.concat([content, Buffer.from(`number ${n}`)]));
  }
  return folder;
}

async function open(focal: Focal, folder: string, more: Partial<LibraryOptions> = {}): Promise<Library> {
  // As many at once as the command works on.
  const { threads } = await focal.about();
  return openLibrary({ folder, media: focal.media, together: threads + 1, dailyBackups: false, ...more });
}

async function measureImport(context: BenchContext, folder: string): Promise<readonly BenchResult[]> {
  const { log, calibrate } = context;
  const calibration = await calibrate();
  await using focal = await createFocal({});
  const many = await makePhotos(context, join(folder, 'many'), PHOTOS);
  const whole = await makePhotos(context, join(folder, 'whole'), WHOLE);

  const rss: number[] = [];
  let fast: number;
  {
    // Scenes are left out: nothing is looked for, and no preview made.
    const media = {
      ...focal.media,
      find: async () => ({ focalPoint: { x: 0.5, y: 0.5 }, scene: {} }),
      preview: async () => new Uint8Array(1),
    };
    await using library = await open(focal, join(folder, 'fast'), { media });
    const start = performance.now();
    await library.folders.add(many);
    for (;;) {
      const { jobs, scans } = await library.progress();
      const done = (await library.count({}, PHOTOS)).count - jobs.thumbnails.waiting;
      if (scans.length === 0 && jobs.thumbnails.waiting + jobs.thumbnails.running === 0) break;
      if (scans.length === 0 && done >= PHOTOS / 2) rss.push(process.memoryUsage.rss());
      await delay(200);
    }
    fast = PHOTOS / ((performance.now() - start) / 1000);
    await library.idle();
  }
  log(`  ${fast.toFixed(1)} photos a second; memory ${rss.map((bytes) => Math.round(bytes / 1e6)).join(' ')} MB`);
  // Models load once.
  await focal.media.find({ path: join(whole, '0.jpg'), kind: 'photo' });
  const full = await indexWhole(focal, join(folder, 'full'), whole);
  const { data } = context;
  const everyday =
    data === undefined
      ? undefined
      : await indexWhole(
          focal,
          join(folder, 'other'),
          await makeEverydayPhotos(context, data, join(folder, 'everyday')),
        );
  const half = rss.slice(0, Math.max(1, rss.length >> 2));
  const end = rss.slice(-Math.max(1, rss.length >> 2));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    atRate(FAST, fast, 25, '/s', calibration),
    atRate(FULL, full, 5, '/s', calibration),
    ...(everyday === undefined ? [] : [atRate(EVERYDAY, everyday, 5, '/s', calibration)]),
    ...(rss.length < 4 ? [] : [atMost(MEMORY, mean(end) / mean(half), 1.1, 'ratio')]),
  ];
}

/** Photos a second, in a new library. */
async function indexWhole(focal: Focal, folder: string, photos: string): Promise<number> {
  await using library = await open(focal, folder);
  const start = performance.now();
  await library.folders.add(photos);
  await library.idle();
  return WHOLE / ((performance.now() - start) / 1000);
}

async function measureRescan({ log, calibrate }: BenchContext, folder: string): Promise<readonly BenchResult[]> {
  const files = join(folder, 'files');
  const content = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#804020' } })
    .jpeg()
    .toBuffer();
  for (let n = 0; n < FILES; n++) {
    // A thousand in a folder.
    const inner = join(files, String(Math.floor(n / 1000)));
    if (n % 1000 === 0) await mkdir(inner, { recursive: true });
    await writeFile(join(inner, `${n}.jpg`), Buffer.concat([content, Buffer.from(`number ${n}`)]));
  }
  await using focal = await createFocal({});
  await using library = await open(focal, join(folder, 'rescan'), { works: false });
  const scan = async (): Promise<number> => {
    const start = performance.now();
    // Each question counts the photos, which takes its time of the scan's.
    while ((await library.progress()).scans.length > 0) await delay(100);
    return performance.now() - start;
  };
  await library.folders.add(files);
  log(`  first look at ${FILES} files: ${((await scan()) / 1000).toFixed(1)} s`);
  await library.folders.rescan();
  return [withinMs(RESCAN, await scan(), (10_000 * FILES) / 50_000, await calibrate())];
}

async function measureWorkers(context: BenchContext, folder: string): Promise<readonly BenchResult[]> {
  const { log } = context;
  const server = process.env.FOCAL_BENCH_DATABASE_URL;
  if (server === undefined) {
    log('  no FOCAL_BENCH_DATABASE_URL: workers are left out');
    return [];
  }
  const { default: pg } = await import('pg');
  const photos = await makePhotos(context, join(folder, 'shared'), WHOLE);
  const results: { readonly seconds: number; readonly other: number; readonly left: number }[] = [];
  for (const [round, { workers, kills }] of [
    { workers: 1, kills: false },
    { workers: 2, kills: false },
    { workers: 2, kills: true },
  ].entries()) {
    const name = `focal_bench_${process.pid}_${round}`;
    const admin = new pg.Client({ connectionString: server });
    await admin.connect();
    try {
      await admin.query(`create database ${name}`);
      const url = new URL(server);
      url.pathname = `/${name}`;
      results.push(await shareWork({ folder: join(folder, name), databaseUrl: url.href, photos, workers, kills }));
      log(`  ${workers} workers${kills ? ', one killed' : ''}: ${results.at(-1)?.seconds.toFixed(1)} s`);
    } finally {
      await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
    }
  }
  const [one, two, killed] = results;
  return [
    atLeast(WORKERS, (one?.seconds ?? Number.NaN) / (two?.seconds ?? Number.NaN), 1.6, 'ratio'),
    atMost(TWICE, killed?.other ?? Number.NaN, 0, 'steps'),
    atMost(LEFT, killed?.left ?? Number.NaN, 0, 'steps'),
  ];
}

interface Shared {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly photos: string;
  readonly workers: number;
  readonly kills: boolean;
}

/**
 * What keeps a command to one processor, where the system has it: a worker of one thread for pixels and one for models
 * would else have two processors busy at times.
 */
function onProcessor(index: number): readonly string[] {
  const { status } = spawnSync('taskset', ['--version'], { stdio: 'ignore' });
  return status === 0 ? ['taskset', '--cpu-list', String(index % availableParallelism())] : [];
}

/** From when the first worker works to when nothing is left. */
async function shareWork({ folder, databaseUrl, photos, workers, kills }: Shared) {
  const { default: pg } = await import('pg');
  const home = join(folder, 'home');
  await using focal = await createFocal({ home });
  const { dataFolder } = await focal.about();
  await using library = await open(focal, join(dataFolder, 'library'), { databaseUrl, works: false });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`create table public.kept (asset_id integer, step text, at timestamptz default clock_timestamp());
      create function public.mark() returns trigger language plpgsql as $$ begin
        if old.thumbnail_version <> new.thumbnail_version then insert into public.kept values (new.id, 'thumbnails'); end if;
        if old.scene_version <> new.scene_version then insert into public.kept values (new.id, 'scene'); end if;
        return null;
      end $$;
      create trigger kept after update on focal.assets for each row execute function public.mark();`);
    await library.folders.add(photos);
    while ((await library.progress()).scans.length > 0) await delay(50);
    const launcher = fileURLToPath(new URL('../../scripts/focal.mjs', import.meta.url));
    const started = Array.from({ length: workers }, (_, index) => {
      const worker = [
        process.execPath,
        ...process.execArgv,
        launcher,
        'worker',
        '--threads',
        '1',
        '--until-empty',
        '--quiet',
      ];
      const [command = '', ...args] = [...onProcessor(index), ...worker];
      return spawn(command, args, {
        env: { ...process.env, FOCAL_HOME: home, DATABASE_URL: databaseUrl },
        stdio: 'ignore',
      });
    });
    const ended = Promise.all(started.map((child) => once(child, 'close')));
    if (kills) {
      while (Number((await client.query('select count(*)::integer as n from public.kept')).rows[0].n) < WHOLE / 2) {
        await delay(50);
      }
      started[0]?.kill('SIGKILL');
    }
    await ended;
    const { rows } = await client.query(`select extract(epoch from max(at) - min(at))::float as seconds,
      (select count(*)::integer from (select 1 from public.kept group by asset_id, step having count(*) <> 1) more) as other,
      ${WHOLE * 2} - (select count(*)::integer from (select distinct asset_id, step from public.kept) done) as "left"
      from public.kept`);
    return rows[0] as { readonly seconds: number; readonly other: number; readonly left: number };
  } finally {
    await client.end();
  }
}
