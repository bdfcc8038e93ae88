import type { ColdStart } from './cold-starts.ts';
import type { EventFigures, Latency, PostFigures } from './engagement.ts';
import type { Figures } from './measure.ts';
import type { OperationUnits } from './units.ts';

/** A table in Markdown: the first column to the left, numbers to the right. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(headings), line(rule), ...rows.map(line)].join('\n');
}

/** Rates, times and CPU; the last column compares with the request `base`, at as many connections where there is one. */
export function figuresTable(figures: readonly Figures[], base: string): string {
  const costOf = ({ own, engine }: Figures) => own + engine;
  const bases = figures.filter(({ operation }) => operation === base);
  const rows = figures.map((row) => {
    const reference = bases.find(({ connections }) => connections === row.connections) ?? bases[0];
    return [
      row.operation,
      String(row.connections),
      String(row.requests),
      String(row.errors),
      row.perSecond.toFixed(0),
      row.mails?.toFixed(0) ?? '',
      row.mailsPerSecond?.toFixed(0) ?? '',
      row.p50.toFixed(1),
      row.p99.toFixed(1),
      row.own.toFixed(2),
      row.engine.toFixed(2),
      reference ? (costOf(row) / costOf(reference)).toFixed(1) : '',
    ];
  });
  const headings = [
    'operation',
    'conn',
    'n',
    'errors',
    'req/s',
    'mails',
    'mails/s',
    'p50 ms',
    'p99 ms',
    'cpu own',
    'cpu engine',
  ];
  return table([...headings, `× ${base}`], rows);
}

export function postsTable(posts: readonly PostFigures[]): string {
  const rows = posts.map(({ events, connections, requests, errors, perSecond, p50, p99, own, engine }) => [
    String(events),
    String(connections),
    String(requests),
    String(errors),
    (perSecond * events).toFixed(0),
    p50.toFixed(1),
    p99.toFixed(1),
    own.toFixed(2),
    engine.toFixed(2),
  ]);
  const headings = ['events a post', 'conn', 'posts', 'errors', 'events/s', 'p50 ms', 'p99 ms'];
  return table([...headings, 'cpu own', 'cpu engine'], rows);
}

/** Cores kept busy tell who is the limit: ours is one process with one thread for all that is done here. */
export function eventsTable(figures: readonly (EventFigures | Latency)[]): string {
  const rows = figures.map(({ operation, events, scored, perSecond, own, engine, ...more }) => [
    operation,
    String(events),
    String(scored),
    perSecond.toFixed(0),
    ((perSecond * scored) / events).toFixed(0),
    'p50' in more ? more.p50.toFixed(0) : '',
    'p99' in more ? more.p99.toFixed(0) : '',
    own.toFixed(2),
    engine.toFixed(2),
    ((own * perSecond) / 1_000).toFixed(2),
    ((engine * perSecond) / 1_000).toFixed(2),
  ]);
  const headings = ['scored', 'events', 'contacts', 'events/s', 'contacts/s', 'p50 ms', 'p99 ms'];
  return table([...headings, 'cpu own', 'cpu engine', 'cores own', 'cores engine'], rows);
}

export function unitsTable(units: readonly OperationUnits[]): string {
  const rows = units.map(({ operation, request, chain }) => [
    operation,
    ...[request.write, request.read, chain.write, chain.read].map((value) => value.toFixed(1)),
  ]);
  return table(['operation', 'request WRU', 'request RRU', 'chain WRU', 'chain RRU'], rows);
}

export function coldStartTable(starts: readonly ColdStart[]): string {
  const base = starts[0]?.called ?? Number.NaN;
  const rows = starts.map(({ name, kib, imported, called }) => [
    name,
    kib.toFixed(0),
    imported.toFixed(0),
    called.toFixed(0),
    (called / base).toFixed(2),
  ]);
  return table(['bundle', 'KiB', 'import ms', 'import + first call ms', '× hono only'], rows);
}
