// One person's browser: a profile of its own on the disk, a line of its own to the relay.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
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

export const PHONE = { width: 390, height: 844 };
export const OFFICE = { width: 1440, height: 900 };

export class Device {
  static async of(email, relay, { viewport = OFFICE } = {}) {
    const device = new Device();
    device.email = email;
    device.viewport = viewport;
    device.line = await Line.to(relay.port);
    device.profile = fs.mkdtempSync(path.join(os.tmpdir(), 'liaison-profile-'));
    device.errors = [];
    await device.open();
    return device;
  }

  async open() {
    const phone = this.viewport.width < 600;
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      headless: true,
      args: ARGUMENTS,
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

  async signIn() {
    await this.go('/');
    await this.page.getByLabel('Adresse électronique').fill(this.email);
    await this.page.getByLabel('Mot de passe').fill(PASSWORD);
    await this.page.getByRole('button', { name: 'Se connecter' }).click();
    await this.page.getByRole('heading', { name: 'Dossiers' }).waitFor();
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
