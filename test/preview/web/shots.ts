import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** One picture of every dashboard: `node dist/shots.mjs --url http://127.0.0.1:PORT --out DIR [--only UID] [--query var-county=…]`. */
const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    out: { type: 'string' },
    only: { type: 'string' },
    query: { type: 'string', default: '' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});

const sizes = { notebook: [1366, 768], desktop: [1920, 1080], phone: [390, 844] } as const;
/** A4 across, at 96 dots per inch. */
const paper = [1123, 794] as const;
const DRAWN_MS = 60_000;

const args =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** Ready is when every panel has its answer and shows it: words, a figure, a drawing or the cells of a table. */
const isDrawn = `window.previewIsDrawn?.() && [...document.querySelectorAll('[data-plugin-id]')].every((panel) =>
  panel.querySelector('.preview-empty, .preview-figures, svg[role="img"], .u-over, [role="gridcell"]') !== null)`;

/** The window is made as high as the page: tables draw only the rows in sight. */
async function untilDrawn(page: Page, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.waitForFunction('window.previewIsDrawn?.()', undefined, { timeout: DRAWN_MS });
  await page.setViewportSize({ width, height: await page.evaluate<number>('document.documentElement.scrollHeight') });
  await page.waitForFunction(isDrawn, undefined, { timeout: DRAWN_MS });
  await page.evaluate('document.fonts.ready');
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

async function shoot(context: BrowserContext, uid: string, isDark: boolean, isHome: boolean): Promise<void> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  const query = [isDark ? 'theme=dark' : '', options.query].filter((part) => part !== '').join('&');
  await page.goto(`${options.url}/d/${uid}?${query}`);
  const take = async (name: string) => {
    const path = join(options.out!, `${uid}-${name}.png`);
    await page.screenshot({ path });
    process.stdout.write(`${path}\n`);
  };
  for (const [size, [width, height]] of Object.entries(sizes)) {
    await untilDrawn(page, width, height);
    await take(`${size}-${isDark ? 'dark' : 'light'}`);
  }
  // Only the home page is handed round on paper.
  if (isHome && !isDark) {
    await page.emulateMedia({ media: 'print' });
    await untilDrawn(page, ...paper);
    await page.pdf({
      path: join(options.out!, `${uid}.pdf`),
      width: `${paper[0]}px`,
      height: `${paper[1]}px`,
      printBackground: true,
    });
    await page.addStyleTag({ content: 'html { filter: grayscale(1); }' });
    await take('paper');
  }
  problems.push(...(await page.evaluate<string[]>('window.previewErrors()')));
  await page.close();
  for (const text of problems) process.stdout.write(`  ${uid}: ${text}\n`);
  if (problems.length > 0) process.exitCode = 1;
}

if (!options.url || !options.out) throw new Error('--url and --out are needed');
mkdirSync(options.out, { recursive: true });
const { dashboards } = (await (await fetch(`${options.url}/api/dashboards`)).json()) as {
  dashboards: { uid: string }[];
};
const browser = await chromium.launch({ executablePath: options.chromium, args: args.split(' ') });
const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
try {
  for (const [at, { uid }] of dashboards.entries()) {
    if (options.only !== undefined && options.only !== uid) continue;
    for (const isDark of [false, true]) await shoot(context, uid, isDark, at === 0);
  }
} finally {
  await browser.close();
}
