export type { Device, MemoryProfile, ModelStore, RunOptions, Runtime, Session, Tensor, TensorData } from './ports.ts';
