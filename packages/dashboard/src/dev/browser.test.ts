import { afterEach, expect, test, vi } from 'vitest'
import { launchChromium } from './browser.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('without a Chromium it says what to install', async () => {
  vi.stubEnv('CHROMIUM_PATH', '/nowhere/chromium')
  await expect(launchChromium()).rejects.toThrow(/No Chromium at \/nowhere\/chromium.*apt-get install chromium/)
})
