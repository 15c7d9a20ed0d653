import { importSharp } from './codec/sharp.ts';

/** Versions of the native libraries; `missing` where one cannot be loaded. */
export async function readVersions(): Promise<Readonly<Record<string, string>>> {
  return { ...(await readSharp()), onnxruntime: await readOrt() };
}

async function readSharp(): Promise<Record<string, string>> {
  try {
    const { versions } = await importSharp();
    return { sharp: versions.sharp ?? 'unknown', libvips: versions.vips };
  } catch {
    return { sharp: 'missing' };
  }
}

async function readOrt(): Promise<string> {
  try {
    const { env } = await import('onnxruntime-node');
    return env.versions.node ?? env.versions.common;
  } catch {
    return 'missing';
  }
}
