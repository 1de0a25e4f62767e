import { expect, it } from 'vitest';
import { restartPolicy } from '../../extension/src/restarts';

it('waits longer each time and gives up after five', () => {
  const policy = restartPolicy();
  const delays = [0, 1, 2, 3, 4, 5].map((second) => policy.died(second * 1_000));
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, null]);
});

it('forgets what is longer ago than three minutes', () => {
  const policy = restartPolicy();
  for (let death = 0; death < 5; death++) {
    policy.died(0);
  }
  expect(policy.died(179_000)).toBeNull();
  expect(policy.died(3 * 60_000)).toBe(1_000);
  expect(policy.died(10 * 60_000)).toBe(500);
});

it('starts from the beginning after a restart by hand', () => {
  const policy = restartPolicy();
  for (let death = 0; death < 6; death++) {
    policy.died(death);
  }
  policy.reset();
  expect(policy.died(7)).toBe(500);
});
