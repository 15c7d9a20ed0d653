import type { Params, Step } from '../state/types.ts';

/** A look to begin with. Those that need an effect which is not there are not shown. */
export interface Look {
  readonly title: string;
  readonly steps: readonly Omit<Step, 'id'>[];
}

/** What a photo begins with. */
export const startLook: Look = { title: 'Cut-out', steps: [step('cutout')] };

export const looks: readonly Look[] = [
  startLook,
  { title: 'Soft background', steps: [step('bokeh')] },
  { title: 'Colour pop', steps: [step('mono', { contrast: 0.3 }), step('tone', { saturation: 0.25 }, 'main')] },
  { title: 'Studio white', steps: [step('cutout', { background: 'color', color: '#ffffff' })] },
  {
    title: 'Sticker',
    steps: [step('cutout'), step('outline', { width: 0.012 }), step('shadow', { distance: 0.012, strength: 0.4 })],
  },
  { title: 'Black and white', steps: [step('mono', { contrast: 0.35 }, 'everything')] },
  { title: 'Old print', steps: [step('mono', { style: 'sepia' }, 'everything')] },
  {
    title: 'Halo',
    steps: [step('tone', { exposure: -0.6 }, 'background'), step('glow', { width: 0.06 })],
  },
  {
    title: 'Polaroid',
    steps: [step('tone', { contrast: 0.08, saturation: -0.12 }, 'everything'), step('frame', { style: 'polaroid' })],
  },
  { title: 'Party', steps: [step('background', { kind: 'pattern' })] },
  { title: 'Hidden faces', steps: [step('anonymize')] },
];

function step(effect: string, params: Params = {}, on?: string): Omit<Step, 'id'> {
  return { effect, params, assets: {}, enabled: true, opacity: 1, ...(on !== undefined && { on }) };
}
