type Tries = { state: string; attempt?: number; unsure?: number };

/**
 * The count of the attempt that is about to begin. Trying again from `sending` means that SES may have taken the one
 * before: it counts as unsure (S7).
 */
export function nextTry(before: Tries | undefined): { attempt: number; unsure: number } {
  const unsure = before?.unsure ?? 0;
  return { attempt: (before?.attempt ?? 0) + 1, unsure: before?.state === 'sending' ? unsure + 1 : unsure };
}
