/** Pictures of every page over demo data: `node dist/dev/screenshots.js <folder>`. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { launchChromium } from './browser.js'
import { startPreview } from './preview.js'
import { seedTraces } from './seed.js'

const folder = process.argv[2] ?? 'screenshots'
await mkdir(folder, { recursive: true })
const empty = process.argv.includes('--empty')
const preview = await startPreview()
if (!empty) for (const traces of seedTraces(Date.now())) await preview.write(traces)
const browser = await launchChromium()
try {
  for (const [colorScheme, width, height] of [
    ['light', 1440, 900],
    ['dark', 1440, 900],
    ['light', 1024, 768],
  ] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width, height } })
    const shoot = async (name: string): Promise<void> => {
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) })
    }
    await page.goto(preview.url)
    if (empty) {
      await page.getByText('Waiting for the first span').waitFor()
      await shoot('empty')
      continue
    }
    await page.locator('.row-link').first().waitFor()
    await page.evaluate('document.fonts.ready.then(() => null)')
    await shoot('sessions')
    await page.getByRole('link', { name: /checkout test became flaky/ }).click()
    await page.getByRole('button', { name: 'run_workflow' }).nth(2).click()
    await page.locator('[data-payload=response]').waitFor()
    await shoot('replay')
    await page.getByRole('button', { name: 'run_workflow' }).nth(1).click()
    await page.locator('.error-box').waitFor()
    await shoot('replay-error')
    await page.close()
  }
} finally {
  await browser.close()
  await preview.close()
}
