import { createMatte, createRecipe, type Matte, type Picture, type Scene, type Subject } from '@focal/core';
import { type createPixelPool, runPlanParallel } from '@focal/node';

export type Steps = Parameters<typeof createRecipe>[0];

/** The recipes of the figures, by their names in the table. */
export const RENDER_RECIPES: Readonly<Record<string, Steps>> = {
  'five steps': [
    { effect: 'background', params: { kind: 'gradient' } },
    { effect: 'bokeh', on: { role: 'things' } },
    { effect: 'tone' },
    { effect: 'frame' },
    { effect: 'caption', params: { text: 'Five steps, one recipe' } },
  ],
  'ten steps': [
    { effect: 'tone' },
    { effect: 'mono', opacity: 0.4 },
    { effect: 'background', params: { kind: 'pattern', pattern: 'lights' }, opacity: 0.6 },
    { effect: 'bokeh' },
    { effect: 'shadow' },
    { effect: 'glow' },
    { effect: 'outline', params: { width: 0.004 } },
    { effect: 'tone', on: { role: 'main' }, params: { exposure: 0.3, detail: 0 } },
    { effect: 'frame', params: { style: 'rounded' } },
    { effect: 'caption', params: { text: 'Ten steps, one recipe' } },
  ],
};

/** On shared memory, as Focal decodes. */
export function share(picture: Picture): Picture {
  const data = new Uint8Array(new SharedArrayBuffer(picture.data.length));
  data.set(picture.data);
  return { ...picture, data };
}

/** Resolves and renders as Focal does. */
export async function renderRecipe(
  pool: ReturnType<typeof createPixelPool>,
  picture: Picture,
  scene: Scene,
  steps: Steps,
): Promise<Picture> {
  const recipe = createRecipe(steps);
  const resolved = await pool.run('resolve-recipe', { recipe, picture, scene, options: {} });
  return runPlanParallel(pool, { kind: 'recipe', picture, scene, steps: resolved.steps, pictures: {} });
}

/** Somebody in the middle and a dog beside, at model resolution. */
export function drawScene({ width, height }: Picture): Scene {
  const provenance = { models: [] };
  const person = drawOval(0.42, 0.62, 0.2, 0.5);
  const dog = drawOval(0.78, 0.8, 0.12, 0.16);
  const matte = createMatte(1024, 1024, { data: person.data.map((value, i) => Math.max(value, dog.data[i] ?? 0)) });
  const subject = (id: string, label: string, of: Matte): Subject => ({
    id,
    kind: label === 'person' ? 'person' : 'object',
    label,
    score: 1,
    box: { x: 0, y: 0, width: 1, height: 1 },
    anchor: { x: 0.5, y: 0.5 },
    matte: { box: { x: 0, y: 0, width: 1, height: 1 }, matte: of },
    faceIds: [],
  });
  return {
    version: 1,
    width,
    height,
    facts: ['matte', 'objects', 'faces', 'subjects'],
    matte: { matte, provenance },
    faces: { faces: [], provenance },
    subjects: { subjects: [subject('person-1', 'person', person), subject('dog-1', 'dog', dog)], provenance },
  };
}

/** An oval with a soft edge. */
function drawOval(cx: number, cy: number, rx: number, ry: number): Matte {
  const matte = createMatte(1024, 1024);
  for (let i = 0; i < matte.data.length; i++) {
    const [x, y] = [((i % 1024) + 0.5) / 1024, (Math.floor(i / 1024) + 0.5) / 1024];
    const far = Math.hypot((x - cx) / rx, (y - cy) / ry);
    matte.data[i] = Math.round(255 * Math.min(1, Math.max(0, (1 - far) * 40 + 0.5)));
  }
  return matte;
}
