// Placeholder: the browser tests go here. Called by `npm test` with LIAISON_SERVER (the relay's executable),
// LIAISON_DIST (the built app) and CHROMIUM in the environment.

for (const name of ['LIAISON_SERVER', 'LIAISON_DIST', 'CHROMIUM']) {
  if (!process.env[name]) throw new Error(`${name} is not set: run \`cargo xtask test\``);
}
console.log('No browser tests yet.');
