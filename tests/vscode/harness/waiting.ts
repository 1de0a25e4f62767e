const pause = 50;

type Truthy<Value> = Exclude<Value, false | 0 | '' | null | undefined>;

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Looks until `look` answers something truthy, and returns that.
 *
 * @throws Error that names what was waited for, and what was seen last.
 */
export async function until<Seen>(
  what: string,
  look: () => Promise<Seen> | Seen,
  { timeout = 30_000, last = () => '' }: { timeout?: number; last?: () => unknown } = {},
): Promise<Truthy<Seen>> {
  const end = Date.now() + timeout;
  let failure: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen) {
        return seen as Truthy<Seen>;
      }
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > end) {
      const detail = [failure, await last()].filter(Boolean).map(describe).join('; ');
      throw new Error(`Waited ${timeout / 1000} s in vain until ${what}. ${detail}`);
    }
    await sleep(pause);
  }
}

function describe(value: unknown): string {
  return value instanceof Error ? value.message : JSON.stringify(value);
}
