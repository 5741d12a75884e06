// The side of a child process: answers what run.mjs asks over IPC, and ends when run.mjs does.

// `commands`: name → function of one argument; its result, or its error, is the answer.
export function answer(commands) {
  process.on('message', async ({ id, command, argument }) => {
    try {
      process.send({ id, result: await commands[command](argument) });
    } catch (error) {
      process.send({ id, error: String(error?.message ?? error) });
    }
  });
  process.on('disconnect', () => process.exit(0));
  process.send({ ready: true });
}
