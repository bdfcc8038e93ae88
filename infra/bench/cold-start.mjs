// Loads one bundle and calls it once; tells the CPU that both took, in milliseconds. Plain JavaScript, so that
// nothing but the bundle is compiled here.
const [file, event] = process.argv.slice(2);
const started = process.cpuUsage();
const { handler } = await import(file);
const imported = process.cpuUsage(started);
await handler(JSON.parse(event), { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 });
const called = process.cpuUsage(started);
const total = ({ user, system }) => (user + system) / 1_000;
process.stderr.write(`${JSON.stringify({ imported: total(imported), called: total(called) })}\n`, () =>
  process.exit(0),
);
