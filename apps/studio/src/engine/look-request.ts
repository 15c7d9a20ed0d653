import type { LookRequest } from '@focal/web';
import type { Edits } from '../state/types.ts';

/** What is done to a photo, as the effect worker takes it. */
export function toLookRequest({ steps, corrections, font }: Edits): LookRequest {
  return { steps, ...toCorrectionsText(corrections), ...(font !== undefined && { font }) };
}

/** Only where there are some. */
export function toCorrectionsText(corrections: Edits['corrections']): { readonly corrections?: string } {
  return corrections.length === 0 ? {} : { corrections: JSON.stringify(corrections) };
}
