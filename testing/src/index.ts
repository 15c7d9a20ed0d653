export { findChromium, launchChromium } from './chromium.ts';
export { type Human, type HumanObject, type HumanOptions, type HumanResult, openHuman } from './human.ts';
export { type LiteRt, openLiteRt, type ReferenceInput, type ReferenceTensor } from './litert.ts';
