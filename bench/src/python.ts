import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Said of rows that are left out. */
export const NO_OPENCV = 'skipped: no python3 with OpenCV (Debian: python3-opencv); PYTHON names another';

/** A Python that has OpenCV, which some figures are set beside. */
export async function findPython(): Promise<string | undefined> {
  for (const command of [process.env.PYTHON, 'python3', '/usr/bin/python3']) {
    if (command === undefined) continue;
    try {
      await run(command, ['-c', 'import cv2']);
      return command;
    } catch {
      // The next one may have it.
    }
  }
  return undefined;
}

/** What a program prints as JSON. */
export async function runPython(python: string, program: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(python, ['-c', program, ...args], { maxBuffer: 64 * 2 ** 20 });
  return JSON.parse(stdout);
}
