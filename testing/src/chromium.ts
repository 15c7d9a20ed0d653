import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The path of a Chromium on this machine: CHROMIUM_PATH, the PATH, usual places, then Playwright's own; else none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const candidates = [
    ...(env.CHROMIUM_PATH ? [env.CHROMIUM_PATH] : []),
    ...(env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    chromium.executablePath(),
  ];
  return candidates.find((path) => path !== '' && existsSync(path));
}

export interface ChromiumOptions extends LaunchOptions {
  /** Leaves it to Chromium how it draws, as users have it, for measuring: software WebGL takes what pages compute on. */
  readonly drawsAsUsual?: boolean;
}

/**
 * Starts a headless Chromium for tests, with no traffic of its own and software WebGL2 and WebGPU.
 * Throws, saying what to install, where there is none.
 */
export async function launchChromium({ drawsAsUsual = false, ...options }: ChromiumOptions = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(
      'No Chromium was found. Install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to its program.',
    );
  }
  return chromium.launch({
    executablePath,
    headless: true,
    ...options,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(drawsAsUsual ? [] : ['--use-angle=swiftshader', '--enable-unsafe-swiftshader']),
      ...(options.args ?? []),
    ],
  });
}
