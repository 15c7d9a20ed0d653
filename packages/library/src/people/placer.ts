import { setTimeout as delay } from 'node:timers/promises';
import { FocalError } from '@focal/core';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { VECTOR_LENGTH } from './cluster-protocol.ts';
import type { Keeper, Steps } from './keeper.ts';
import { listUnplaced, type UnplacedFace } from './load-people.ts';

/** Faces at a time: few enough for actions of users to come in between. */
const BATCH = 200;
/** Between a photo that was looked at and its faces being placed: others follow. */
const GATHER_MS = 300;
/** Where another process does it at the moment, we wait for so long before we look again. */
const LEAVE_MS = 4000;

/** Finds out, in the background, who new faces are. All that waits is in the database, so that none is lost. */
export interface Placer {
  /** There may be new faces. */
  wake(): void;
  /** Resolves when none waits, or closed. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export function createPlacer(
  db: Kysely<Tables>,
  keeper: Keeper,
  {
    onPlaced,
    onChange,
    onError,
  }: {
    /** Does some of what waits for faces to be placed; false where nothing does. */
    readonly onPlaced: () => Promise<boolean>;
    readonly onChange: () => void;
    readonly onError: (error: unknown) => void;
  },
): Placer {
  const stop = new AbortController();
  let isWoken = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (isWoken && !stop.signal.aborted) {
      isWoken = false;
      try {
        while (!stop.signal.aborted && (await placeSome(db, keeper, stop.signal))) onChange();
        while (!stop.signal.aborted && (await onPlaced())) onChange();
      } catch (error) {
        if (!stop.signal.aborted) onError(error);
        return;
      }
    }
  }

  const start = (waitMs: number): Promise<void> => {
    isWoken = true;
    running ??= delay(waitMs, undefined, { signal: stop.signal })
      .then(run, () => undefined)
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  return {
    wake() {
      if (!stop.signal.aborted) void start(GATHER_MS);
    },
    async idle() {
      // What runs may have looked before the last faces came.
      await running;
      do await start(0);
      while (isWoken && !stop.signal.aborted);
    },
    async close() {
      stop.abort();
      await running;
    },
  };
}

/** Places one batch; false where none waits. */
async function placeSome(db: Kysely<Tables>, keeper: Keeper, signal: AbortSignal): Promise<boolean> {
  const isAny = await sql<{ id: number }>`select id from faces
    where revision <> placed_revision and vector is not null and is_face and cardinality(vector) = ${VECTOR_LENGTH}
    union all select face_id from faces_gone limit 1`.execute(db);
  if (isAny.rows.length === 0) return false;
  if (await keeper.isBehind()) {
    // Another process is at it: two that take turns would each have to read everything again and again.
    await delay(LEAVE_MS + Math.random() * LEAVE_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return false;
  }
  await keeper.ready();
  return keeper.change(async (steps) => {
    const faces = await listUnplaced(db, BATCH);
    const gone = await db.selectFrom('faces_gone').select('face_id').limit(BATCH).execute();
    const goneIds = gone.map(({ face_id }) => face_id);
    const isSomething = faces.length > 0 || goneIds.length > 0;
    if (isSomething) await steps.act({ kind: 'place', faces, gone: goneIds });
    for (const face of faces) await keepWord(steps, face);
    return {
      async after(trx) {
        if (faces.length > 0) {
          // One that was seen anew meanwhile waits again.
          const seen = JSON.stringify(faces.map(({ id, revision }) => ({ id, revision })));
          await sql`update faces set placed_revision = seen.revision
            from jsonb_to_recordset(${seen}::jsonb) as seen(id integer, revision integer)
            where faces.id = seen.id`.execute(trx);
        }
        if (goneIds.length > 0) {
          await trx.deleteFrom('faces_gone').where('face_id', 'in', goneIds).execute();
          await sql`delete from people where faces = 0
            and not exists (select from faces where faces.person_id = people.id)`.execute(trx);
        }
        return isSomething;
      },
    };
  });
}

/** A face that was drawn where nothing could be compared, and that now can be, is whom the user said. */
async function keepWord(steps: Steps, { id, said }: UnplacedFace): Promise<void> {
  if (said === undefined) return;
  const isThere = (await steps.ask({ kind: 'people', ids: [said] })).length > 0;
  try {
    if (isThere) await steps.act({ kind: 'confirm', face: id, person: said });
    else await steps.act({ kind: 'split', faces: [id], as: said });
  } catch (error) {
    // Another face of the same photo was said to be this person since.
    if (!(error instanceof FocalError && error.code === 'invalid-argument')) throw error;
  }
}
