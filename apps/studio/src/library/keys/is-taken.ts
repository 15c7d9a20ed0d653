/** Whether a key is meant for what has the focus: a dialog, a text field, a button, a tab, a slider. */
export function isTaken({ key, target }: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]') !== null) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) {
    return !['checkbox', 'radio'].includes(target.type) || key === ' ' || key.startsWith('Arrow');
  }
  if (target instanceof HTMLVideoElement) return key === ' ' || key.startsWith('Arrow');
  if (target.matches('[role=tab]') && key.startsWith('Arrow')) return true;
  const isPressed = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  return isPressed && (key === ' ' || key === 'Enter');
}
