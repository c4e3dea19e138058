import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startSimulator } from '../support/start-simulator.ts';

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Deal</title>
<style>body { font: 16px sans-serif; margin: 24px } td { padding: 4px 12px; border-bottom: 1px solid #ccc }</style>
<h1>Acme renewal</h1><p>Zażółć gęślą jaźń · Ελληνικά · Кириллица · İstanbul</p>
<table><tr><td>INV-0042<td>€1,190.00<td><b>Overdue</b><tr><td>INV-0043<td>¥12,000<td><i>Draft</i></table>`;

const listen = (server: Server, host: string, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** The width in pixels that a PNG file states in its first chunk. */
const widthOf = async (file: string): Promise<number> => (await readFile(file)).readUInt32BE(16);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledgerbridge-harness-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the test browser', () => {
  const server = createServer((request, response) => {
    requested.push(request.headers.host ?? '');
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
  });
  const requested: string[] = [];
  let browser: Browser;
  let port: number;

  beforeAll(async () => {
    port = await listen(server, '127.0.0.1');
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server.close();
  });

  test('reads a page from 127.0.0.1 and draws its text at a desktop and at a phone width', async () => {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${port}/`);
    expect(await tab.textContent('h1')).toBe('Acme renewal');
    for (const width of [1280, 400]) {
      await tab.setViewportSize({ width, height: 400 });
      const file = join(folder, `${width}.png`);
      await tab.screenshot({ path: file });
      expect(await widthOf(file)).toBe(width);
    }
    await tab.close();
  });

  test('has a font: an i is narrower than an m, and bold is not the regular face', async () => {
    const tab = await browser.newPage();
    await tab.setContent(page);
    const widths = await tab.evaluate(() => {
      const context = document.createElement('canvas').getContext('2d');
      const measure = (font: string, text: string) => {
        if (context === null) return 0;
        context.font = font;
        return context.measureText(text).width;
      };
      return {
        narrow: measure('40px sans-serif', 'iii'),
        wide: measure('40px sans-serif', 'mmm'),
        bold: measure('bold 40px sans-serif', 'mmm'),
      };
    });
    expect(widths.narrow).toBeGreaterThan(0);
    expect(widths.wide).toBeGreaterThan(2 * widths.narrow);
    expect(widths.bold).not.toBe(widths.wide);
    await tab.close();
  });

  test('reaches no other address, by name or by number', async () => {
    const tab = await browser.newPage();
    for (const host of ['127.0.0.2', 'localhost', '[::1]', 'ledgerbridge.test']) {
      await expect(tab.goto(`http://${host}:${port}/`)).rejects.toThrow('ERR_NAME_NOT_RESOLVED');
    }
    expect(requested.every((host) => host === `127.0.0.1:${port}`)).toBe(true);
    await tab.close();
  });
});

describe('starting a simulator', () => {
  const program = async (name: string, source: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, source);
    return file;
  };

  test('waits until it is healthy, passes settings on, and stops it without a trace', async () => {
    const file = await program(
      'healthy.mts',
      `import { createServer } from 'node:http';
      let asked: number = 0;
      const server = createServer((_, response) => { response.statusCode = ++asked < 3 ? 503 : 200; response.end(); });
      server.listen(Number(process.env.PORT), '127.0.0.1', () => {
        console.log('http://127.0.0.1:' + server.address().port + ' for ' + process.env.LEDGER_TOKENS);
      });
      process.on('SIGTERM', () => server.close(() => process.exit(0)));`,
    );
    const simulator = await startSimulator({ LEDGER_TOKENS: '1:token' }, file);
    expect(simulator.output()).toContain(`${simulator.url} for 1:token`);
    expect((await fetch(`${simulator.url}/health`)).status).toBe(200);
    expect(await simulator.stop()).toBe(0);
    await expect(fetch(simulator.url)).rejects.toThrow();
    expect(() => process.kill(simulator.processId, 0)).toThrow('ESRCH');
  });

  test('reports what it printed when it leaves before it is up', async () => {
    const file = await program('broken.mts', `console.error('PORT is taken'); process.exit(3);`);
    await expect(startSimulator({}, file)).rejects.toThrow(/exit code 3 .*\n.*PORT is taken/);
  });
});
