import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placesOf } from '../src/facts/sql/places.ts';

test('ASCII counts alike in every way, and places outside are moved to the end', () => {
  const { fromByte, fromCharacter } = placesOf('select 1');
  expect([fromByte(0), fromByte(7), fromByte(99), fromByte(-1)]).toEqual([0, 7, 8, 0]);
  expect([fromCharacter(0), fromCharacter(7), fromCharacter(99)]).toEqual([0, 7, 8]);
});

test('two, three and four bytes', () => {
  const text = 'é€🙂x';
  const { fromByte, fromCharacter } = placesOf(text);
  expect([0, 2, 5, 9, 10].map(fromByte)).toEqual([0, 1, 2, 4, 5]);
  expect([0, 1, 2, 3, 4].map(fromCharacter)).toEqual([0, 1, 2, 4, 5]);
});

test('agrees with counting from the start, character by character', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', 'é', '€', '🙂', 'ß', '漢', '\n') }), (text) => {
      const { fromByte, fromCharacter } = placesOf(text);
      let unit = 0;
      let byte = 0;
      let character = 0;
      for (const one of text) {
        expect(fromByte(byte)).toBe(unit);
        expect(fromCharacter(character)).toBe(unit);
        unit += one.length;
        byte += Buffer.byteLength(one);
        character++;
      }
      expect(fromByte(byte)).toBe(text.length);
      expect(fromCharacter(character)).toBe(text.length);
    }),
  );
});
