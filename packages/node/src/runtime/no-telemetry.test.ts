import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

// Newer versions of the library (1.29, 1.30) note what runs in the user's cache folder, with a number for the machine,
// and send it to Microsoft. Theirs are the only programs that Focal brings and that could.
const COLLECTOR = 'events.data.microsoft.com';

describe('the programs of ONNX Runtime', () => {
  it('hold no address to send anything to', async () => {
    const folder = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin');
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const programs = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
    expect(programs.some((path) => path.includes('libonnxruntime') || path.includes('onnxruntime.dll'))).toBe(true);
    for (const path of programs) {
      const bytes = await readFile(path);
      expect([path, bytes.includes(COLLECTOR), bytes.includes(Buffer.from(COLLECTOR, 'utf16le'))]).toEqual([
        path,
        false,
        false,
      ]);
    }
  });
});
