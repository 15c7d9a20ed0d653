import { describe, expect, it } from 'vitest';
import { negotiateFormat } from './negotiate.ts';
import { Refusal } from './problems.ts';

describe('negotiateFormat', () => {
  it('leaves the choice to us where the client has no wish', () => {
    expect(negotiateFormat(undefined)).toBeUndefined();
    expect(negotiateFormat('')).toBeUndefined();
    expect(negotiateFormat('*/*')).toBeUndefined();
    expect(negotiateFormat('image/*')).toBeUndefined();
  });

  it('takes the type with the highest weight', () => {
    expect(negotiateFormat('image/webp,image/png;q=.5')).toBe('webp');
    expect(negotiateFormat('image/jpeg;q=0.4, image/avif;q=0.6')).toBe('avif');
    expect(negotiateFormat('text/html, image/jpeg;q=0.1')).toBe('jpeg');
    expect(negotiateFormat('IMAGE/WEBP')).toBe('webp');
  });

  it('prefers png among equals, and a named type to a wildcard of less weight', () => {
    expect(negotiateFormat('image/avif,image/png,image/webp')).toBe('png');
    expect(negotiateFormat('text/html,image/webp,*/*;q=0.8')).toBe('webp');
  });

  it('keeps away from a type that is ruled out', () => {
    expect(negotiateFormat('image/png;q=0, */*')).toBe('webp');
  });

  it('refuses where nothing of ours is accepted', () => {
    const refused = (accept: string) => () => negotiateFormat(accept);
    expect(refused('text/html')).toThrow(Refusal);
    expect(refused('image/tiff')).toThrow(expect.objectContaining({ code: 'not-acceptable' }));
    expect(refused('image/*;q=0')).toThrow(Refusal);
  });
});
