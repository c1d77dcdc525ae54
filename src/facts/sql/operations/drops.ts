import type {
  DropdbStmt,
  DropOwnedStmt,
  DropRoleStmt,
  DropStmt,
  DropSubscriptionStmt,
  DropTableSpaceStmt,
  DropUserMappingStmt,
} from 'libpg-query';
import type { Name } from '../name.ts';
import { objectKind, roleName, roleNames } from '../nodes.ts';
import type { Drop, ObjectKind, Operation } from '../operation.ts';
import { isSign, isWord, nameRange, rangeOf, splitAtCommas, type Source } from '../source.ts';
import { skip, whole } from './at.ts';
import { objectOf } from './objects.ts';

/** One operation for each object; where there are several, each stands at its own name. */
export function drop(
  source: Source,
  { objects = [], removeType, behavior, missing_ok, concurrent }: DropStmt,
): Operation[] {
  const object = objectKind(removeType);
  const places = placesOf(source, object);
  return objects.map((node, i) => {
    const { name, on, arguments: types } = objectOf(source, removeType, node);
    return made(source, object, places[i] ?? [source.first, source.end], {
      name,
      on,
      arguments: types,
      ifExists: missing_ok ?? false,
      cascade: behavior === 'DROP_CASCADE',
      concurrently: concurrent ?? false,
      of: objects.length,
    });
  });
}

export const dropRole = (source: Source, { roles, missing_ok }: DropRoleStmt): Operation[] =>
  named(source, 'role', roleNames(roles), missing_ok);

export const dropDatabase = (source: Source, { dbname, missing_ok }: DropdbStmt): Operation[] =>
  named(source, 'database', [dbname ?? ''], missing_ok);

export const dropTablespace = (source: Source, { tablespacename, missing_ok }: DropTableSpaceStmt): Operation[] =>
  named(source, 'tablespace', [tablespacename ?? ''], missing_ok);

export const dropSubscription = (
  source: Source,
  { subname, missing_ok, behavior }: DropSubscriptionStmt,
): Operation[] => named(source, 'subscription', [subname ?? ''], missing_ok, behavior === 'DROP_CASCADE');

export const dropOwned = (source: Source, { roles, behavior }: DropOwnedStmt): Operation[] =>
  named(source, 'owned', roleNames(roles), false, behavior === 'DROP_CASCADE');

export const dropUserMapping = (source: Source, { user, servername, missing_ok }: DropUserMappingStmt): Operation[] => [
  made(source, 'user mapping', placesOf(source, 'user mapping')[0] ?? [source.first, source.end], {
    name: { name: roleName(user) },
    on: { name: servername ?? '' },
    ifExists: missing_ok ?? false,
    cascade: false,
    concurrently: false,
    of: 1,
  }),
];

function named(
  source: Source,
  object: ObjectKind,
  names: readonly string[],
  ifExists = false,
  cascade = false,
): Operation[] {
  const places = placesOf(source, object);
  return names.map((name, i) =>
    made(source, object, places[i] ?? [source.first, source.end], {
      name: { name },
      ifExists,
      cascade,
      concurrently: false,
      of: names.length,
    }),
  );
}

type Said = Pick<Drop, 'ifExists' | 'cascade' | 'concurrently' | 'of' | 'arguments'> & {
  name: Name;
  on?: Name | undefined;
};

function made(source: Source, object: ObjectKind, [from, to]: readonly [number, number], said: Said): Drop {
  return {
    kind: `drop ${object}`,
    object,
    nameAt: UNNAMED.has(object) ? rangeOf(source, from, to) : nameRange(source, from),
    at: said.of === 1 ? whole(source) : rangeOf(source, from, to),
    ...said,
  };
}

/** What is not dropped by a plain name. */
const UNNAMED: ReadonlySet<ObjectKind> = new Set(['cast', 'operator', 'transform', 'user mapping']);

/** Where each object of a DROP stands: behind the kind's own words, up to CASCADE or RESTRICT. */
function placesOf(source: Source, object: ObjectKind): readonly (readonly [number, number])[] {
  let from = source.first + 1 + object.split(' ').length;
  // DROP OWNED BY and DROP PROCEDURAL LANGUAGE say a word more.
  if (isWord(source, from, 'by') || isWord(source, from - 1, 'procedural')) from++;
  from = skip(source, from);
  const closing = source.end - from > 1 && isWord(source, source.end - 1, 'cascade', 'restrict');
  return splitAtCommas(source, from, closing ? source.end - 1 : source.end);
}
