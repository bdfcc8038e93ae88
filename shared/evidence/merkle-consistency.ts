import { parentOf, rootOf, splitAt } from './merkle.ts';
import type { Node } from './merkle.ts';

/** Shows that the tree over all `nodes` only appended to the one over the first `earlier` (RFC 9162 2.1.4.1). */
export function consistencyPath(nodes: readonly Node[], earlier: number, whole = true): Node[] {
  if (earlier === nodes.length) return whole ? [] : [rootOf(nodes)];
  const split = splitAt(nodes.length);
  const [left, right] = [nodes.slice(0, split), nodes.slice(split)];
  return earlier <= split
    ? [...consistencyPath(left, earlier, whole), rootOf(right)]
    : [...consistencyPath(right, earlier - split, false), rootOf(left)];
}

/** Whether a path leads from one root to a later one (RFC 9162 2.1.4.2). */
export function isConsistent(
  earlier: { size: number; root: Node },
  later: { size: number; root: Node },
  path: readonly Node[],
): boolean {
  if (earlier.size < 1 || earlier.size > later.size) return false;
  if (earlier.size === later.size) return path.length === 0 && earlier.root === later.root;
  const isWholeTree = Number.isInteger(Math.log2(earlier.size));
  const [first, ...others] = isWholeTree ? [earlier.root, ...path] : path;
  if (first === undefined) return false;
  let [at, last] = [earlier.size - 1, later.size - 1];
  while (at % 2 === 1) [at, last] = [at >>> 1, last >>> 1];
  let [before, after] = [first, first];
  for (const node of others) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [before, after] = [parentOf(node, before), parentOf(node, after)];
      while (at % 2 === 0 && at !== 0) [at, last] = [at >>> 1, last >>> 1];
    } else after = parentOf(after, node);
    [at, last] = [at >>> 1, last >>> 1];
  }
  return last === 0 && before === earlier.root && after === later.root;
}
