import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Place, parsePlace, toAddress } from './place.ts';

const queryOf = (place: Place): string => new URL(toAddress(place), 'http://focal.test').search;

describe('places in the address', () => {
  it('are read as they were written', () => {
    const search = fc.string({ unit: 'grapheme' }).map((text) => text.trim());
    const assetId = fc.integer({ min: 1, max: 2 ** 31 - 1 });
    const view = fc.constantFrom('photos' as const, 'map' as const);
    fc.assert(
      fc.property(fc.record({ view, search, assetId }), (place) => {
        expect(parsePlace(queryOf(place))).toEqual(place);
      }),
    );
    const album: Place = { view: 'albums', albumId: 7, search: '', assetId: 3 };
    expect(parsePlace(queryOf(album))).toEqual(album);
    const find: Place = { view: 'people', page: 'find', faceId: 7, search: '' };
    expect(toAddress(find)).toBe('/library?view=people&page=find&face=7');
    expect(parsePlace(toAddress(find).slice('/library'.length))).toEqual(find);
    expect(parsePlace('?view=people&page=nonsense&face=7')).toEqual({ view: 'people', search: '' });
    const person: Place = { view: 'people', personId: 12, search: '' };
    expect(parsePlace(queryOf(person))).toEqual(person);
  });

  it('leave out what makes no sense', () => {
    expect(parsePlace('?view=attic&photo=-1&album=5&person=4')).toEqual({ view: 'photos', search: '' });
    expect(parsePlace('?view=trash&q=dogs')).toEqual({ view: 'trash', search: '' });
  });
});
