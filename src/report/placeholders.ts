/**
 * Examples of secrets are made, and open nothing; but a generated page that held them would set off every scanner that ever
 * reads it, this project's own first. What looks random is cut short, passwords in addresses and headers of keys are named
 * instead of shown, and in the secrets' own family all that is «marked» becomes a placeholder.
 */
export function unreadable(marked: string, family: boolean): string {
  const named = marked
    .replace(/-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----/g, '<header of a private key>')
    .replace(/-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----/g, '<end of it>')
    .replace(/(:\/\/[^\s:@/«»]*:)[^\s@/«»<>${}]+(?=@)/g, '$1<password>');
  const hidden = family ? named.replace(/«([^»]*)»/g, (_, secret: string) => `«${placeholder(secret)}»`) : named;
  const short = (run: string) => `${run.slice(0, 4)}…<${run.length} characters>`;
  return hidden
    .replace(/[A-Za-z0-9]{12,}/g, (run) => (isShuffled(run) ? short(run) : run))
    .replace(/[\w+/=.~-]{16,}/g, (run) => (family && isDense(run) ? short(run) : run));
}

function placeholder(secret: string): string {
  const lines = secret.split('\n').length;
  return lines > 1 ? `<secret of ${lines} lines>` : `<secret of ${secret.length} characters>`;
}

/** Small letters, capitals and digits follow each other as in no word, name, date or version. */
function isShuffled(run: string): boolean {
  const kinds = Array.from(run, (char) => (char >= 'a' ? 'a' : char >= 'A' ? 'A' : '0'));
  const turns = kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1]).length;
  return kinds.includes('0') && turns >= run.length * 0.4;
}

/** Letters with digits or in both cases, at more than 3 bits a character, as Shannon counts them. */
function isDense(run: string): boolean {
  const counts = new Map<string, number>();
  for (const char of run) counts.set(char, (counts.get(char) ?? 0) + 1);
  const bits = [...counts.values()].reduce(
    (sum, count) => sum - (count / run.length) * Math.log2(count / run.length),
    0,
  );
  return /[a-z]/i.test(run) && (/\d/.test(run) || (/[a-z]/.test(run) && /[A-Z]/.test(run))) && bits > 3;
}
