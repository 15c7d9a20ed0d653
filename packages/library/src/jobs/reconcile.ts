import { sql } from 'kysely';
import { THUMBNAIL_VERSION } from '../media.ts';
import type { Store } from '../store/store.ts';
import type { JobQueue } from './queue.ts';
import { HAS_SCENE } from './scene-version.ts';

/**
 * Adds the jobs of assets that lack something and have none: after a process ended between two steps, and after an
 * update of Focal that makes thumbnails or scenes another way. Files that are known as bad are left alone.
 */
export async function reconcileJobs(store: Store, queue: JobQueue): Promise<void> {
  const { rows } = await sql<{ id: number; lacks_thumbnails: boolean }>`
    select assets.id, thumbnail_version <> ${THUMBNAIL_VERSION} as lacks_thumbnails from assets
    where places > 0 and (thumbnail_version <> ${THUMBNAIL_VERSION} or not ${HAS_SCENE})
      and not exists (select from bad_files where asset_id = assets.id)
      and not exists (select from focal_jobs.job where state <= 'active' and (data->>'assetId')::integer = assets.id)
    order by sort_time desc`.execute(store.db);
  await queue.add(
    'thumbnails',
    rows.filter((row) => row.lacks_thumbnails).map(({ id }) => id),
  );
  await queue.add(
    'scene',
    rows.filter((row) => !row.lacks_thumbnails).map(({ id }) => id),
  );
}
