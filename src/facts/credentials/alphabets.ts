import { sample } from '../../core/sample.ts';

/** Alphabets of credentials, for made ones. */
export const DIGITS = '0123456789';
export const HEX = '0123456789abcdef';
export const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
export const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

export const hex = (length: number, seed = 1): string => sample(length, seed, HEX);

export const uuid = (seed = 1): string =>
  [8, 4, 4, 4, 12].map((length, part) => hex(length, seed * 10 + part)).join('-');

/** A JSON value as base64url, the way tokens carry it. */
export const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
