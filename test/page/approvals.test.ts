import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeft } from '../stack/weft.ts';
import type { TestWeft } from '../stack/weft.ts';

const CHROMIUM = '/usr/bin/chromium';
const missing = !existsSync(CHROMIUM);
if (missing) console.warn(`The approvals page is not tested: ${CHROMIUM} is missing (apt-get install chromium).`);

const DEFINITION = `
tasks:
  - id: ask
    type: approval
    title: "Claim of {% $input.who %}"
    description: "Train and hotel"
    assignees: [manager]
    deadline: 72h
    onReject: continue
    form:
      type: object
      required: [amount, centre]
      properties:
        amount: { type: number, title: Amount, minimum: 1, maximum: 1000, default: 900 }
        centre: { type: string, title: Cost centre, enum: [A1, B2] }
        urgent: { type: boolean, title: Urgent }
        pages: { type: integer, title: Pages }
        payOn: { type: string, format: date, title: Pay on }
        note: { type: string, maxLength: 500, title: Note }
        tags: { type: array, items: { type: string, minLength: 2 }, title: Tags }
        receipt: { type: object, title: Receipt, properties: { number: { type: string, title: Number } } }
        extra: { type: object, title: Extra, additionalProperties: true }
output: "{% $tasks.ask.output %}"
`;

