/** What a spreadsheet would run as a formula, in ASCII and in full width (ASVS 1.2.10). */
const FORMULA = /^[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20]/;

/** Every value of a document in a row of its own: section, place in it, value. */
export function toCsv(document: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(document).flatMap(([section, value]) =>
    flatten('', value).map(([place, text]) => [section, place, text]),
  );
  // The mark of UTF-8 in front: without it spreadsheets take umlauts for something else (RFC 4180 for the rest).
  return `\ufeff${[['section', 'place', 'value'], ...rows].map(toLine).join('')}`;
}

type Cell = string | number | boolean;

function flatten(place: string, value: unknown): [string, Cell][] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return [[place, value]];
  const at = Array.isArray(value);
  return Object.entries(value).flatMap(([name, inner]) => {
    const own = at ? String(Number(name) + 1) : name;
    return flatten(place === '' ? own : `${place}.${own}`, inner);
  });
}

function toLine(cells: readonly Cell[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

/** Points may be negative: a number is no formula. */
function toCell(cell: Cell): string {
  const safe = typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : String(cell);
  return `"${safe.replaceAll('"', '""')}"`;
}
