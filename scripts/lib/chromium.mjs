// The browser tests drive Debian's chromium; this finds it, or installs it where it may.

import { execFileSync } from 'node:child_process'
import { quietly } from './run.mjs'
import { fail, step } from './terminal.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** @returns the path of a Chromium, from CHROMIUM_PATH, from PATH, or installed just now. */
export async function chromium() {
  const known = process.env.CHROMIUM_PATH ?? find()
  if (known) return known
  if (process.getuid?.() === 0 && which('apt-get')) {
    await step('Installing chromium for the browser tests (apt-get)', async () => {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
      await quietly('apt-get', ['update', '-qq'], { env })
      await quietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'], {
        env,
      })
    })
    const installed = find()
    if (installed) return installed
  }
  return fail(
    'The browser tests need Chromium. Install it (Debian, Ubuntu: apt-get install chromium), or name one with CHROMIUM_PATH=/path/to/chromium.',
  )
}

function find() {
  return names.map(which).find(Boolean)
}

function which(name) {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
  } catch {
    // Not on this machine: the next name, or the caller, decides.
    return undefined
  }
}
