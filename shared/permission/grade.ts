import type { Change, EvidenceEntry, Route } from './evidence.ts';

/** What a complete proof of an e-mail consent holds (G5). */
export const PIECES = ['wording', 'form', 'mail', 'messageId', 'delivery', 'confirmation'] as const;
export type Piece = (typeof PIECES)[number];
export type Grade = 'A' | 'B' | 'C';
export type Graded = { seq: number; brand: string; use: string; grade: Grade; missing: Piece[] };

/** Routes that end with a click on a page which only the owner of the mailbox was led to. */
const CLICKED: ReadonlySet<Route> = new Set<Route>(['double-opt-in', 'log-in']);

/** How complete the proof of each grant in a chain is: A lacks nothing, C would not convince a court. */
export function gradeGrants(entries: readonly EvidenceEntry[]): Graded[] {
  return entries.flatMap((entry) =>
    entry.changes
      .filter(({ to, wording, review }) => to === 'granted' && wording !== undefined && !review)
      .map((change) => {
        const declared = declarationOf(entry, change, entries);
        const missing = missingPieces(declared, change, { delivered: isDelivered(declared, entries) });
        const { brand, use } = change;
        return { seq: entry.seq, brand, use, missing, grade: gradeOf(declared, change, missing) };
      }),
  );
}

/**
 * What the proof of a grant lacks: the one list, for the evidence pack as for the decision.
 * @param delivered a later report says that the mail arrived, and so that it was taken
 */
export function missingPieces(
  { mail, signup, route }: EvidenceEntry,
  { wording }: Change,
  { delivered }: { delivered: boolean } = { delivered: false },
): Piece[] {
  const there: Record<Piece, boolean> = {
    wording: wording !== undefined,
    form: signup !== undefined,
    mail: mail !== undefined,
    messageId: delivered || mail?.messageId !== undefined,
    // Nobody logs in but by what the mail said.
    delivery: delivered || mail?.deliveredAt !== undefined || route === 'log-in',
    confirmation: CLICKED.has(route) && signup?.confirmPageShownAt !== undefined,
  };
  return PIECES.filter((piece) => !there[piece]);
}

/** The act in which the person declared what an entry grants: a yes of ours and an undo rest on an earlier one. */
function declarationOf(
  entry: EvidenceEntry,
  place: Pick<Change, 'brand' | 'use'>,
  all: readonly EvidenceEntry[],
): EvidenceEntry {
  const isAllowed = entry.route === 'review';
  if (!isAllowed && entry.undoes === undefined) return entry;
  const declares = ({ brand, use, to, wording, review = false }: Change) =>
    brand === place.brand &&
    use === place.use &&
    wording !== undefined &&
    (isAllowed ? review : to === 'granted' && !review);
  const earlier = all.findLast(({ seq, changes }) => seq < entry.seq && changes.some(declares));
  return earlier ? declarationOf(earlier, place, all) : entry;
}

function isDelivered({ signup }: EvidenceEntry, all: readonly EvidenceEntry[]): boolean {
  return all.some(({ delivery }) => delivery !== undefined && delivery.requestId === signup?.requestId);
}

/** B: the act itself is documented, by the click, by the mail that SES took, or by a recording or scan (G7). */
function gradeOf({ document }: EvidenceEntry, { proof }: Change, missing: readonly Piece[]): Grade {
  if (missing.length === 0) return 'A';
  const has = (...pieces: Piece[]) => pieces.every((piece) => !missing.includes(piece));
  const isDocumented =
    proof === 'oral' || proof === 'written'
      ? document?.sha256 !== undefined
      : has('form') && (has('confirmation') || has('mail', 'messageId'));
  return isDocumented && has('wording') ? 'B' : 'C';
}
