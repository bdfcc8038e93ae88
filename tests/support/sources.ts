import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const FOLDERS = ['functions', 'web', 'shared', 'infra', 'tests'];

/** `target` is a path in this repository or the name of a package; `erased` imports leave nothing in a bundle. */
export type Import = { clause: string; target: string; erased: boolean };
export type Source = { path: string; lines: number; code: string; imports: Import[] };

const STRING_OR_COMMENT =
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const FROM = /\b(?:import|export)\s+(type\s+)?([\w$*{},\s]+?)\s+from\s*'([^']+)'/g;
const BARE = /\bimport\s*\(?\s*'([^']+)'/g;

/** What the rules look at in one file; comments are left out, strings are kept. */
export function parseSource(path: string, text: string): Source {
  const code = text.replace(STRING_OR_COMMENT, (found) => (found.startsWith('/') ? '' : found));
  const target = (name: string) => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : name);
  const imports = [
    ...[...code.matchAll(FROM)].map(([, type, clause = '', name = '']) => ({
      clause,
      target: target(name),
      erased: type !== undefined,
    })),
    ...[...code.matchAll(BARE)].map(([, name = '']) => ({ clause: '', target: target(name), erased: false })),
  ];
  return { path, lines: text.trimEnd().split('\n').length, code, imports };
}

/** Every TypeScript and JavaScript file of the repository's own folders. */
export function readSources(): Source[] {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => posix.join(folder, name))
      // The architecture test holds one sample of everything that is forbidden.
      .filter((path) => /\.(tsx?|js)$/.test(path) && path !== 'tests/architecture.test.ts')
      .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8'))),
  );
}

/** Follows what a bundle of `entry` holds; answers each file reached with the way to it. */
export function reach(entry: Source, sources: Source[]): Map<string, string[]> {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const ways = new Map([[entry.path, [entry.path]]]);
  for (const [path, way] of ways) {
    for (const { target, erased } of byPath.get(path)?.imports ?? []) {
      if (!erased && !ways.has(target)) ways.set(target, [...way, target]);
    }
  }
  return ways;
}

/** Import cycles, those of types included: each as `path: cycle …`. */
export function cycles(sources: Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: string[]): void => {
    if (way.includes(path))
      found.push(`${path}: cycle ${[...way.slice(way.indexOf(path)), path].join(' → ')}`);
    if (way.includes(path) || done.has(path)) return;
    for (const { target } of byPath.get(path)?.imports ?? []) visit(target, [...way, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  return found;
}
