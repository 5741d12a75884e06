// Starts the application, and says so plainly when it does not start. An external file, so that the
// Content-Security-Policy need not allow any inline script. Never touches what the user entered.

const { app, wasm } = document.querySelector('script[data-wasm]').dataset;
const breakdown = document.getElementById('panne');
const reload = document.getElementById('panne-recharger');

// A broken release must not trap anyone: nothing is open here that a new version could interrupt, so
// take it at once when there is one.
async function adoptNewVersion() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.update();
  const next = registration?.installing ?? registration?.waiting;
  if (!next) return;
  await new Promise((settled) => {
    const look = () => {
      if (next.state === 'installed') next.postMessage({ type: 'ACTIVATE' });
      if (next.state === 'activated' || next.state === 'redundant') settled();
    };
    next.addEventListener('statechange', look);
    look();
  });
}

reload.addEventListener('click', async () => {
  reload.disabled = true;
  const patience = new Promise((over) => setTimeout(over, 15_000));
  await Promise.race([adoptNewVersion(), patience]).catch(console.warn);
  location.reload();
});

try {
  const { default: start } = await import(app);
  await start({ module_or_path: wasm });
} catch (cause) {
  console.error('Liaison did not start', cause);
  document.getElementById('coquille')?.remove();
  breakdown.hidden = false;
}
