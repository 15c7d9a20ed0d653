import { expect, test } from 'vitest';
import { hasDesktop } from './open-browser.ts';

test.each<[string, NodeJS.ProcessEnv, NodeJS.Platform, boolean]>([
  ['a Linux desktop', { DISPLAY: ':0' }, 'linux', true],
  ['a Wayland desktop', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
  ['a Linux server', {}, 'linux', false],
  ['a Mac', {}, 'darwin', true],
  ['Windows', {}, 'win32', true],
  ['a Mac over SSH', { SSH_CONNECTION: '1' }, 'darwin', false],
  ['a forwarded display', { SSH_TTY: '/dev/pts/0', DISPLAY: 'localhost:10' }, 'linux', false],
  ['continuous integration', { CI: 'true', DISPLAY: ':99' }, 'linux', false],
])('whether a browser opens on %s', (_, env, platform, expected) => {
  expect(hasDesktop(env, platform)).toBe(expected);
});
