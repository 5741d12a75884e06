// One person's browser: a profile of its own on the disk, a line of its own to the relay.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { cameraThatSees } from './camera.mjs';
import { Line } from './line.mjs';
import { PASSWORD } from './relay.mjs';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// The code everybody in these stories chooses.
export const CODE = '274951';

export const PHONE = { width: 390, height: 844 };
export const OFFICE = { width: 1440, height: 900 };

export class Device {
  // `sees`: the text of the QR code before its camera, '' for none; without it there is no camera.
  static async of(email, relay, { viewport = OFFICE, sees } = {}) {
    const device = new Device();
    device.email = email;
    device.viewport = viewport;
    device.line = await Line.to(relay.port);
    device.profile = fs.mkdtempSync(path.join(os.tmpdir(), 'liaison-profile-'));
    device.camera = sees === undefined ? [] : cameraThatSees(sees, device.profile);
    device.errors = [];
    await device.open();
    return device;
  }

  async open() {
    const phone = this.viewport.width < 600;
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      headless: true,
      args: [...ARGUMENTS, ...this.camera],
      viewport: this.viewport,
      hasTouch: phone,
      isMobile: phone,
      deviceScaleFactor: phone ? 2 : 1,
      locale: 'fr-FR',
      timezoneId: 'Europe/Paris',
      colorScheme: 'light',
    });
    this.context.setDefaultTimeout(10_000);
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    this.watch(this.page);
  }

  watch(page) {
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      // A cut line and a relay that is away are what these tests are about.
      const expected = /WebSocket connection|Failed to load resource|net::ERR_/.test(message.text());
      if (message.type() === 'error' && !expected) this.errors.push(message.text());
    });
  }

  async go(address = '/') {
    await this.page.goto(this.line.url + address);
  }

  // The first time on a browser, a code is chosen; afterwards the password opens what is there.
  async signIn({ password = PASSWORD } = {}) {
    await this.go('/');
    await this.typeAccount(password);
    const choosing = this.page.getByRole('heading', { name: 'Choisissez un code' });
    const home = this.dossiers.or(this.today);
    await choosing.or(home).waitFor();
    if (await choosing.isVisible()) await this.chooseCode();
    await home.waitFor();
    // An intervenant begins with their day; these stories begin with the list.
    if (await this.today.isVisible()) await this.toList();
    await this.dossiers.waitFor();
    await this.keptOpen();
  }

  // From here on a reload does not ask for the code: the service worker is there and has been given the key.
  async keptOpen() {
    await this.page.evaluate(async () => {
      const opening = indexedDB.open('liaison');
      await new Promise((resolve) => (opening.onsuccess = resolve));
      const reading = opening.result.transaction('meta').objectStore('meta').get('last');
      await new Promise((resolve) => (reading.onsuccess = resolve));
      opening.result.close();
      const vault = new TextDecoder().decode(reading.result);
      const { active } = await navigator.serviceWorker.ready;
      for (;;) {
        const { port1, port2 } = new MessageChannel();
        const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
        active.postMessage({ type: 'KEY?', vault }, [port2]);
        if (await answer) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
  }

  get dossiers() {
    return this.page.getByRole('heading', { name: 'Dossiers' });
  }

  get today() {
    return this.page.getByRole('heading', { name: 'Aujourd’hui' });
  }

  async toList() {
    const navigation = this.page.getByRole('navigation', { name: 'Navigation principale' });
    await navigation.getByRole('link', { name: 'Dossiers' }).click();
  }

  async typeAccount(password = PASSWORD) {
    await this.page.getByLabel('Adresse électronique').fill(this.email);
    await this.page.getByLabel('Mot de passe').fill(password);
    await this.page.getByRole('button', { name: 'Se connecter' }).click();
  }

  async chooseCode(code = CODE) {
    await this.page.getByLabel('Votre code').fill(code);
    await this.page.getByLabel('Encore une fois').fill(code);
    await this.page.getByRole('button', { name: 'Garder ce code' }).click();
  }

  async typeCode(code = CODE) {
    await this.page.getByLabel('Votre code').fill(code);
    await this.page.getByRole('button', { name: 'Déverrouiller' }).click();
  }

  // The right code on the lock page; from then on a reload does not ask.
  async unlockHere(code = CODE) {
    await this.typeCode(code);
    await this.page.getByRole('navigation', { name: 'Navigation principale' }).first().waitFor();
    await this.keptOpen();
  }

  // The browser was closed and opened again: the code, then what is behind it.
  async unlock(address = '/dossiers') {
    await this.go(address);
    await this.unlockHere();
  }

  // The page can start without the relay once the service worker has stored it.
  async readyForOffline() {
    await this.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      if (registration.active.state !== 'activated') {
        await new Promise((resolve) => registration.active.addEventListener('statechange', resolve));
      }
    });
  }

  // The pages that come after the first visit are here too.
  async chunksKept() {
    await this.page.waitForFunction(async () => {
      for (const name of await caches.keys()) {
        const kept = await (await caches.open(name)).keys();
        if (kept.some(({ url }) => /bureau.*\.wasm$/.test(url))) return true;
      }
      return false;
    }, undefined, { timeout: 60_000, polling: 500 });
  }

  async find(name) {
    await this.go('/dossiers');
    await this.page.getByLabel('Chercher un dossier').fill(name);
    await this.page.getByRole('link', { name: new RegExp(name, 'i') }).first().click();
    await this.page.getByRole('navigation', { name: 'Volets du dossier' }).waitFor();
  }

  field(label) {
    return this.page.getByLabel(label, { exact: true });
  }

  // The words beside a field that say where its value is.
  receipt(label) {
    return this.page.locator('.field', { has: this.field(label) }).locator('.receipt');
  }

  async closeBrowser() {
    await this.context.close();
  }

  async dispose() {
    await this.context.close().catch(() => {});
    await this.line.close();
    fs.rmSync(this.profile, { recursive: true, force: true });
  }
}
