import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FocalError } from '@focal/core';
import type { Device } from '@focal/models';

/** A device that was tried, or ruled out without trying, and why it did not do. */
export interface TriedDevice {
  readonly device: Device;
  readonly reason: string;
}

/** What is asked of {@link chooseDevice}: does this device run a model here? Rejects with the reason when not. */
export type ProbeDevice = (device: Device) => Promise<void>;

/** Facts about the machine that rule a device out before anything is loaded. */
export interface DeviceFacts {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Whether ONNX Runtime's CUDA libraries lie beside its binding. */
  readonly hasCudaLibraries: boolean;
  /** Whether the system shows a graphics device. Software renderers do not count. */
  readonly hasGpu: boolean;
}

const CUDA_HINT =
  "ONNX Runtime's CUDA libraries come by its install script, which npm runs only when asked: " +
  '`npm rebuild onnxruntime-node --ignore-scripts=false --foreground-scripts --onnxruntime-node-install=cuda12` ' +
  '(Linux x64; needs an NVIDIA driver, CUDA 12 and cuDNN 9 on the library path).';

const WEBGPU_HINT =
  'WebGPU needs a graphics driver: Vulkan on Linux x64 (libvulkan1 and the driver of the card), Direct3D 12 on ' +
  'Windows, Metal on macOS. Use the device cpu otherwise.';

/** What the machine shows without loading a driver. */
export function readDeviceFacts(): DeviceFacts {
  return {
    platform: process.platform,
    arch: process.arch,
    hasCudaLibraries: existsSync(join(bindingFolder(), 'libonnxruntime_providers_cuda.so')),
    hasGpu: process.platform !== 'linux' || hasLinuxGpu(),
  };
}

/** Why the device cannot be had on such a machine, or nothing where it is worth a try. */
function ruleOut(device: Device, facts: DeviceFacts): string | undefined {
  if (device === 'cuda') {
    if (facts.platform !== 'linux' || facts.arch !== 'x64') return 'CUDA is to be had on Linux x64 only';
    if (!facts.hasCudaLibraries) return "ONNX Runtime's CUDA libraries are not installed";
  }
  if (device === 'webgpu') {
    if (facts.platform === 'linux' && facts.arch !== 'x64') return 'WebGPU is not built for Linux on this processor';
    if (!facts.hasGpu) return 'the system shows no graphics device';
  }
  return undefined;
}

/**
 * The device to use and what was tried before it. `auto` takes the first of CUDA, WebGPU and CPU that runs a model.
 * A named device that does not throws `device-unavailable`, saying what was tried and what to do.
 */
export async function chooseDevice(
  wanted: 'auto' | Device,
  facts: DeviceFacts,
  probe: ProbeDevice,
): Promise<{ readonly device: Device; readonly tried: readonly TriedDevice[] }> {
  const candidates: readonly Device[] = wanted === 'auto' ? ['cuda', 'webgpu', 'cpu'] : [wanted];
  const tried: TriedDevice[] = [];
  for (const device of candidates) {
    // A named device is tried even where the facts speak against it: the attempt itself is the proof.
    const reason = (wanted === 'auto' ? ruleOut(device, facts) : undefined) ?? (await attempt(device, probe));
    if (reason === undefined) return { device, tried };
    tried.push({ device, reason: (wanted === 'auto' ? undefined : ruleOut(device, facts)) ?? reason });
  }
  throw unavailable(wanted, tried);
}

async function attempt(device: Device, probe: ProbeDevice): Promise<string | undefined> {
  try {
    await probe(device);
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

function unavailable(wanted: 'auto' | Device, tried: readonly TriedDevice[]): FocalError {
  const list = tried.map(({ device, reason }) => `${device} (${reason})`).join(', ');
  const hints: Partial<Record<Device | 'auto', string>> = { cuda: CUDA_HINT, webgpu: WEBGPU_HINT };
  const hint = hints[wanted] ?? 'Reinstall onnxruntime-node for this system: `npm ci`.';
  return new FocalError('device-unavailable', `The device ${wanted} is not available. Tried: ${list}.`, { hint });
}

/** ORT's messages carry source paths and several lines; people need the last sentence of the first. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n', 1)[0] ?? text;
  return (line.includes('was false. ') ? line.slice(line.indexOf('was false. ') + 11) : line).trim();
}

function bindingFolder(): string {
  const main = createRequire(import.meta.url).resolve('onnxruntime-node');
  return join(dirname(main), '..', 'bin', 'napi-v6', process.platform, process.arch);
}

function hasLinuxGpu(): boolean {
  if (existsSync('/dev/nvidia0')) return true;
  try {
    return readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
  } catch {
    return false;
  }
}
