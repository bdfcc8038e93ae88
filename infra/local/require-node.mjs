// Plain JavaScript, loaded before anything else: an older Node cannot even read the TypeScript that follows.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`assent needs Node 22.18 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}
