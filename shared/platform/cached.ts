import { nowMs } from './clock.ts';

/** Remembers what `load` answered per id for `ms`; a failed load is forgotten at once. At most 500 ids. */
export function cachedFor<T>(ms: number, load: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const kept = new Map<string, { until: number; value: Promise<T> }>();
  return (id) => {
    const hit = kept.get(id);
    if (hit && hit.until > nowMs()) return hit.value;
    if (kept.size >= 500) kept.clear();
    const value = load(id);
    kept.set(id, { until: nowMs() + ms, value });
    value.catch(() => kept.delete(id));
    return value;
  };
}
