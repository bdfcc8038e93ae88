import { pointerTo } from '../platform/json-pointer.ts';

/** One place where two documents differ; without `from` it is new, without `to` it is gone. */
export type Difference = { pointer: string; from?: unknown; to?: unknown };

/** Where two JSON documents differ, member by member; entries of lists are compared by their place. */
export function diff(from: unknown, to: unknown, at: readonly string[] = []): Difference[] {
  if (!isBranch(from) || !isBranch(to) || Array.isArray(from) !== Array.isArray(to)) {
    if (from === to) return [];
    return [
      {
        pointer: pointerTo(...at),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      },
    ];
  }
  const members = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...members].flatMap((member) => diff(from[member], to[member], [...at, member]));
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
