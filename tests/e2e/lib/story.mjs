// Steps that stand on one another: after the first that fails, the others are not tried.
import { test } from 'node:test';

// Longest step, on a slow machine: one that hangs says which it is.
const LIMIT = { timeout: 240_000 };

export function story() {
  let broken = null;
  return (name, tell) =>
    test(name, LIMIT, async (context) => {
      if (broken) throw new Error(`not reached: « ${broken} » failed`);
      try {
        await tell(context);
      } catch (error) {
        broken = name;
        throw error;
      }
    });
}
