import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { consistencyPath, isConsistent } from '../../shared/evidence/merkle-consistency.ts';
import { inclusionPath, leafNode, rootFromPath, rootOf } from '../../shared/evidence/merkle.ts';
import type { Node } from '../../shared/evidence/merkle.ts';

const tree = (size: number): Node[] => Array.from({ length: size }, (_, at) => leafNode(`leaf ${at}`));
const flip = (node: Node): Node => `${node.startsWith('0') ? '1' : '0'}${node.slice(1)}`;
const sizes = fc.integer({ min: 1, max: 70 });

describe('the vectors of RFC 9162', () => {
  test.each([
    { over: [], root: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    { over: [''], root: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d' },
    { over: ['a', 'b'], root: 'b137985ff484fb600db93107c77b0365c80d78f5b429ded0fd97361d077999eb' },
    { over: ['a', 'b', 'c'], root: '36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1' },
  ])('H3 the root over $over', ({ over, root }) => {
    expect(rootOf(over.map(leafNode))).toBe(root);
  });
});

describe('inclusion', () => {
  test('H3 each leaf of each tree leads to its root, and to no other from another place', () => {
    for (let size = 1; size <= 40; size += 1) {
      const nodes = tree(size);
      for (const [index, leaf] of nodes.entries()) {
        const path = inclusionPath(nodes, index);
        expect(rootFromPath(leaf, { index, size, path })).toBe(rootOf(nodes));
        const elsewhere = rootFromPath(leaf, { index: (index + 1) % size, size, path });
        expect(elsewhere === rootOf(nodes)).toBe(size === 1);
      }
    }
  });

  test('H3 an altered leaf, an altered or missing step, and an added one are found', () => {
    const cases = fc.tuple(sizes, fc.nat(), fc.nat());
    fc.assert(
      fc.property(cases, ([size, anyIndex, anyStep]) => {
        const nodes = tree(size);
        const index = anyIndex % size;
        const path = inclusionPath(nodes, index);
        const leaf = nodes[index] ?? '';
        const root = rootOf(nodes);
        expect(rootFromPath(flip(leaf), { index, size, path })).not.toBe(root);
        expect(rootFromPath(leaf, { index, size, path: [...path, leaf] })).not.toBe(root);
        expect(rootFromPath(leaf, { index: size, size, path })).toBeUndefined();
        if (path.length === 0) return;
        const step = anyStep % path.length;
        const altered = path.with(step, flip(path[step] ?? ''));
        expect(rootFromPath(leaf, { index, size, path: altered })).not.toBe(root);
        expect(rootFromPath(leaf, { index, size, path: path.toSpliced(step, 1) })).not.toBe(root);
      }),
    );
  });

  test('a page of a power of two is a subtree: its path and that of its root are one', () => {
    const nodes = tree(22);
    const pages = [nodes.slice(0, 8), nodes.slice(8, 16), nodes.slice(16)];
    const roots = pages.map(rootOf);
    expect(rootOf(roots)).toBe(rootOf(nodes));
    for (const index of nodes.keys()) {
      const page = Math.floor(index / 8);
      const path = [...inclusionPath(pages[page] ?? [], index % 8), ...inclusionPath(roots, page)];
      expect(path).toEqual(inclusionPath(nodes, index));
    }
  });
});

describe('consistency', () => {
  const at = (nodes: Node[], size: number) => ({ size, root: rootOf(nodes.slice(0, size)) });

  test('H3 each tree continues each shorter one', () => {
    for (let size = 1; size <= 24; size += 1) {
      const nodes = tree(size);
      for (let earlier = 1; earlier <= size; earlier += 1) {
        const path = consistencyPath(nodes, earlier);
        expect(isConsistent(at(nodes, earlier), at(nodes, size), path)).toBe(true);
      }
    }
  });

  test('H3 an altered path or root is found', () => {
    fc.assert(
      fc.property(fc.tuple(sizes, fc.nat(), fc.nat()), ([size, anyEarlier, anyStep]) => {
        const nodes = tree(size);
        const earlier = (anyEarlier % size) + 1;
        const [before, after] = [at(nodes, earlier), at(nodes, size)];
        const path = consistencyPath(nodes, earlier);
        expect(isConsistent({ ...before, root: flip(before.root) }, after, path)).toBe(false);
        expect(isConsistent(before, { ...after, root: flip(after.root) }, path)).toBe(false);
        expect(isConsistent({ ...before, size: size + 1 }, after, path)).toBe(false);
        if (path.length === 0) return;
        const step = anyStep % path.length;
        expect(isConsistent(before, after, path.with(step, flip(path[step] ?? '')))).toBe(false);
        expect(isConsistent(before, after, path.toSpliced(step, 1))).toBe(false);
      }),
    );
  });
});
