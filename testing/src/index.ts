export { findChromium, launchChromium } from './chromium.ts';
export { writeBoxFont } from './font-writer.ts';
export { type Human, type HumanObject, type HumanOptions, type HumanResult, openHuman } from './human.ts';
export { type LiteRt, openLiteRt, type ReferenceInput, type ReferenceTensor } from './litert.ts';
