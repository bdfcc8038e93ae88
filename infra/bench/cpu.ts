import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel's own tick is. */
const TICK_MS = 10;

/** User and system time that a process has used, all its threads together, in milliseconds. */
export function cpuMs(pid: number): number {
  // The name in brackets may hold spaces; the fields behind it are numbers, `utime` and `stime` the 12th and 13th.
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
