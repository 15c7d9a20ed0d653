import { freemem } from 'node:os';
import type { MemoryProfile } from '@focal/models';

/** Under this much free memory the low-memory profile is the default. */
const ROOMY_BYTES = 8 * 2 ** 30;

/** Memory that this process could still take: what the system has free, or what its container allows. */
export function freeMemory(): number {
  // process.availableMemory knows limits of containers; it came with Node 20.13.
  return Math.min(process.availableMemory(), freemem());
}

/** The asked-for profile; `auto` takes `low-memory` where under 8 GB are free. */
export function chooseProfile(wanted: MemoryProfile | 'auto', freeBytes: number): MemoryProfile {
  if (wanted !== 'auto') return wanted;
  return freeBytes < ROOMY_BYTES ? 'low-memory' : 'fast';
}
