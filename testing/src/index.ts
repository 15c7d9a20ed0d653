export { findChromium, launchChromium } from './chromium.ts';
export { type LiteRt, openLiteRt, type ReferenceInput, type ReferenceTensor } from './litert.ts';
