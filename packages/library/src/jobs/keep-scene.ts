import type { Transaction } from 'kysely';
import { type FoundScene, SCENE_VERSIONS } from '../media.ts';
import type { Tables } from '../store/tables.ts';
import { keepFaces } from './keep-faces.ts';

/** Keeps who and what is seen in a photo or video, in place of what was there before. */
export async function keepScene(
  trx: Transaction<Tables>,
  id: number,
  { scene, focalPoint }: FoundScene,
): Promise<void> {
  const things = scene.objects?.objects ?? [];
  const faces = scene.faces?.faces ?? [];
  await trx.deleteFrom('things').where('asset_id', '=', id).execute();
  if (things.length > 0) {
    await trx
      .insertInto('things')
      .values(
        things.map(({ label, score, box: { x, y, width, height }, atMs = null }) => ({
          asset_id: id,
          at_ms: atMs,
          label,
          score,
          x,
          y,
          width,
          height,
        })),
      )
      .execute();
  }
  await keepFaces(trx, id, faces);
  // Of what users drew and denied, too.
  const { count, smile } = await trx
    .selectFrom('faces')
    .select((each) => [each.fn.countAll<number>().as('count'), each.fn.max('smile').as('smile')])
    .where('asset_id', '=', id)
    .where('is_face', '=', true)
    .executeTakeFirstOrThrow();
  await trx
    .updateTable('assets')
    .set({
      focal_x: focalPoint.x,
      focal_y: focalPoint.y,
      faces: Number(count),
      smile,
      scene_version: (of) => of.case('kind').when('video').then(SCENE_VERSIONS.video).else(SCENE_VERSIONS.photo).end(),
    })
    .where('id', '=', id)
    .execute();
}
