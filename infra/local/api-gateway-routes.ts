import { ROUTES } from '../functions.ts';
import type { FunctionName } from '../functions.ts';

export type Match = { function: FunctionName; routeKey: string; pathParameters?: Record<string, string> };
type Route = { path: string; function: FunctionName };

const GREEDY = '/{proxy+}';

/**
 * Finds the route of a path as an HTTP API does: an exact path, else the longest greedy one, else `$default`.
 * Routes other than these two forms are refused at once, so that no route is matched wrongly in silence.
 */
export function createRouter(routes: readonly Route[] = ROUTES): (path: string) => Match | undefined {
  const exact = new Map<string, Match>();
  const greedy: { prefix: string; match: Match }[] = [];
  let fallback: Match | undefined;
  for (const { path, function: name } of routes) {
    if (path === '$default') fallback = { function: name, routeKey: path };
    else if (path.endsWith(GREEDY) && !path.slice(0, -GREEDY.length).includes('{')) {
      greedy.push({
        prefix: path.slice(0, 1 - GREEDY.length),
        match: { function: name, routeKey: `ANY ${path}` },
      });
    } else if (!path.includes('{')) exact.set(path, { function: name, routeKey: `ANY ${path}` });
    else throw new Error(`the local server does not know routes such as ${path}`);
  }
  greedy.sort((a, b) => b.prefix.length - a.prefix.length);
  return (path) => {
    const found = exact.get(path);
    if (found) return found;
    for (const { prefix, match } of greedy) {
      if (path.length > prefix.length && path.startsWith(prefix)) {
        return { ...match, pathParameters: { proxy: decode(path.slice(prefix.length)) } };
      }
    }
    return fallback;
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
