import type { Rendered } from '@focal/web';
import { findEffect } from '../state/look-actions.ts';
import type { StudioState } from '../state/store.ts';
import type { Edits, StepNote } from '../state/types.ts';

/** Something of a look that a photo does not get. */
export interface LeftOut {
  /** As the step is called. */
  readonly title: string;
  /** A sentence. */
  readonly reason: string;
}

/** What there is to say about steps that were left out, by their ids. */
export function toNotes({ steps }: Edits, skipped: Rendered['skipped']): Readonly<Record<string, StepNote>> {
  return Object.fromEntries(skipped.map(({ index, reason, missing }) => [steps[index]?.id ?? '', { reason, missing }]));
}

/** The steps that are on and are left out, and the corrections by hand without a hold. What only waits is none of them. */
export function listLeftOut(
  state: Pick<StudioState, 'effects' | 'history' | 'stepNotes' | 'missed'>,
): readonly LeftOut[] {
  const steps = state.history.present.steps.flatMap((step) => {
    const note = state.stepNotes[step.id];
    if (note === undefined || note.missing.length > 0 || !step.enabled) return [];
    return [{ title: findEffect(state, step)?.title ?? step.effect, reason: note.reason }];
  });
  return [...steps, ...state.missed.map((reason) => ({ title: 'a correction by hand', reason }))];
}

/** ` without Caption: There is nothing to write.`, or a full stop. */
export function describeLeftOut(leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return '.';
  return ` without ${leftOut.map(({ title, reason }) => `${title}: ${reason}`).join(' Without ')}`;
}
