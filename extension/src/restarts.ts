// How often, and how soon, a helper that died is started again.

export interface RestartPolicy {
  /** The delay in milliseconds before the next start, or null when it died too often. */
  died(now: number): number | null;
  reset(): void;
}

const DELAYS = [500, 1_000, 2_000, 4_000, 8_000];
const WINDOW = 3 * 60_000;

export function restartPolicy(delays: readonly number[] = DELAYS, window = WINDOW): RestartPolicy {
  let deaths: number[] = [];
  return {
    died(now) {
      deaths = deaths.filter((death) => now - death < window);
      const delay = delays[deaths.length] ?? null;
      deaths.push(now);
      return delay;
    },
    reset() {
      deaths = [];
    },
  };
}
