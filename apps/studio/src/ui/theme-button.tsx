import type { Theme } from '../state/types.ts';
import { IconButton } from './icon-button.tsx';
import type { IconName } from './icons.tsx';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS: Readonly<Record<Theme, IconName>> = { system: 'auto', light: 'sun', dark: 'moon' };

/** Goes through light, dark, and as the system is. */
export function ThemeButton({ theme, onChange }: { readonly theme: Theme; readonly onChange: (theme: Theme) => void }) {
  return (
    <IconButton
      icon={ICONS[theme]}
      label={`Theme: ${theme === 'system' ? 'as the system' : theme}. Change`}
      onClick={() => onChange(NEXT[theme])}
    />
  );
}
