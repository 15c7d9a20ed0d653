import type { Device } from '@focal/models';
import { describe, expect, it } from 'vitest';
import { chooseDevice, type DeviceFacts } from './devices.ts';

const bare: DeviceFacts = { platform: 'linux', arch: 'x64', hasCudaLibraries: false, hasGpu: false };
const equipped: DeviceFacts = { ...bare, hasCudaLibraries: true, hasGpu: true };

/** A probe that works for these devices only, and keeps which were tried. */
function probeOf(...working: readonly Device[]) {
  const tried: Device[] = [];
  return {
    tried,
    probe: async (device: Device): Promise<void> => {
      tried.push(device);
      if (!working.includes(device)) throw new Error(`${device} has no driver\nat source.cc:12`);
    },
  };
}

describe('chooseDevice', () => {
  it('takes the CPU on a machine without a graphics device, without trying others', async () => {
    const { probe, tried } = probeOf('cpu', 'webgpu');
    const found = await chooseDevice('auto', bare, probe);
    expect(found.device).toBe('cpu');
    expect(found.tried.map((each) => each.device)).toEqual(['cuda', 'webgpu']);
    expect(tried).toEqual(['cpu']);
  });

  it('takes CUDA before WebGPU before the CPU where they work', async () => {
    expect((await chooseDevice('auto', equipped, probeOf('cuda', 'webgpu', 'cpu').probe)).device).toBe('cuda');
    const found = await chooseDevice('auto', equipped, probeOf('webgpu', 'cpu').probe);
    expect(found).toEqual({ device: 'webgpu', tried: [{ device: 'cuda', reason: 'cuda has no driver' }] });
  });

  it('fails hard for a named device that does not work, whatever else would', async () => {
    const error = chooseDevice('cuda', equipped, probeOf('webgpu', 'cpu').probe);
    await expect(error).rejects.toMatchObject({
      code: 'device-unavailable',
      message: 'The device cuda is not available. Tried: cuda (cuda has no driver).',
      hint: expect.stringContaining('--onnxruntime-node-install=cuda12'),
    });
    await expect(chooseDevice('webgpu', bare, probeOf('cpu').probe)).rejects.toMatchObject({
      code: 'device-unavailable',
      hint: expect.stringContaining('graphics driver'),
    });
  });

  it('tries a named device even where the machine seems to lack it', async () => {
    const { probe, tried } = probeOf('cuda');
    expect((await chooseDevice('cuda', bare, probe)).device).toBe('cuda');
    expect(tried).toEqual(['cuda']);
  });

  it('lists everything that was tried when nothing works', async () => {
    await expect(chooseDevice('auto', bare, probeOf().probe)).rejects.toMatchObject({
      code: 'device-unavailable',
      message: expect.stringMatching(/cuda \(.*\), webgpu \(.*\), cpu \(cpu has no driver\)/),
    });
  });
});
