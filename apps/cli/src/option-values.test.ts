import { describe, expect, test } from 'vitest';
import { byteCount, hostNames, margin, pixelCount, settleTrim, wholeNumber } from './option-values.ts';

describe('values of options', () => {
  test.each<[(text: string) => number, string, number]>([
    [wholeNumber(1, 8), '8', 8],
    [pixelCount, '120000000', 120_000_000],
    [pixelCount, '120MP', 120_000_000],
    [pixelCount, '1.5e8', 150_000_000],
    [byteCount, '40MB', 40_000_000],
    [byteCount, '1.5 gb', 1_500_000_000],
    [byteCount, '900', 900],
    [margin, '0.05', 0.05],
    [margin, '5%', 0.05],
    [margin, '0', 0],
  ])('%o reads %s as %d', (parse, text, value) => {
    expect(parse(text)).toBe(value);
  });

  test.each<[(text: string) => number, string]>([
    [wholeNumber(1, 8), '9'],
    [wholeNumber(1, 8), '0'],
    [wholeNumber(1, 8), '2.5'],
    [wholeNumber(1, 8), ''],
    [pixelCount, '-1'],
    [pixelCount, 'many'],
    [byteCount, '4 apples'],
    [byteCount, '0'],
    [margin, '1.5'],
    [margin, '101%'],
    [margin, '-0.1'],
    [margin, 'photo.jpg'],
  ])('%o refuses %j', (parse, text) => {
    expect(() => parse(text)).toThrow(/^Expected /);
  });

  test('--trim without a value does not swallow the file behind it', () => {
    expect(settleTrim(['cutout', '--trim', 'photo.jpg'])).toEqual(['cutout', '--trim=0', 'photo.jpg']);
    expect(settleTrim(['cutout', 'photo.jpg', '--trim'])).toEqual(['cutout', 'photo.jpg', '--trim=0']);
    expect(settleTrim(['cutout', '--trim', '5%', 'photo.jpg'])).toEqual(['cutout', '--trim', '5%', 'photo.jpg']);
    expect(settleTrim(['cutout', '--', '--trim', 'photo.jpg'])).toEqual(['cutout', '--', '--trim', 'photo.jpg']);
  });
});

describe('names of hosts', () => {
  test('are gathered, in the form that browsers send', () => {
    expect(hostNames('Studio.Example.org', hostNames('focal.lan'))).toEqual(['focal.lan', 'studio.example.org']);
  });

  test.each(['studio.example:8080', 'http://studio.example', 'studio.example/focal', 'a b', '', 'me@studio.example'])(
    'are refused in %j',
    (text) => {
      expect(() => hostNames(text)).toThrow('Expected a host name');
    },
  );
});
