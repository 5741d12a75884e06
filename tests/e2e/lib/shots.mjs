// Screenshots for people to look at, in light and dark; only when asked for.
import fs from 'node:fs';
import path from 'node:path';

const folder = process.env.LIAISON_SHOTS;

export async function shot(device, name) {
  if (!folder) return;
  fs.mkdirSync(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark']) {
    await device.page.emulateMedia({ colorScheme });
    // Colours take 150 ms to change.
    await device.page.waitForTimeout(300);
    await device.page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`) });
  }
  await device.page.emulateMedia({ colorScheme: 'light' });
}
