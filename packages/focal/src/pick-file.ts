import { FocalError, type Pick as Picked, type Picture, type Point, type Scene, toPickedScene } from '@focal/core';
import { analyseFile } from './analyse-file.ts';
import type { Engine } from './engine.ts';
import type { AnalyseFileOptions, Input, PickedFile } from './types.ts';

/** Throws `invalid-argument` for a point that lies outside of the picture. */
export function checkPoint({ x, y }: Point): void {
  if ([x, y].every((share) => share >= 0 && share <= 1)) return;
  throw new FocalError('invalid-argument', `Expected a point in fractions from 0 to 1, got ${x}, ${y}.`, {
    hint: '0, 0 is the top left corner of the upright picture, 1, 1 the bottom right one.',
  });
}

/** What is at a point of a picture, found on a pixel thread. */
export function pickStep(
  engine: Engine,
  picture: Picture,
  scene: Scene,
  point: Point,
  signal: AbortSignal | undefined,
): Promise<Picked | undefined> {
  return engine.pixels().run('pick', { picture, scene, point }, { signal });
}

/** From bytes or path to what is at a point; what is known of the file's scene is used, as in {@link analyseFile}. */
export async function pickFile(
  engine: Engine,
  input: Input,
  point: Point,
  options: Omit<AnalyseFileOptions, 'withPicture'>,
): Promise<PickedFile> {
  const analysed = await analyseFile(engine, input, ['subjects'], { ...options, withPicture: true });
  const { scene, picture } = analysed;
  if (picture === undefined) throw new FocalError('internal', 'There is no picture.');
  const pick = await pickStep(engine, picture, scene, point, options.signal);
  if (pick === undefined) {
    throw new FocalError('not-found', `Nothing stands out from its background at ${point.x}, ${point.y}.`, {
      hint: 'Give a point well inside of the subject, away from its border.',
    });
  }
  return { ...analysed, picture, pick, picked: toPickedScene(scene, pick) };
}
