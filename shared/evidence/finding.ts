/** What a check found. `open`: nothing is wrong, but it could not be checked with what was given. */
export type Finding = { verdict: 'pass' | 'fail' | 'open'; detail: string };

/** Passes with `detail`, or fails with the first problem. */
export function judge(problems: readonly string[], detail: string): Finding {
  const [first] = problems;
  if (first === undefined) return { verdict: 'pass', detail };
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return { verdict: 'fail', detail: `${first}${more}` };
}
