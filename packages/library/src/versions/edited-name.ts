import { splitName, toSafeName } from '../uploads/names.ts';

/** What goes out of photos that are shown edited: the original only, both, or the edited one only. */
export const EDITS_CHOICES = ['none', 'beside', 'instead'] as const;
export type EditsChoice = (typeof EDITS_CHOICES)[number];

/** The name of an edited photo without its extension: the original's, and the version's behind it where both lie there. */
export function toEditedName(original: string, version: string, edits: EditsChoice): string {
  const [stem] = splitName(original);
  return toSafeName(edits === 'beside' ? `${stem} (${version.replaceAll(/[/\\]/g, '_')})` : stem);
}
