import { expect, it } from 'vitest';
import { createStudioStore } from './store.ts';

it('shows one message about each cause, the newest, and none twice', () => {
  const store = createStudioStore({ theme: 'system', place: 'server', browserModel: 'selfie' });
  const { toast } = store.getState();
  const texts = () => store.getState().toasts.map(({ text }) => text);
  toast('info', 'Saved.');
  toast('error', 'That step failed: 0.9', undefined, 'preview');
  toast('error', 'That step failed: 0.8', undefined, 'preview');
  expect(texts()).toEqual(['Saved.', 'That step failed: 0.8']);
  toast('info', 'Saved.');
  expect(texts()).toEqual(['That step failed: 0.8', 'Saved.']);
});
