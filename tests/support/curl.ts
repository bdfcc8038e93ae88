import { parseArgs } from 'node:util';

/** What docs/api.md uses of curl, for machines without it. A refusal ends with 22, as with `curl --fail`. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd' },
  },
});
const { request, header, data } = values;
const headers = header.map((line): [string, string] => {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
});
const answer = await fetch(positionals[0] ?? '', {
  method: request ?? (data === undefined ? 'GET' : 'POST'),
  headers,
  ...(data === undefined ? {} : { body: data }),
});
console.log(await answer.text());
if (!answer.ok) process.exitCode = 22;
