import { sql, type Transaction } from 'kysely';
import type { FoundScene } from '../media.ts';
import { matchSeen } from '../people/match-seen.ts';
import type { Tables } from '../store/tables.ts';

type Found = NonNullable<FoundScene['scene']['faces']>['faces'][number];

/**
 * Keeps the faces that were found in a photo or video. One that was there before stays the same face, with all that was said of
 * it; those that are not found any more go, unless somebody drew them, said who they are, or that they are none.
 */
export async function keepFaces(trx: Transaction<Tables>, assetId: number, found: readonly Found[]): Promise<void> {
  const before = await trx
    .selectFrom('faces')
    .select(['id', 'at_ms', 'x', 'y', 'width', 'height', 'vector', 'is_confirmed', 'is_drawn', 'is_face'])
    .where('asset_id', '=', assetId)
    .orderBy('id')
    .execute();
  const pairs = matchSeen(
    before.map(({ at_ms: atMs, vector, ...box }) => ({ atMs, vector, box })),
    found.map(({ atMs = null, vector = null, box }) => ({ atMs, vector, box })),
  );
  const stays = new Set(pairs.map(([old]) => old));
  for (const [old, now] of pairs) {
    const [face, seen] = [before[old], found[now]];
    if (face === undefined || seen === undefined) continue;
    // Of one that was drawn in another frame, what was drawn holds.
    if (face.is_drawn && face.at_ms !== (seen.atMs ?? null)) continue;
    const { x, y, width, height } = face.is_drawn ? face : seen.box;
    const { vector, ...rest } = toColumns(seen);
    await trx
      .updateTable('faces')
      .set({ ...rest, x, y, width, height, ...(vector !== null && { vector, revision: sql<number>`revision + 1` }) })
      .where('id', '=', face.id)
      .execute();
  }
  const gone = before.filter((face, i) => !stays.has(i) && !face.is_confirmed && !face.is_drawn && face.is_face);
  if (gone.length > 0) {
    await trx
      .deleteFrom('faces')
      .where(
        'id',
        'in',
        gone.map(({ id }) => id),
      )
      .execute();
  }
  const known = new Set(pairs.map(([, now]) => now));
  const fresh = found.filter((_, i) => !known.has(i));
  if (fresh.length === 0) return;
  await trx
    .insertInto('faces')
    .values(
      fresh.map((seen) => {
        const { x, y, width, height } = seen.box;
        return { asset_id: assetId, x, y, width, height, ...toColumns(seen) };
      }),
    )
    .execute();
}

/** Scores of detectors at which a face is as likely none, and from which it surely is one: of real photos, looked at. */
const [DOUBTFUL, SURE] = [0.45, 0.65];

/** What is hardly a face tells nobody: bottles and backs of heads would gather into people of their own. */
function worthOf({ score, quality }: Found): number {
  return quality.overall * Math.min(1, Math.max(0, (score - DOUBTFUL) / (SURE - DOUBTFUL)));
}

function toColumns(found: Found) {
  const { atMs, score, rollDegrees, expression, vector } = found;
  return {
    at_ms: atMs ?? null,
    score,
    roll_degrees: rollDegrees,
    quality: worthOf(found),
    smile: expression?.smile ?? null,
    expression: expression === undefined ? null : strongest(expression.distribution),
    vector: vector === undefined ? null : Array.from(vector),
  };
}

function strongest(distribution: Readonly<Record<string, number>>): string | null {
  const [first] = Object.entries(distribution).sort((a, b) => b[1] - a[1]);
  return first?.[0] ?? null;
}
