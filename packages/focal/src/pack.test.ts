import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PACKAGES = {
  '@focal/core': 'core',
  '@focal/models': 'models',
  '@focal/text': 'text',
  '@focal/video': 'video',
  '@focal/node': 'node',
  focal: 'focal',
};

const run = promisify(execFile);

/** npm without what the npm that runs these tests has put into the environment. */
async function npm(folder: string, ...args: readonly string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  const { stdout } = await run('npm', [...args], {
    cwd: folder,
    env,
    maxBuffer: 1 << 26,
    shell: process.platform === 'win32',
  });
  return stdout;
}

/** The code blocks of a README in one language. @param folder of the README, from the clone's root */
async function readExamples(folder: string, language: 'js' | 'json'): Promise<readonly string[]> {
  const readme = await readFile(join(ROOT, folder, 'README.md'), 'utf8');
  const blocks = readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'));
  return [...blocks].map((block) => block[1] ?? '');
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

let folder = '';
let packed: readonly Packed[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focal-pack-'));
  const workspaces = Object.values(PACKAGES).flatMap((name) => ['-w', `packages/${name}`]);
  const listing = await npm(ROOT, 'pack', '--json', ...workspaces, '--pack-destination', folder, '--ignore-scripts');
  packed = JSON.parse(listing) as readonly Packed[];
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a program in the folder of an app; gives what it printed. */
async function runExample(app: string, example: string): Promise<string> {
  await writeFile(join(app, 'example.js'), example);
  const env = { ...process.env, FOCAL_HOME: join(app, 'home') };
  return (await run(process.execPath, ['example.js'], { cwd: app, env })).stdout;
}

describe('the packed packages', () => {
  it('hold what runs and nothing of the tests', async () => {
    expect(packed.map(({ name }) => name).sort()).toEqual(Object.keys(PACKAGES).sort());
    for (const { name, files } of packed) {
      const paths = files.map((file) => file.path);
      expect(paths).toContain('dist/index.js');
      expect(paths).toContain('dist/index.d.ts');
      expect(paths.filter((path) => path.includes('.test.') || path.endsWith('.tsbuildinfo'))).toEqual([]);
      if (name !== '@focal/node') continue;
      for (const worker of ['pixel.worker', 'inference.worker', 'live.worker', 'video.worker', 'own-model.child'])
        expect(paths).toContain(`dist/bundled/${worker}.js`);
    }
  });

  it('cut out a photo in an empty folder by the examples of both READMEs', async () => {
    const dependencies = Object.fromEntries(
      packed.map(({ name, filename }) => [name, `file:${join(folder, filename)}`]),
    );
    const [overrides = '{}'] = await readExamples('packages/focal', 'json');
    const manifest = { name: 'example', private: true, type: 'module', dependencies, ...JSON.parse(overrides) };
    const app = await mkdtemp(join(folder, 'app-'));
    await writeFile(join(app, 'package.json'), JSON.stringify(manifest));
    // What the clone's own installation has fetched lies in npm's cache, so this needs no network as a rule.
    await npm(app, 'install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
    expect(existsSync(join(app, 'node_modules', '@focal', 'node', 'dist', 'workers', 'pixel.worker.js'))).toBe(true);

    const photos = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
    await copyFile(join(photos, 'demo', 'sample1.jpg'), join(app, 'photo.jpg'));
    const [whole = '', steps = ''] = await readExamples('packages/focal', 'js');
    const example = whole.replace('await focal.close();', `${steps}await focal.close();`);
    expect(await runExample(app, example)).toMatch(/isnet-medium|not installed/);

    const { data, info } = await sharp(join(app, 'photo-cutout.png')).raw().toBuffer({ resolveWithObject: true });
    const alpha = data.filter((_, i) => i % 4 === 3);
    expect([info.width, info.height, info.channels]).toEqual([1920, 1280, 4]);
    expect(alpha.filter((value) => value === 0).length / alpha.length).toBeGreaterThan(0.2);
    expect(alpha.filter((value) => value === 255).length / alpha.length).toBeGreaterThan(0.2);
    expect((await sharp(join(app, 'blurred.jpg')).metadata()).width).toBe(1920);

    // The one of the clone's README, exactly as printed.
    await rm(join(app, 'photo-cutout.png'));
    const [printed = '', ...others] = await readExamples('.', 'js');
    expect(others).toEqual([]);
    const stdout = await runExample(app, printed);
    const trimmed = await sharp(join(app, 'photo-cutout.png')).metadata();
    expect(stdout).toBe(`photo-cutout.png: ${trimmed.width} × ${trimmed.height}\n`);
    expect(trimmed.width * trimmed.height).toBeLessThan(1920 * 1280);
  }, 600_000);
});
