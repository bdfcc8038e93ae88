/** Tells how far a sequence is done without gaps, though its members end in any order. */
export type Progress<T> = {
  /** Appends a member; call what it returns when the member is done. */
  begin(position: T): () => void;
  /** Members begun and not yet passed. */
  open(): number;
};

export function trackProgress<T>(onAdvance: (position: T) => void): Progress<T> {
  let entries: { position: T; done: boolean }[] = [];
  let head = 0;
  const advance = () => {
    let reached: { position: T } | undefined;
    for (let entry = entries[head]; entry?.done; entry = entries[head]) {
      reached = entry;
      head += 1;
    }
    if (reached) onAdvance(reached.position);
    if (head > 1_000) {
      entries = entries.slice(head);
      head = 0;
    }
  };
  return {
    begin: (position) => {
      const entry = { position, done: false };
      entries.push(entry);
      return () => {
        entry.done = true;
        advance();
      };
    },
    open: () => entries.length - head,
  };
}
