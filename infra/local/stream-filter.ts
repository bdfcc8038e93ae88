type Pattern = { [name: string]: unknown };

/** Compiles the filters of an event source mapping: one of them must fit. */
export function compileFilters(patterns: readonly object[]): (record: unknown) => boolean {
  const filters = patterns.map(compileFilter);
  return (record) => filters.some((fits) => fits(record));
}

/**
 * Compiles the filter of an event source mapping: exact values, `exists` and `prefix`, nested.
 * Throws on any operator beyond these, so that a mapping never means one thing here and another on AWS.
 */
export function compileFilter(pattern: object): (record: unknown) => boolean {
  const matchers = Object.entries(pattern).map(([name, wanted]) => {
    const matches: (value: unknown) => boolean = Array.isArray(wanted)
      ? anyOf(wanted)
      : isPattern(wanted)
        ? compileFilter(wanted)
        : refuse(name);
    return (record: unknown) => matches(isPattern(record) ? record[name] : undefined);
  });
  return (record) => matchers.every((matches) => matches(record));
}

function anyOf(alternatives: readonly unknown[]): (value: unknown) => boolean {
  const matchers = alternatives.map(one);
  return (value) => matchers.some((matches) => matches(value));
}

function one(wanted: unknown): (value: unknown) => boolean {
  if (typeof wanted === 'string') return (value) => value === wanted;
  if (!isPattern(wanted) || Object.keys(wanted).length !== 1) return refuse(JSON.stringify(wanted));
  const { exists, prefix } = wanted;
  if (typeof exists === 'boolean') return (value) => (value !== undefined) === exists;
  if (typeof prefix === 'string') return (value) => typeof value === 'string' && value.startsWith(prefix);
  return refuse(JSON.stringify(wanted));
}

function isPattern(value: unknown): value is Pattern {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(what: string): never {
  throw new Error(`the local stream poller does not know the filter ${what}`);
}
