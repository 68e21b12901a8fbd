/** The session list: order, filters, the URL, paging. */
import { expect, test } from 'vitest'
import type { Page as ApiPage, Session } from '../api/answers.js'
import { callTraces } from '../dev/calls.js'
import { dashboardSuite, eventually, HEADLINE, MINUTE, NOW, rows, SEED } from './suite.js'

const { api, open, preview } = dashboardSuite()

test('shows every session under the intent it began with, newest first', async () => {
  const { items } = await api<ApiPage<Session>>(`/sessions?project=${SEED}`)
  const page = await open(`/?project=${SEED}`)
  await eventually(() => rows(page).count()).toBe(items.length)
  expect(await rows(page).allTextContents()).toEqual(items.map(({ firstIntent }) => firstIntent ?? 'No intent given'))
  const row = page.locator('tr', { hasText: HEADLINE })
  for (const text of ['Maya Rivera', 'claude-code', '2.4.1', 'github 1.4.0', '25m 48s', '13', '3', 'Identity'])
    await row
      .getByText(text, { exact: text.length <= 2 })
      .first()
      .waitFor()
})

test('defaults go into the URL without an entry in the history', async () => {
  const page = await open('/')
  await page.waitForURL((url) => url.searchParams.get('project') === SEED && url.searchParams.get('from') === '-7d')
  expect(await page.evaluate('history.length')).toBe(2)
})

test('a filter narrows list and URL; reload and a pasted URL restore it; back and forward step through', async () => {
  const page = await open(`/sessions?project=${SEED}&from=-7d`)
  await rows(page).first().waitFor()
  const all = await rows(page).count()

  await page.getByRole('button', { name: 'Client', exact: true }).click()
  await page.getByRole('button', { name: 'Cursor', exact: true }).click()
  await page.waitForURL(/client=Cursor/)
  await eventually(() => page.locator('td.col-client').allTextContents()).toSatisfy(everyOneHas('Cursor'))
  const narrowed = await rows(page).count()
  expect(narrowed).toBeLessThan(all)

  await page.getByRole('button', { name: 'Status', exact: true }).click()
  await page.getByRole('button', { name: 'Without errors' }).click()
  await page.waitForURL(/status=ok/)

  const pasted = await open(new URL(page.url()).pathname + new URL(page.url()).search)
  await pasted.getByRole('button', { name: /Client:\s*Cursor/ }).waitFor()
  await pasted.getByRole('button', { name: /Status:\s*Without errors/ }).waitFor()

  await page.goBack()
  await page.waitForURL((url) => url.searchParams.get('client') === 'Cursor' && !url.searchParams.has('status'))
  await page.goBack()
  await eventually(() => rows(page).count()).toBe(all)
  await page.goForward()
  await eventually(() => rows(page).count()).toBe(narrowed)
  await page.reload()
  await eventually(() => rows(page).count()).toBe(narrowed)

  await page.getByRole('button', { name: 'Clear Client' }).click()
  await eventually(() => rows(page).count()).toBe(all)
})

test('search, and a way out when nothing matches', async () => {
  const page = await open(`/sessions?project=${SEED}&from=-7d`)
  await rows(page).first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('refund duplicate')
  await eventually(() => rows(page).allTextContents()).toSatisfy(everyOneHas('Refund the duplicate charge'))
  await page.getByRole('searchbox').fill('nothing like this')
  await page.getByRole('heading', { name: 'No sessions match' }).waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await rows(page).first().waitFor()
  expect(new URL(page.url()).searchParams.has('q')).toBe(false)
})

test('paging visits each session once while new ones arrive', async () => {
  const project = 'paging'
  const write = (from: number, to: number) =>
    preview().write(
      callTraces(
        project,
        Array.from({ length: to - from }, (_, index) => ({
          at: NOW - 3 * 60 * MINUTE + (from + index) * 1000,
          session: `paged-${from + index}`,
          intent: `Session number ${from + index}`,
        })),
      ),
    )
  await write(0, 130)
  const page = await open(`/sessions?project=${project}&from=-7d`)
  await eventually(() => rows(page).count()).toBe(50)
  await write(130, 133)
  await page.getByText('Session number 132').waitFor()
  for (let more = page.getByRole('button', { name: 'Load older sessions' }), before = 0; await more.isVisible();) {
    before = await rows(page).count()
    await more.click()
    await eventually(() => rows(page).count()).toBeGreaterThan(before)
  }
  const expected = Array.from({ length: 133 }, (_, index) => `Session number ${132 - index}`)
  await eventually(() => rows(page).allTextContents()).toEqual(expected)
})
function everyOneHas(text: string): (texts: string[]) => boolean {
  return (texts) => texts.length > 0 && texts.every((each) => each.includes(text))
}
