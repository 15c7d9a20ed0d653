import { FocalError, type Matte, type Picture } from '@focal/core';
import { createGlBokeh, type GlBokeh, type Lens } from './gl-bokeh.ts';

/** A graphics card that may go at any time, and come back. */
export interface Card {
  /** Whether it is the processor in disguise, slower than core's kernels. */
  readonly isSoftware: boolean;
  /** Why it does not draw now; nothing where it does. */
  readonly problem: string | undefined;
  /** Core's bokeh, see {@link GlBokeh}; nothing where the card cannot do it. The bitmap is the caller's to close. */
  draw(picture: Picture, subject: Matte, lens: Lens): ImageBitmap | undefined;
}

export const NO_CARD = 'This browser gives no WebGL2; its settings may have hardware acceleration off.';

const LOST = 'The browser has lost the graphics card for now.';
/** How drivers name themselves that draw in software. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/**
 * The card as WebGL2 gives it; nothing where this browser gives none. What draws is made for the first picture.
 * `onBack` is called when it was lost and can draw again.
 */
export function openCard(onBack: () => void, canvas = new OffscreenCanvas(1, 1)): Card | undefined {
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false });
  if (gl === null) return undefined;
  const isSoftware = SOFTWARE.test(nameOf(gl));
  let bokeh: GlBokeh | undefined;
  let failure: string | undefined;
  // Without this a lost context does not come back.
  canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
  // Its programs and textures are gone.
  canvas.addEventListener('webglcontextrestored', () => {
    bokeh = undefined;
    failure = undefined;
    onBack();
  });
  return {
    isSoftware,
    get problem() {
      return gl.isContextLost() ? LOST : failure;
    },
    draw(picture, subject, lens) {
      if (gl.isContextLost() || failure !== undefined) return undefined;
      try {
        bokeh ??= createGlBokeh(gl);
        // A bitmap: canvases that were lost once are drawn as black by some browsers.
        return bokeh.draw(picture, subject, lens) ? canvas.transferToImageBitmap() : undefined;
      } catch (error) {
        // Whatever goes wrong in a context that is lost has no meaning.
        if (gl.isContextLost()) return undefined;
        if (!(error instanceof FocalError)) throw error;
        failure = error.message;
        return undefined;
      }
    },
  };
}

function nameOf(gl: WebGL2RenderingContext): string {
  const extension = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(extension?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
}
