export type { Access } from './access.ts';
export { type AppOptions, createApp } from './app.ts';
export { createLibraryDoor, type LibraryDoor } from './library/door.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export type { AlreadyRunning } from './listen.ts';
export { type ProblemCode, statusOf } from './problems.ts';
export { DEFAULT_PORT, type ServeOptions, type Serving, serve } from './serve.ts';
export { closeOnSignals } from './signals.ts';
