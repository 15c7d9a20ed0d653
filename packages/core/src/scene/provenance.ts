import type { Provenance, Scene } from './scene.ts';

/** The models behind all facts of a scene, and the first sentence for the user that one of them has. */
export function sceneProvenance({
  matte,
  objects,
  faces,
  subjects,
  saliency,
  possibleFaces,
}: Omit<Scene, 'version' | 'width' | 'height' | 'facts'>): Provenance {
  const origins = [matte, objects, faces, subjects, saliency, possibleFaces].flatMap((fact) => fact?.provenance ?? []);
  const notice = origins.find((origin) => origin.notice !== undefined)?.notice;
  return { models: [...new Set(origins.flatMap(({ models }) => models))], ...(notice !== undefined && { notice }) };
}
