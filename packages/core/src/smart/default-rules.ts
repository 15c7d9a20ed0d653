import { parseRules, type Rules } from './rules.ts';

const frame = { effect: 'frame' };
const shadow = { effect: 'shadow' };
const pattern = (name: string, palette: string) => ({
  effect: 'background',
  params: { kind: 'pattern', pattern: name, palette },
});
const gradient = (from: string, to: string, angleDeg: number) => ({
  effect: 'background',
  params: { kind: 'gradient', from, to, angleDeg },
});
const round = (from: string, to: string) => ({ effect: 'background', params: { kind: 'radial', from, to } });
const tone = (params: object) => ({ effect: 'tone', params: { detail: 0, ...params } });

const bright = tone({ exposure: 0.12, contrast: 0.15, saturation: 0.2 });
const soft = tone({ contrast: -0.08, saturation: -0.12, warmth: -0.08 });
const warm = tone({ contrast: 0.12, saturation: 0.1, warmth: 0.2 });

const DATA = {
  format: 'focal-rules',
  version: 1,
  moods: {
    party: {
      words: ['celebration', 'birthday', 'confetti', 'fun', 'dance', 'new year'],
      looks: [
        [pattern('confetti', 'party'), bright, shadow, frame],
        [pattern('lights', 'party'), bright, frame],
        [pattern('confetti', 'rainbow'), bright, shadow, frame],
      ],
    },
    rainbow: {
      words: ['colourful', 'colorful', 'pride', 'joy', 'bright'],
      looks: [
        [pattern('rainbow', 'rainbow'), bright, frame],
        [gradient('#ff8a8a', '#8ab8ff', 120), bright, shadow, frame],
        [gradient('#ffd36e', '#ff7ab8', 60), bright, frame],
      ],
    },
    snow: {
      words: ['winter', 'christmas', 'ice', 'cold', 'frost'],
      looks: [
        [pattern('snow', 'winter'), tone({ contrast: 0.1, warmth: -0.12 }), frame],
        [pattern('snow', 'night'), tone({ contrast: 0.12, warmth: -0.08 }), shadow, frame],
      ],
    },
    calm: {
      words: ['quiet', 'peace', 'relaxed', 'waves', 'soft', 'zen'],
      looks: [
        [pattern('waves', 'calm'), soft, frame],
        [pattern('waves', 'ocean'), soft, frame],
        [round('#f3efe6', '#b9c8c2'), soft, shadow, frame],
      ],
    },
    warm: {
      words: ['sunset', 'summer', 'evening', 'gold', 'golden', 'autumn', 'beach'],
      looks: [
        [pattern('lights', 'gold'), warm, frame],
        [gradient('#ffd9a0', '#c9586b', 180), warm, shadow, frame],
      ],
    },
    nature: {
      words: ['forest', 'green', 'leaves', 'garden', 'outdoors', 'spring', 'flowers'],
      looks: [
        [pattern('lights', 'forest'), tone({ contrast: 0.1, saturation: 0.12 }), frame],
        [gradient('#eef5d8', '#7fa650', 200), shadow, frame],
      ],
    },
    elegant: {
      words: ['classic', 'portrait', 'studio', 'night', 'black and white'],
      looks: [
        [pattern('lights', 'night'), tone({ contrast: 0.18 }), frame],
        [round('#5b606b', '#1c1e22'), tone({ contrast: 0.15, saturation: -0.1 }), frame],
        [pattern('paper', 'mono'), { effect: 'mono', on: 'everything', params: { style: 'mono' } }, frame],
      ],
    },
  },
  rules: [
    {
      name: 'a group that smiles',
      when: { faces: { min: 3 }, smile: { min: 0.5 } },
      moods: ['party', 'rainbow'],
      captions: ['Good company', 'All together now', 'What a team', 'Here we are'],
    },
    {
      name: 'a bright smile',
      when: { faces: { min: 1 }, smile: { min: 0.75 } },
      moods: ['rainbow', 'party', 'warm'],
      captions: ['That smile!', 'Sunny side up', 'Made my day', 'Pure sunshine'],
    },
    {
      name: 'a light smile',
      when: { faces: { min: 1 }, smile: { min: 0.4 } },
      moods: ['warm', 'nature', 'rainbow'],
      captions: ['A good day', 'Feels like summer', 'Just right'],
    },
    {
      name: 'a surprised expression',
      when: { faces: { min: 1 }, expression: ['surprised', 'fearful'] },
      moods: ['party', 'snow'],
      captions: ['Oh!', 'Wait, what?', 'Did you see that?'],
    },
    {
      name: 'a serious expression',
      when: { faces: { min: 1 }, expression: ['sad', 'angry', 'disgusted'] },
      moods: ['calm', 'elegant'],
      captions: [],
    },
    {
      name: 'a calm face',
      when: { faces: { min: 1 } },
      moods: ['elegant', 'calm', 'nature'],
      captions: ['In the moment', 'Portrait', 'Take it easy'],
    },
    {
      name: 'an animal',
      when: { things: ['dog', 'cat', 'bird', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'] },
      moods: ['nature', 'warm'],
      captions: ['Good friend', 'Who goes there?', 'Wild at heart'],
    },
    { name: 'people without a face to be seen', when: { people: { min: 1 } }, moods: ['nature', 'calm'], captions: [] },
    { name: 'anything else', moods: ['elegant', 'calm'], captions: [] },
  ],
} as const;

/** The rules that Focal comes with. */
export function createDefaultRules(): Rules {
  return parseRules(DATA);
}
