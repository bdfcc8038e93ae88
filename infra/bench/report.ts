import type { ColdStart } from './cold-starts.ts';
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
