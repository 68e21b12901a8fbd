/** The first minutes: an empty store, and a dashboard behind a token. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launchChromium } from '../dev/browser.js'
import { callTraces } from '../dev/calls.js'
import { startPreview } from '../dev/preview.js'
import type { Preview } from '../dev/preview.js'
import { watchedPage } from './watched-page.js'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

const TOKEN = 'correct horse battery staple'

let preview: Preview
let browser: Browser

beforeAll(async () => {
  preview = await startPreview({ collector_endpoint: 'http://127.0.0.1:14318/', token: TOKEN })
  browser = await launchChromium()
})

afterAll(async () => {
  await browser?.close()
  await preview?.close()
})

test('sign in, see where to send spans, and the list comes by itself', async () => {
  const { page, complaints } = await watchedPage(browser, preview.url, {
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  await page.goto(preview.url)
  await page.getByLabel('Dashboard token').fill(TOKEN)
  await page.getByRole('button', { name: 'Sign in' }).click()

  await page.getByRole('heading', { name: 'Instrument an MCP server' }).waitFor()
  const command = 'MCPCAT_ENDPOINT=http://127.0.0.1:14318 node --require @mcpcat/register server.js'
  await page.getByText(command).waitFor()
  await page.getByRole('button', { name: 'Copy' }).first().click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(command)
  await page.getByText("endpoint: 'http://127.0.0.1:14318'").waitFor()
  await page.getByText('instrumentServer(server)').waitFor()
  await page.getByText('Waiting for the first span').waitFor()

  await preview.write(callTraces('first-project', [{ at: Date.now() - 1000, intent: 'The very first call' }]))
  await page.getByRole('link', { name: 'The very first call' }).waitFor()
  await page.waitForURL(/project=first-project/)
  // The page before the sign-in is a 401, which the browser reports.
  expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([])
  await page.context().close()
})
