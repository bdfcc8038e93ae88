import { createHash } from 'node:crypto';

/** A node of a Merkle tree as in RFC 9162 2.1: 32 bytes as lower-case hex. */
export type Node = string;

/** The hash of one leaf; the first byte keeps leaves and nodes apart. */
export function leafNode(data: string | Buffer): Node {
  return digest(Buffer.from([0]), Buffer.from(data));
}

/** The root over nodes in order; of none it is the hash of nothing (RFC 9162 2.1.1). */
export function rootOf(nodes: readonly Node[]): Node {
  const [first] = nodes;
  if (first === undefined) return digest();
  if (nodes.length === 1) return first;
  const split = splitAt(nodes.length);
  return parentOf(rootOf(nodes.slice(0, split)), rootOf(nodes.slice(split)));
}

/** What leads from the node at `index` to the root, lowest first (RFC 9162 2.1.3.1). */
export function inclusionPath(nodes: readonly Node[], index: number): Node[] {
  if (nodes.length <= 1) return [];
  const split = splitAt(nodes.length);
  return index < split
    ? [...inclusionPath(nodes.slice(0, split), index), rootOf(nodes.slice(split))]
    : [...inclusionPath(nodes.slice(split), index - split), rootOf(nodes.slice(0, split))];
}

/** The root that a path leads to; undefined where the path does not fit the place (RFC 9162 2.1.3.2). */
export function rootFromPath(
  leaf: Node,
  { index, size, path }: { index: number; size: number; path: readonly Node[] },
): Node | undefined {
  if (index < 0 || index >= size) return undefined;
  let [at, last, node] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      node = parentOf(sibling, node);
      // A node without a sibling rises as it is.
      while (at % 2 === 0 && at !== 0) [at, last] = [at >>> 1, last >>> 1];
    } else node = parentOf(node, sibling);
    [at, last] = [at >>> 1, last >>> 1];
  }
  return last === 0 ? node : undefined;
}

/** The largest power of two below `size`: where RFC 9162 divides a tree. */
export function splitAt(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}

/** The node above two others. */
export function parentOf(left: Node, right: Node): Node {
  return digest(Buffer.from([1]), Buffer.from(left, 'hex'), Buffer.from(right, 'hex'));
}

function digest(...parts: Buffer[]): Node {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
