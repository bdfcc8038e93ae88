import { pointerTo } from '../platform/json-pointer.ts';
import type { Around } from './around.ts';
import { found } from './findings.ts';
import type { Finding } from './findings.ts';
import { lintPotential } from './lint-potential.ts';
import { BANDS, GRADES } from './scoring.ts';
import type { Scoring } from './scoring.ts';
import { EVENT_TYPES } from './scoring-defaults.ts';

/** Types whose events come in whatever the rules say: by SES, or by the contact form. */
const BUILT_IN = ['open', 'click', 'contact-request'];
const WATCHED = EVENT_TYPES.filter(({ kind }) => kind === 'tracked').map(({ id }) => id);

/** Rules that contradict each other, that count what nobody meant, or never count. */
export function lintScoring(document: Scoring, previous: Scoring | undefined, _around: Around): Finding[] {
  return [
    ...typeFindings(document),
    ...goneTypes(document, previous),
    ...thresholds(document),
    ...missingActions(document),
    ...lintPotential(document.potential),
  ];
}

function typeFindings({ types, noReaction, quietSeconds }: Scoring): Finding[] {
  const ids = types.map(({ id }) => id);
  const findings = types.flatMap(({ id, kind, purpose, points, dayCap }, at) => {
    const place = (member: string) => pointerTo('types', String(at), member);
    return [
      ...(ids.indexOf(id) === at ? [] : [found('duplicate-id', place('id'), `${id} is listed before.`)]),
      ...(kind === 'act' && !purpose
        ? [found('act-without-purpose', place('purpose'), `Nothing says what ${id} is kept for.`)]
        : []),
      ...(kind === 'act' && WATCHED.includes(id)
        ? [
            found(
              'tracked-as-act',
              place('kind'),
              `${id} is watched: it needs the permission tracking (G12).`,
            ),
          ]
        : []),
      ...(points !== 0 && dayCap === 0 ? [neverCounts(place('dayCap'))] : []),
    ];
  });
  if (noReaction.points !== 0 && noReaction.dayCap === 0) findings.push(neverCounts('/noReaction/dayCap'));
  if (quietSeconds === 0) {
    const detail = 'Clicks count at once: also those that a scanner makes before anybody reads the mail.';
    findings.push(found('no-quiet-time', '/quietSeconds', detail));
  }
  return findings;
}

function neverCounts(pointer: string): Finding {
  return found('cap-of-nothing', pointer, 'A cap of 0 points a day: it never counts.');
}

function goneTypes({ types }: Scoring, previous: Scoring | undefined): Finding[] {
  const isGone = (id: string) => !types.some((type) => type.id === id);
  const removed = new Set(previous?.types.map(({ id }) => id));
  for (const id of BUILT_IN) removed.delete(id);
  return [
    ...BUILT_IN.filter(isGone).map((id) =>
      found('built-in-type-missing', '/types', `Events of ${id} come in all the same, and count nothing.`),
    ),
    ...[...removed]
      .filter(isGone)
      .map((id) => found('type-removed', '/types', `What is known of ${id} counts no more.`)),
  ];
}

function thresholds({ bands, grades, mql }: Scoring): Finding[] {
  const findings = [
    ...notDescending(Object.entries(bands)).map((band) =>
      found('bands-not-descending', pointerTo('bands', band), `Band ${band} is out of reach.`),
    ),
    ...notDescending(Object.entries(grades)).map((grade) =>
      found('grades-not-descending', pointerTo('grades', grade), `Grade ${grade} is out of reach.`),
    ),
  ];
  if (mql.total < bands['3']) {
    const detail = 'Leads are handed over that stand below every band with an action.';
    findings.push(found('mql-below-bands', '/mql/total', detail));
  }
  if (mql.topic > mql.total) {
    const detail = 'Interest in one topic is never more than all of it: this threshold decides nothing.';
    findings.push(found('topic-above-total', '/mql/topic', detail));
  }
  return findings;
}

/** Names of the steps that do not begin below the one before. */
function notDescending(steps: readonly [string, number][]): string[] {
  return steps.flatMap(([name, from], at) => (at > 0 && from >= (steps[at - 1]?.[1] ?? 0) ? [name] : []));
}

function missingActions({ actions }: Scoring): Finding[] {
  const told = new Set<string>(Object.keys(actions));
  return BANDS.flatMap((band) => GRADES.map((grade) => `${band}${grade}`))
    .filter((cell) => !told.has(cell))
    .map((cell) =>
      found('action-missing', pointerTo('actions', cell), `Nothing says what sales does with ${cell}.`),
    );
}
