/** Keyboard, contrast, themes, widths. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { dashboardSuite, events, eventually, HEADLINE, rows, SEED, unfold } from './suite.js'

const { open, preview, seededSession } = dashboardSuite()

test('keyboard only: from the list to a session, through it, and back to the same list', async () => {
  const page = await open(`/sessions?project=${SEED}&from=-7d&client=claude-code`)
  await rows(page).first().waitFor()
  const list = page.url()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  expect(await page.evaluate('document.activeElement.textContent')).toBe(HEADLINE)
  await page.keyboard.press('Enter')
  await events(page).first().waitFor()
  expect(await events(page).first().getAttribute('aria-current')).toBe('true')
  await page.keyboard.press('j')
  await page.keyboard.press('ArrowDown')
  await eventually(() => events(page).nth(2).getAttribute('aria-current')).toBe('true')
  await page
    .getByRole('region', { name: 'Event', exact: true })
    .getByRole('heading', { name: 'list_commits' })
    .waitFor()
  await page.keyboard.press('k')
  await eventually(() => events(page).nth(1).getAttribute('aria-current')).toBe('true')
  await page.keyboard.press('End')
  await eventually(() => events(page).last().getAttribute('aria-current')).toBe('true')
  await eventually(() => page.locator('.event-row[aria-current=true]').count()).toBe(1)
  await page.keyboard.press('Escape')
  await page.waitForURL(list)
  await rows(page).first().waitFor()
})

const SERIOUS = new Set(['serious', 'critical'])

async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()')
  return violations
    .filter(({ impact }) => impact && SERIOUS.has(impact))
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    )
}

test.each(['light', 'dark'] as const)('axe finds nothing serious in %s', async (colorScheme) => {
  const page = await open(`/sessions?project=${SEED}&from=-7d`, { colorScheme })
  await rows(page).first().waitFor()
  expect(await seriousFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Tool', exact: true }).click()
  await page.getByRole('button', { name: 'run_query', exact: true }).click()
  await page.getByRole('button', { name: 'Client', exact: true }).click()
  expect(await seriousFindings(page)).toEqual([])
  await page.goto(`${preview().url}/sessions/${(await seededSession()).id}?project=${SEED}`)
  await page.getByRole('button', { name: 'attempt 2' }).first().click()
  await page.locator('.error-box').waitFor()
  await unfold(page)
  expect(await seriousFindings(page)).toEqual([])
})

test('the theme can be chosen, and stays chosen', async () => {
  const page = await open(`/sessions?project=${SEED}`, { colorScheme: 'light' })
  const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
  const light = await background()
  await page.getByRole('button', { name: 'Theme: dark' }).click()
  await eventually(background).not.toBe(light)
  await page.reload()
  await eventually(background).not.toBe(light)
  await page.getByRole('button', { name: 'Theme: system' }).click()
  await eventually(background).toBe(light)
})

test.each([1024, 1440])('nothing overflows at %d pixels', async (width) => {
  const page = await open(`/sessions?project=${SEED}`, { viewport: { width, height: 800 } })
  await rows(page).first().waitFor()
  const overflows = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
  expect(await page.evaluate(overflows)).toBe(false)
  await rows(page).nth(2).click()
  await events(page).first().waitFor()
  expect(await page.evaluate(overflows)).toBe(false)
})
