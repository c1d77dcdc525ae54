/** A node that the walk meets: its kind, what it holds, and whether a scalar sub-select without FROM stands around it. */
export interface Met {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly inScalarSelect: boolean;
}

/**
 * Every node below, in the order of the text as far as the parse tree keeps it. A stack of its own instead of recursion: a
 * thousand operators in a row nest a thousand deep.
 */
export function walk(tree: unknown, meet: (node: Met) => void): void {
  if (typeof tree !== 'object' || tree === null) return;
  // Two plain stacks: this is where a large file spends its time.
  const values: object[] = [tree];
  const scalars: boolean[] = [false];
  for (let value = values.pop(); value; value = values.pop()) {
    const inScalarSelect = scalars.pop()!;
    if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) {
        const item: unknown = value[i];
        if (typeof item !== 'object' || item === null) continue;
        values.push(item);
        scalars.push(inScalarSelect);
      }
      continue;
    }
    const keys = Object.keys(value);
    for (let i = keys.length - 1; i >= 0; i--) {
      const key = keys[i]!;
      const body = (value as Record<string, unknown>)[key];
      if (typeof body !== 'object' || body === null) continue;
      const code = key.charCodeAt(0);
      // Kinds of nodes start with a capital; fields do not.
      const kind = code >= 65 && code <= 90 ? key : bareKind(key, body);
      const scalar = inScalarSelect || (kind === 'SubLink' && isScalarSelect(body as Record<string, unknown>));
      if (kind) meet({ kind, body: body as Record<string, unknown>, inScalarSelect: scalar });
      values.push(body);
      scalars.push(scalar);
    }
  }
}

/** The few kinds of node that also stand without their wrapper. */
function bareKind(key: string, body: object): string {
  if ('relname' in body) return 'RangeVar';
  if ('names' in body) return 'TypeName';
  return key === 'larg' || key === 'rarg' ? 'SelectStmt' : key === 'funccall' ? 'FuncCall' : '';
}

function isScalarSelect(link: Readonly<Record<string, unknown>>): boolean {
  if (link['subLinkType'] !== 'EXPR_SUBLINK') return false;
  const select = (link['subselect'] as { SelectStmt?: Record<string, unknown> } | undefined)?.SelectStmt;
  return select !== undefined && select['fromClause'] === undefined;
}
