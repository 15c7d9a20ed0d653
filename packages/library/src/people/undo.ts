import { FocalError } from '@focal/core';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { type LastAction, readLastAction, restoreFaces, restorePeople } from './actions.ts';
import { countFaces } from './face-rows.ts';
import type { Keeper, Steps } from './keeper.ts';
import { listUnplaced, type UnplacedFace } from './load-people.ts';
import type { ActionKind } from './person.ts';

/** Takes the last action back, which has to be `action` where that is given. */
export async function undoLast(
  db: Kysely<Tables>,
  keeper: Keeper,
  action: number | undefined,
  now: () => number,
): Promise<{ readonly undone: ActionKind; readonly action: number }> {
  return keeper.change(async (steps) => {
    const last = await readLastAction(db);
    if (last === undefined) {
      throw new FocalError('not-found', 'There is nothing to undo.', { hint: 'Nothing was done with people yet.' });
    }
    if (action !== undefined && last.id !== action) {
      throw new FocalError('exists', 'Something else was done since.', { hint: 'Undo that first.' });
    }
    const { undo } = last;
    // First the faces: what is said of people again is said of those who are there.
    const back = await putBack(db, steps, last);
    for (const change of undo.changes.toReversed()) await steps.act({ kind: 'undo', change });
    const drawn = await steps.ask({ kind: 'faces', ids: undo.drawn });
    if (drawn.length > 0) await steps.act({ kind: 'remove', faces: drawn });
    return {
      people: undo.people.map(({ id }) => id),
      before: (trx) =>
        restorePeople(
          trx,
          undo.people.map((row) => ({ ...row, created_at: row.created_at || now() })),
        ),
      async after(trx) {
        if (back.length > 0) {
          const revisions = JSON.stringify(back.map(({ id, revision }) => ({ id, revision })));
          await sql`update faces set is_face = true, placed_revision = seen.revision
            from jsonb_to_recordset(${revisions}::jsonb) as seen(id integer, revision integer)
            where faces.id = seen.id`.execute(trx);
        }
        await restoreFaces(trx, undo.faces);
        for (const [one, other] of undo.apart) {
          await trx.deleteFrom('people_apart').where('one_id', '=', one).where('other_id', '=', other).execute();
        }
        const touched = [...undo.drawn, ...undo.removed];
        if (touched.length > 0) {
          const assets = await trx
            .selectFrom('faces')
            .select('asset_id')
            .distinct()
            .where('id', 'in', touched)
            .execute();
          if (undo.drawn.length > 0)
            await trx
              .deleteFrom('faces')
              .where('id', 'in', [...undo.drawn])
              .execute();
          await countFaces(
            trx,
            assets.map(({ asset_id }) => asset_id),
          );
        }
        await trx.deleteFrom('people_actions').where('id', '=', last.id).execute();
        return { undone: last.kind, action: last.id };
      },
    };
  });
}

/** Faces that were said to be none are compared again, as whose they were. */
async function putBack(db: Kysely<Tables>, steps: Steps, { undo }: LastAction): Promise<readonly UnplacedFace[]> {
  if (undo.removed.length === 0) return [];
  const faces = await listUnplaced(db, undo.removed.length, undo.removed, false);
  const known = new Map(undo.faces.map((face) => [face.id, face]));
  const back = faces.flatMap((face) => {
    const before = known.get(face.id);
    // One that was never compared waits for its turn.
    if (before === undefined || before.placed_revision === 0) return [];
    const { person_id, look, is_pinned, not_people } = before;
    return [{ ...face, known: { person: person_id ?? 0, look, isPinned: is_pinned, not: not_people } }];
  });
  if (back.length > 0) await steps.act({ kind: 'put-back', faces: back });
  return back;
}
