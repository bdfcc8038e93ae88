/** A sleep that can be cut short, and refuses to begin once it was stopped. */
export type Wake = {
  /** Resolves after `ms`, or at the next call of `nudge` or `stop`. */
  sleep(ms: number): Promise<void>;
  nudge(): void;
  stop(): void;
  stopped(): boolean;
};

export function createWake(): Wake {
  let wake: (() => void) | undefined;
  let stopped = false;
  const nudge = () => wake?.();
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        if (stopped) return resolve();
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    nudge,
    stop: () => {
      stopped = true;
      nudge();
    },
    stopped: () => stopped,
  };
}
