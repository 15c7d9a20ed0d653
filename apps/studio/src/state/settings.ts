import type { StudioState } from './store.ts';

type Settings = Pick<StudioState, 'theme' | 'place' | 'browserModel'>;

const KEY = 'focal-settings';
const DEFAULTS: Settings = { theme: 'system', place: 'server', browserModel: 'selfie' };

/** What this browser remembers of the user's choices; defaults where it remembers nothing it understands. */
export function readSettings(storage: Pick<Storage, 'getItem'>): Settings {
  try {
    const saved = JSON.parse(storage.getItem(KEY) ?? '{}') as Partial<Record<keyof Settings, unknown>>;
    return {
      theme: saved.theme === 'light' || saved.theme === 'dark' ? saved.theme : DEFAULTS.theme,
      place: saved.place === 'browser' ? 'browser' : DEFAULTS.place,
      browserModel: saved.browserModel === 'isnet-medium' ? 'isnet-medium' : DEFAULTS.browserModel,
    };
  } catch {
    return DEFAULTS;
  }
}

export function writeSettings(storage: Pick<Storage, 'setItem'>, { theme, place, browserModel }: Settings): void {
  try {
    storage.setItem(KEY, JSON.stringify({ theme, place, browserModel }));
  } catch {
    // A private window without storage: the choice holds until the page is closed.
  }
}
