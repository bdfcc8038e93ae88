import { ROUTES } from '../triggers.ts';
import type { FunctionName } from '../functions.ts';

export type Match = { function: FunctionName; routeKey: string; pathParameters?: Record<string, string> };
type Route = { path: string; function: FunctionName };

const GREEDY = '/{proxy+}';
const VARIABLE = /^\{\w+\}$/;

/**
 * Finds the route of a path as an HTTP API does: an exact path, else one whose variables each take a part of it, else
 * the longest greedy one, else `$default`. Any other form is refused at once: no route is matched wrongly in silence.
 */
export function createRouter(routes: readonly Route[] = ROUTES): (path: string) => Match | undefined {
  const exact = new Map<string, Match>();
  const withVariables: { pattern: RegExp; match: Match }[] = [];
  const greedy: { prefix: string; match: Match }[] = [];
  let fallback: Match | undefined;
  for (const { path, function: name } of routes) {
    const match = { function: name, routeKey: path === '$default' ? path : `ANY ${path}` };
    const variables = path.replace(GREEDY, '').match(/\{[^/]*\}/g) ?? [];
    if (path === '$default') fallback = match;
    else if (variables.length === 0 && path.endsWith(GREEDY)) {
      greedy.push({ prefix: path.slice(0, 1 - GREEDY.length), match });
    } else if (variables.length === 0) exact.set(path, match);
    else if (variables.every((variable) => VARIABLE.test(variable)) && !path.includes(GREEDY)) {
      withVariables.push({ pattern: toPattern(path), match });
    } else throw new Error(`the local server does not know routes such as ${path}`);
  }
  greedy.sort((a, b) => b.prefix.length - a.prefix.length);
  return (path) => {
    const found = exact.get(path);
    if (found) return found;
    for (const { pattern, match } of withVariables) {
      const { groups } = pattern.exec(path) ?? {};
      if (groups) return { ...match, pathParameters: mapValues(groups, decode) };
    }
    for (const { prefix, match } of greedy) {
      if (path.length > prefix.length && path.startsWith(prefix)) {
        return { ...match, pathParameters: { proxy: decode(path.slice(prefix.length)) } };
      }
    }
    return fallback;
  };
}

/** `/a/{id}/b` takes any one part in the place of `{id}`. */
function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}

function mapValues(values: Record<string, string>, change: (value: string) => string) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
