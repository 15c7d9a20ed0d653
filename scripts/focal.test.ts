import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from './workspace.mjs';

const run = promisify(execFile);
const isWindows = process.platform === 'win32';
let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'focal-launch-')));
});

afterEach(() => rm(folder, { recursive: true }));

describe('the launcher', () => {
  test('takes paths from where the user is, also when npx starts it in the folder of a package', async () => {
    const env = { ...process.env, npm_lifecycle_event: 'npx', npm_lifecycle_script: "'focal'", INIT_CWD: folder };
    const started = run(process.execPath, [join(root, 'scripts/focal.mjs'), 'cutout', 'x.jpg'], {
      cwd: join(root, 'apps/cli'),
      env,
    });
    await expect(started).rejects.toMatchObject({ code: 3, stderr: expect.stringContaining(`Looked in ${folder}.`) });
  });

  test('does not follow the INIT_CWD of somebody else', async () => {
    const env = { ...process.env, npm_lifecycle_event: 'test', INIT_CWD: root };
    const started = run(process.execPath, [join(root, 'scripts/focal.mjs'), 'cutout', 'x.jpg'], { cwd: folder, env });
    await expect(started).rejects.toMatchObject({ stderr: expect.stringContaining(`Looked in ${folder}.`) });
  });

  test('npm link puts focal on the PATH', async () => {
    const bin = isWindows ? folder : join(folder, 'bin');
    if (!isWindows) await mkdir(join(folder, 'lib'));
    const env = { ...process.env, npm_config_prefix: folder, npm_config_offline: 'true' };
    await run('npm', ['link'], { cwd: root, env, shell: isWindows });
    const path = `${bin}${isWindows ? ';' : ':'}${process.env.PATH}`;
    const { stdout } = await run('focal', ['--version'], {
      cwd: folder,
      env: { ...process.env, PATH: path },
      shell: isWindows,
    });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
