import { FocalError, type KnownPerson } from '@focal/core';
import { analyseFile } from './analyse-file.ts';
import type { Engine } from './engine.ts';
import type { PersonPictures } from './types.ts';

/** The vectors of the largest face of each picture, by person. */
export async function know(
  engine: Engine,
  people: readonly PersonPictures[],
  signal: AbortSignal | undefined,
): Promise<readonly KnownPerson[]> {
  const known: KnownPerson[] = [];
  for (const { name, pictures } of people) {
    const vectors: Float32Array[] = [];
    for (const picture of pictures) {
      const looking = analyseFile(engine, picture, ['identities'], { ...(signal && { signal }) });
      const { scene } = await looking.catch((error: unknown) => {
        throw nameKnown(error, name, picture);
      });
      const vector = scene.faces?.faces[0]?.vector;
      if (vector === undefined) {
        throw new FocalError('not-found', `There is no face in a picture of ${name}.`, {
          hint: typeof picture === 'string' ? `Take another one than ${picture}.` : 'Take another picture.',
        });
      }
      vectors.push(vector);
    }
    known.push({ name, vectors });
  }
  return known;
}

/** So that it is not taken for the photo that is worked on. */
function nameKnown(error: unknown, name: string, picture: PersonPictures['pictures'][number]): unknown {
  if (!(error instanceof FocalError) || error.code === 'aborted') return error;
  const which = typeof picture === 'string' ? `${picture}, a picture of ${name},` : `A picture of ${name}`;
  return new FocalError(error.code, `${which} cannot be used: ${error.message}`, {
    ...(error.hint !== undefined && { hint: error.hint }),
    cause: error,
  });
}
