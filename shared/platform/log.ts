import { nowMs } from './clock.ts';

type Fields = Record<string, string | number | boolean | undefined | readonly string[]>;

/** One JSON line. Ids and reasons only: never addresses, tokens, cookies or bodies (T15). */
export function log(level: 'info' | 'warn' | 'error', event: string, fields: Fields = {}): void {
  write({ level, event, at: nowMs(), ...fields });
}

/** The name and message of an unknown error without its data, for `log`. */
export function errorFields(error: unknown): { error: string; message: string; stack?: string } {
  if (!(error instanceof Error)) return { error: typeof error, message: 'not an Error' };
  return { error: error.name, message: error.message, ...(error.stack ? { stack: error.stack } : {}) };
}

/** CloudWatch embedded metric format: one count metric `name` in the namespace `assent`. */
export function metric(
  name: string,
  value: number,
  dimensions: Record<string, string> = {},
  fields: Fields = {},
): void {
  write({
    _aws: {
      Timestamp: nowMs(),
      CloudWatchMetrics: [
        {
          Namespace: 'assent',
          Dimensions: [Object.keys(dimensions)],
          Metrics: [{ Name: name, Unit: 'Count' }],
        },
      ],
    },
    ...dimensions,
    ...fields,
    event: name,
    [name]: value,
  });
}

function write(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
