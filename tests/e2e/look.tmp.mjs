import { Device, PHONE } from '/work/main/tests/e2e/lib/device.mjs';
import { Relay } from '/work/main/tests/e2e/lib/relay.mjs';
const relay = await Relay.start({dossiers: 30});
const d = await Device.of('claire.martin@liaison.demo', relay);
try {
await d.signIn();
await d.page.waitForTimeout(3000);
await d.page.screenshot({path:'/tmp/shots/a.png'});
await d.page.keyboard.press('n');
await d.page.waitForTimeout(1000);
console.log(d.page.url());
await d.page.screenshot({path:'/tmp/shots/b.png'});
await d.go('/dossiers');
await d.page.waitForTimeout(1500);
await d.page.locator('a[href^="/dossiers/"]').nth(2).click();
await d.page.waitForTimeout(1500);
await d.page.screenshot({path:'/tmp/shots/c.png'});
} catch (e) { console.log(e); }
console.log(d.errors);
await d.dispose(); await relay.stop();
