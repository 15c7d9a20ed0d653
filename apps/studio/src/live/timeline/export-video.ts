import { FocalError } from '@focal/core';
import type { Timeline } from '@focal/video';

const URL_OF_FOCUS = '/v1/video/focus?quality=high';

export interface ExportedVideo {
  readonly blob: Blob;
  readonly extension: string;
  /** What went less well than it might have. */
  readonly note?: string;
}

/** The video rendered whole by the server, at its own size and with its sound, as `focal video focus` does it. */
export async function exportVideo(file: File, timeline: Timeline, signal: AbortSignal): Promise<ExportedVideo> {
  const form = new FormData();
  form.set('timeline', JSON.stringify(timeline));
  form.set('video', file, file.name);
  let response: Response;
  try {
    response = await fetch(URL_OF_FOCUS, { method: 'POST', body: form, signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new FocalError('network', 'The Focal server does not answer.', {
      hint: 'Start it again with npm start, or save the timeline and run: focal video focus VIDEO --timeline FILE.',
      cause,
    });
  }
  if (!response.ok) {
    const told = (await response.json().catch(() => ({}))) as { detail?: string; hint?: string };
    throw new FocalError('internal', told.detail ?? `The server answered ${response.status}.`, {
      ...(told.hint !== undefined && { hint: told.hint }),
    });
  }
  const blob = await response.blob();
  const warnings = response.headers.get('focal-warnings');
  return { blob, extension: 'mp4', ...(warnings !== null && { note: warnings }) };
}
