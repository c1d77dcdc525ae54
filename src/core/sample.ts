const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Characters that look random and are the same on every run, for examples that no file may hold. */
export function sample(length: number, seed = 1, alphabet = ALPHANUMERIC): string {
  let state = seed * 7919 + 17;
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return alphabet[state % alphabet.length];
  }).join('');
}
