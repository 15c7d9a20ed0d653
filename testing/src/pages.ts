export { type FocusFrameToDraw, type GlFocusPage, openGlFocusPage } from './gl-focus-page.ts';
export { openSourcePage, type SourcePage, type SourcePageOptions } from './source-page.ts';
