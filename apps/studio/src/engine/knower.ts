import { type Face, type Fact, FocalError, findKnownPeople, type KnownPerson, type Scene } from '@focal/core';
import type { EffectHandlers, WorkerClient } from '@focal/web';
import { findEffect, hides } from '../state/look-actions.ts';
import type { StudioStore } from '../state/store.ts';
import { toProblem } from './problems.ts';

/** Who is known for this sitting, so that steps on unknown faces spare them. Vectors stay in the memory of this page. */
export interface Knower {
  /**
   * Takes whose face it is for known, or forgets them where they are. Steps that hide everybody hide whom nobody knows
   * from then on. Looks closer at the photo first where it is not known yet who its faces are.
   * @param name what the page calls them
   */
  toggleKnown(faceId: string, name: string): Promise<void>;
}

export interface KnowerOptions {
  /** Looks at the photo on the screen for further facts; nothing where another photo was opened meanwhile. */
  readonly lookAt: (facts: readonly Fact[]) => Promise<Scene | undefined>;
  /** Goes on with what steps have asked for meanwhile. */
  readonly findScene: () => Promise<void>;
}

export function createKnower(
  store: StudioStore,
  effects: WorkerClient<EffectHandlers>,
  { lookAt, findScene }: KnowerOptions,
): Knower {
  const { toast } = store.getState();
  let next = 1;

  const setKnown = async (known: readonly KnownPerson[]): Promise<void> => {
    await effects.call('setKnown', known);
    store.setState({ known });
  };

  const know = async (vector: Float32Array, faceId: string, scene: Scene, name: string): Promise<void> => {
    const person: KnownPerson = { name: `known-${next++}`, vectors: [vector] };
    await setKnown([...store.getState().known, person]);
    const isSwitched = store.getState().spareKnown();
    const others = (scene.faces?.faces ?? []).filter(
      (face) => face.id !== faceId && findKnownPeople(face, [person]).length > 0,
    );
    const sentences = [
      `${name} is known until this page is closed${sparesKnown() ? ', and not hidden; others stay covered' : ''}.`,
      isSwitched ? 'What hid everybody acts on faces nobody knows now.' : '',
      others.length > 0 ? `Look closely: ${others.length + 1} faces here are taken for theirs.` : '',
    ];
    toast(others.length > 0 ? 'info' : 'success', sentences.filter((each) => each !== '').join(' '));
  };

  const forget = async (people: readonly KnownPerson[], name: string): Promise<void> => {
    await setKnown(store.getState().known.filter((person) => !people.includes(person)));
    toast('info', `${name} is not known any more${sparesKnown() ? ', and is hidden again' : ''}.`);
  };

  /** Whether a step hides whom nobody knows. */
  const sparesKnown = (): boolean => {
    const state = store.getState();
    return state.history.present.steps.some(
      (step) => step.enabled && step.on === 'unknown-faces' && hides(findEffect(state, step)),
    );
  };

  /** The face with its vector. */
  const describeFace = async (faceId: string): Promise<{ readonly scene: Scene; readonly face?: Face } | undefined> => {
    const { scene } = store.getState();
    if (scene.phase !== 'ready') return undefined;
    const isKnown = scene.scene.facts.includes('identities');
    const found = isKnown ? scene.scene : await lookAt(['identities']);
    if (found === undefined) return undefined;
    if (!isKnown) store.setState({ scene: { phase: 'ready', scene: found } });
    const face = found.faces?.faces.find(({ id }) => id === faceId);
    return { scene: found, ...(face && { face }) };
  };

  return {
    async toggleKnown(faceId, name) {
      const { knowing, photo, place } = store.getState();
      if (knowing !== undefined || photo === undefined) return;
      store.setState({ knowing: faceId });
      try {
        const found = await describeFace(faceId);
        if (found === undefined) return;
        const { face, scene } = found;
        if (face?.vector === undefined) {
          toast('error', `${name} cannot be known by this face. It stays covered.`);
          return;
        }
        const same = findKnownPeople(face, store.getState().known);
        if (same.length > 0) await forget(same, name);
        else await know(face.vector, faceId, scene, name);
      } catch (error) {
        if (error instanceof FocalError && error.code === 'aborted') return;
        const { title, text } = toProblem(error, photo.name, place);
        toast('error', `${name} is not known. ${title} ${text}`);
      } finally {
        store.setState({ knowing: undefined });
        void findScene();
      }
    },
  };
}
