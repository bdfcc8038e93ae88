import { parseArgs } from 'node:util';

export type BenchOptions = {
  /** Contacts that exist before anything is measured. */
  contacts: number;
  /** Requests per measurement; pages twice, whole chains half as many. */
  operations: number;
  connections: readonly number[];
  /** Process starts per bundle. */
  starts: number;
  /** Few of everything, and slow mail left out. */
  quick: boolean;
  /** One part alone; all of them where none is named. */
  only: 'api' | 'engagement' | undefined;
};

/** What `npm run bench` was asked for. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      contacts: { type: 'string' },
      operations: { type: 'string' },
      quick: { type: 'boolean', default: false },
      api: { type: 'boolean', default: false },
      engagement: { type: 'boolean', default: false },
    },
  });
  const { quick, api, engagement } = values;
  return {
    contacts: count(values.contacts ?? (quick ? '5000' : '100000')),
    operations: count(values.operations ?? (quick ? '100' : '400')),
    connections: [16, 64],
    starts: quick ? 3 : 15,
    quick,
    only: api ? 'api' : engagement ? 'engagement' : undefined,
  };
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is not a number of anything`);
  return value;
}
