import { type RawBuilder, sql } from 'kysely';
import { SCENE_VERSIONS } from '../media.ts';

/** Of rows of assets: whether who and what is seen was found, the way it is found now. */
export const HAS_SCENE: RawBuilder<boolean> = sql<boolean>`(scene_version =
  case kind when 'video' then ${sql.lit(SCENE_VERSIONS.video)} else ${sql.lit(SCENE_VERSIONS.photo)} end)`;
