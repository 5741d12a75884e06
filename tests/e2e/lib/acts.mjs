// What several stories do with a device, and what they expect to read.
import { Device } from './device.mjs';

export const TRANSMISSION = 'Pour la personne qui viendra après vous';

// A person's browser for one test, gone when the test ends.
export async function deviceOf(context, relay, name, options) {
  const device = await Device.of(`${name}@liaison.demo`, relay, options);
  context.after(() => device.dispose());
  return device;
}

export const says = (locator, text, timeout) => locator.filter({ hasText: text }).first().waitFor({ timeout });
export const status = (device, words, timeout) =>
  device.page.getByRole('button', { name: words }).first().waitFor({ timeout });
export const banner = (device, words) => device.page.locator('.banner').filter({ hasText: words });
export const value = (device, id, text) =>
  device.page.waitForFunction(([id, text]) => document.getElementById(id)?.value === text, [id, text]);

// The first dossier of the list; gives its address, which is the same on every device.
export async function openFirst(device) {
  await device.page.locator('.list a').first().click();
  await device.page.getByRole('navigation', { name: 'Volets du dossier' }).waitFor();
  return new URL(device.page.url()).pathname;
}

export async function open(device, address) {
  await device.go(address);
  await device.page.getByRole('navigation', { name: 'Volets du dossier' }).waitFor();
}

// Writes these one after the other in a field of the page, as one who leaves it each time: so many changes.
export const writeEach = (device, label, texts) =>
  device.page.evaluate(async ([label, texts]) => {
    const field = [...document.querySelectorAll('input')].find((it) => it.labels[0]?.textContent.trim() === label);
    for (const text of texts) {
      field.focus();
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      field.blur();
      await new Promise((resolve) => setTimeout(resolve));
    }
  }, [label, texts]);

export async function transmit(device, text) {
  await device.page.getByLabel(TRANSMISSION).fill(text);
  await device.page.getByRole('button', { name: 'Transmettre' }).click();
  await says(device.page.locator('.entry'), text);
}
