import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** Encodes pieces of sound, some of them much longer than those before. Overwritten memory ends the process, so it is one of its own. */
const ENCODE = `
  import { AudioSample, AudioSampleSource, BufferTarget, Mp4OutputFormat, Output, Quality } from 'mediabunny';
  import { registerCodecs } from './dist/video/register.js';
  registerCodecs();
  const output = new Output({ format: new Mp4OutputFormat(), target: new BufferTarget() });
  const source = new AudioSampleSource({ codec: 'aac', quality: new Quality('medium') });
  output.addAudioTrack(source);
  await output.start();
  for (let i = 0, at = 0; i < 60; i++) {
    const frames = i % 20 === 19 ? 48000 : 1600;
    const data = Float32Array.from({ length: frames }, (_, n) => Math.sin((at + n) / 9) / 3);
    const sample = new AudioSample({ data, format: 'f32', numberOfChannels: 1, sampleRate: 48000, timestamp: at / 48000 });
    await source.add(sample);
    sample.close();
    at += frames;
  }
  await output.finalize();
  console.log(output.target.buffer.byteLength);
`;

it('encodes pieces of sound of any length one after another', { timeout: 60_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', ENCODE], {
    cwd: FOLDER,
  });
  expect(Number(stdout)).toBeGreaterThan(10_000);
});