describe.skipIf(missing)('the approvals page, on a phone', () => {
  let weft: TestWeft;
  let browser: Browser;

  beforeAll(async () => {
    [weft, browser] = await Promise.all([
      startWeft(),
      chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] }),
    ]);
    await weft.save(DEFINITION, 'claim');
  });
  afterAll(async () => {
    await browser.close();
    await weft.stop();
  });

  async function start(who: string): Promise<string> {
    // Temporal is shared with other runs of these tests, and knows an id for good.
    const id = `${who}-${randomUUID()}`;
    const { status } = await weft.developer('POST', '/executions', { workflow: 'claim', id, input: { who } });
    expect(status).toBe(202);
    await weft.until('it asks', async () => (await weft.manager('GET', `/approvals/${id}~ask`)).status === 200);
    return `${id}~ask`;
  }

  /** The page as the holder of a key sees it, and the card of one claim; what the browser complains of is collected. */
  async function openPage(
    who: string,
    key = weft.keys.manager,
  ): Promise<{ page: Page; card: Locator; complaints: string[] }> {
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      timezoneId: 'UTC',
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/policy|refused to/i.test(message.text())) complaints.push(message.text());
    });
    await page.goto(`${weft.url}/approvals#key=${key}`);
    const card = page.getByRole('listitem').filter({ hasText: `Claim of ${who}` });
    return { page, card, complaints };
  }

  const ended = async (approvalId: string) =>
    (await weft.developer('GET', `/executions/${approvalId.replace('~ask', '')}?wait=20s`)).body;

  it('asks for a key and keeps it out of the address', async () => {
    await start('Key');
    const page = await browser.newPage();
    await page.goto(`${weft.url}/approvals`);
    await page.getByLabel('Your key').fill('wrong');
    await page.getByRole('button', { name: 'Open my approvals' }).click();
    await page.getByText('That key is not valid').waitFor();
    await page.getByLabel('Your key').fill(weft.keys.manager);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Claim of Key' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Claim of Key' }).waitFor();
    const other = await openPage('Key');
    await other.card.waitFor();
    expect(other.page.url()).toBe(`${weft.url}/approvals`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Your key').waitFor();
    expect(await page.evaluate('JSON.stringify([sessionStorage, localStorage])')).not.toContain('weft_');
  });

  it('decides with the form’s data', async () => {
    const id = await start('Ada');
    const { page, card, complaints } = await openPage('Ada');
    await card.getByText('in 3 days').waitFor();
    await card.getByText('developer').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('#list input, #list select, #list textarea')].filter((e) => e.labels.length === 0).length",
      ),
    ).toBe(0);

    // In the order they were written in.
    expect(await card.locator('label').allTextContents()).toEqual([
      ...['Amount (required)', 'Cost centre (required)', 'Urgent', 'Pages', 'Pay on', 'Note'],
      ...['Tags', 'Number', 'Extra', 'Comment'],
    ]);

    await card.getByRole('button', { name: 'Approve' }).click();
    // The cost centre is missing: nothing was sent.
    expect(await page.evaluate('document.activeElement.labels[0].textContent')).toBe('Cost centre (required)');
    await card.getByLabel('Cost centre').selectOption('B2');
    await card.getByLabel('Urgent').check();
    await card.getByLabel('Pages').fill('2');
    await card.getByLabel('Pay on').fill('2026-12-01');
    await card.getByLabel('Note').fill('two\nlines');
    await card.getByLabel('Tags').fill('a');
    await card.getByLabel('Number').fill('R 1');
    await card.getByLabel('Extra').fill('{"free": [1]}');
    await card.getByLabel('Comment').fill('fine');
    await card.getByRole('button', { name: 'Approve' }).click();
    // What only the server knows to be wrong stands beside something one can read.
    await card.locator('.problem:not(:empty)').first().waitFor();
    await card.getByLabel('Tags').fill('train\n\n hotel ');
    await card.getByRole('button', { name: 'Approve' }).click();
    await card.getByText('Approved by manager').waitFor();
    const { status, output } = await ended(id);
    expect(status).toBe('success');
    expect(output).toMatchObject({
      decision: 'approve',
      decidedBy: 'manager',
      comment: 'fine',
      votes: [{ channel: 'console' }],
    });
    expect(output.data).toEqual({
      amount: 900,
      centre: 'B2',
      urgent: true,
      pages: 2,
      payOn: '2026-12-01',
      note: 'two\nlines',
      tags: ['train', 'hotel'],
      receipt: { number: 'R 1' },
      extra: { free: [1] },
    });
    expect(complaints).toEqual([]);
  });

  it('rejects without a filled form, by keyboard alone', async () => {
    const id = await start('Bob');
    const { page, card } = await openPage('Bob');
    await card.getByLabel('Comment').focus();
    await page.keyboard.type('too much');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await card.getByText('Rejected by manager').waitFor();
    expect((await ended(id)).output).toMatchObject({ decision: 'reject', comment: 'too much' });
  });

  it('claims and releases', async () => {
    const id = await start('Cleo');
    const { card } = await openPage('Cleo');
    await card.getByRole('button', { name: 'Claim' }).click();
    await card.getByText('Claimed by').waitFor();
    await card.getByRole('button', { name: 'Release' }).click();
    await card.getByRole('button', { name: 'Claim' }).waitFor();
    expect((await weft.manager('GET', `/approvals/${id}`)).body).toMatchObject({ status: 'open', claimedBy: null });
  });

  it('shows live what is decided elsewhere, and leaves what was typed', async () => {
    const [first] = [await start('Dora'), await start('Eve')];
    const { page, card } = await openPage('Dora');
    const other = page.getByRole('listitem').filter({ hasText: 'Claim of Eve' });
    await other.getByLabel('Comment').fill('half a sent');
    await weft.manager('POST', `/approvals/${first}/decision`, { decision: 'reject' });
    await card.getByText('Rejected by manager').waitFor();
    expect(await other.getByLabel('Comment').inputValue()).toBe('half a sent');
  });

  it('tells who was faster', async () => {
    const id = await start('Fay');
    const { page, card } = await openPage('Fay');
    await card.waitFor();
    // The list stands still, so the person decides on what is over.
    await page.route('**/api/v1/approvals?*', (route) => route.abort());
    await weft.manager('POST', `/approvals/${id}/decision`, { decision: 'reject' });
    await card.getByLabel('Cost centre').selectOption('A1');
    await card.getByRole('button', { name: 'Approve' }).click();
    const problem = card.getByRole('alert').last();
    await expect.poll(() => problem.textContent()).toContain('manager');
    await card.getByText('Rejected by manager').waitFor();
  });

  it('tells the starter that it is not for them', async () => {
    const id = await start('Gus');
    const { page, card } = await openPage('Gus', weft.keys.developer);
    await page.getByLabel('Show').selectOption('open');
    await card.getByLabel('Cost centre').selectOption('A1');
    await card.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => card.getByRole('alert').last().textContent()).not.toBe('');
    expect((await weft.manager('GET', `/approvals/${id}`)).body.status).toBe('open');
  });

  it('is served under a strict policy', async () => {
    for (const [file, type] of [
      ['', 'text/html'],
      ['/page.js', 'text/javascript'],
      ['/page.css', 'text/css'],
    ] as const) {
      const response = await fetch(`${weft.url}/approvals${file}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain(type);
      expect(response.headers.get('content-security-policy')).toMatch(
        /default-src 'none'.*script-src 'self'(?!.*unsafe)/,
      );
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    }
    expect((await fetch(`${weft.url}/approvals/approvals-page.ts`)).status).toBe(404);
  });
});
